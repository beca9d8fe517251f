import { cannotTell, notApplicable } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { exportOptions, judgeExport } from '../log-exports.ts';
import { modify } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';

/** Errors of IAM authentication leave the cluster. */
export const iamAuthErrorsExported = {
  kind: 'posture',
  on: 'cluster',
  id: 'iam-auth-errors-exported',
  title: 'Cluster exports the errors of IAM authentication',
  severity: 'medium',
  rationale:
    'CloudTrail records neither tokens nor logins. Only this log names the role behind a failed IAM login; without it, a failure shows a database user and an address, and nobody to ask.',
  judged: 'Reads EnabledCloudwatchLogsExports, which must hold iam-db-auth-error. Not applicable where IAM database authentication is off.',
  fix: 'Turn on the export of the iam-db-auth-error log.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Troubleshooting.html'],
  controls: ['PCI DSS 4.0 10.2.1.4', 'NIST 800-53 AU-3'],
  falsePositives: [],
  needs: clusterNeeds,
  evaluate({ resource, iamAuthentication, logExports }) {
    if (!iamAuthentication.known) return cannotTell(iamAuthentication.cause);
    if (!iamAuthentication.value.value) return notApplicable(`${resource.name} has IAM database authentication off.`);
    return logExports.known ? judgeExport(resource.name, 'iam-db-auth-error', logExports.value) : cannotTell(logExports.cause);
  },
  remediation(subject) {
    return modify(subject, exportOptions('iam-db-auth-error'));
  },
} satisfies PostureCheck;
