import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { modify } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';

/** IAM database authentication is on and stays on. */
export const iamAuthenticationEnabled = {
  kind: 'posture',
  on: 'cluster',
  id: 'iam-authentication-enabled',
  title: 'Cluster has IAM database authentication on',
  severity: 'medium',
  rationale:
    'Without it, clients log in with passwords that live long, are shared and are copied into files. A token of IAM lives fifteen minutes, belongs to one principal and can be taken away in one place.',
  judged: 'Reads IAMDatabaseAuthenticationEnabled, and PendingModifiedValues for a change that waits to turn it off or on.',
  fix: 'Turn on IAM database authentication, then grant rds_iam to the database users that should use it.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Enabling.html'],
  controls: ['AWS FSBP RDS.10', 'AWS FSBP RDS.12', 'NIST 800-53 AC-3', 'NIST 800-53 IA-2'],
  falsePositives: ['A cluster whose clients all use Kerberos.'],
  needs: clusterNeeds,
  evaluate({ resource: { name }, iamAuthentication }) {
    if (!iamAuthentication.known) return cannotTell(iamAuthentication.cause);
    const { value, pending } = iamAuthentication.value;
    const evidence = { enabled: value, pending };
    if (value && pending === false) {
      return fail(
        `${name} has IAM database authentication on, but a change that turns it off waits for the maintenance window.`,
        evidence,
        {
          inEffect: false,
        },
      );
    }
    if (value) return pass(`${name} has IAM database authentication on.`, true);
    if (pending === true) {
      return fail(`${name} has IAM database authentication off; turning it on waits for the maintenance window.`, evidence, {
        inEffect: false,
      });
    }
    return fail(`${name} has IAM database authentication off.`, evidence);
  },
  remediation(subject) {
    return modify(subject, ['--enable-iam-database-authentication']);
  },
} satisfies PostureCheck;
