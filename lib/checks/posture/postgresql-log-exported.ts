import { cannotTell } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { exportOptions, judgeExport } from '../log-exports.ts';
import { modify } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';

/** The PostgreSQL log leaves the cluster. */
export const postgresqlLogExported = {
  kind: 'posture',
  on: 'cluster',
  id: 'postgresql-log-exported',
  title: 'Cluster exports its PostgreSQL log to CloudWatch Logs',
  severity: 'high',
  rationale:
    'Every check of logins reads the exported log, and the log on the cluster itself is gone after days. Without the export, nobody sees who logs in, fails to, or forges records.',
  judged:
    'Reads EnabledCloudwatchLogsExports, which must hold postgresql (another log type does not count), and PendingModifiedValues for a change that ends it.',
  fix: 'Turn on the export of the postgresql log.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.CloudWatch.html'],
  controls: ['AWS FSBP RDS.36', 'AWS FSBP RDS.37', 'PCI DSS 4.0 10.3.3', 'NIST 800-53 AU-6'],
  falsePositives: ['The log is fetched by another means, such as DownloadDBLogFilePortion.'],
  needs: clusterNeeds,
  evaluate({ resource, logExports }) {
    return logExports.known ? judgeExport(resource.name, 'postgresql', logExports.value) : cannotTell(logExports.cause);
  },
  remediation(subject) {
    return modify(subject, exportOptions('postgresql'));
  },
} satisfies PostureCheck;
