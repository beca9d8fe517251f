import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { clusterNeeds } from '../needs.ts';

/** Nobody guesses the master user's name. */
export const masterUsernameCustom = {
  kind: 'posture',
  on: 'cluster',
  id: 'master-username-custom',
  title: 'Cluster has a master user of its own name',
  severity: 'low',
  rationale: 'Whoever guesses passwords begins with postgres and admin. With one of these names, half of what an attacker needs is known.',
  judged: 'Reads MasterUsername, which must not be postgres or admin.',
  fix: 'The name cannot be changed: make a new cluster with another master user and move the data, best together with the next move that is due anyway.',
  references: ['https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html'],
  controls: ['AWS FSBP RDS.24', 'AWS FSBP RDS.25', 'PCI DSS 4.0 2.2.2', 'NIST 800-53 CM-2'],
  falsePositives: ['A master user that is a member of rds_iam: no password of it is accepted.'],
  needs: clusterNeeds,
  evaluate({ resource: { name }, masterUsername }) {
    if (!masterUsername.known) return cannotTell(masterUsername.cause);
    const user = masterUsername.value;
    if (['postgres', 'admin'].includes(user.toLowerCase()))
      return fail(`The master user of ${name} is ${user}, which everyone guesses.`, { masterUsername: user });
    return pass(`The master user of ${name} has a name of its own.`);
  },
  remediation() {
    return null;
  },
} satisfies PostureCheck;
