import type { Change } from '../../evidence/change.ts';
import { earlier } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { flagField, textField } from '../../evidence/request.ts';
import type { TouchedDatabase } from '../../evidence/touched.ts';
import { isOutOfScope, touchedDatabase, waitsForWindow } from '../../evidence/touched.ts';
import { clusterNeeds } from '../needs.ts';
import { creations, isCreation } from './group-association.ts';
import { engineNote, modifyWhole, undo } from './undo.ts';

/** Logins through IAM are turned off, or a database is made without them. */
export const iamAuthenticationDisabled = {
  kind: 'change',
  id: 'iam-authentication-disabled',
  title: 'IAM database authentication was turned off',
  severity: 'high',
  rationale:
    'Whoever logged in through IAM can no longer do so, and passwords take over: they last, are copied and are known to people who left, while nothing in IAM can stop them.',
  judged:
    'Reads the flag in modifications, and in what is made or restored also what the answer says; where both are silent it is off, which is the default of AWS. A modification waits for the maintenance window unless it was asked for at once, or the answer shows it done. What a member of a cluster says does not count: the cluster decides.',
  fix: 'Turn IAM database authentication on again.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Enabling.html'],
  controls: ['AWS FSBP RDS.10', 'AWS FSBP RDS.12', 'NIST 800-53 AC-2(1)', 'NIST 800-53 IA-2'],
  falsePositives: ['A copy that is restored to look at data and is deleted again.'],
  needs: clusterNeeds,
  events: [{ source: 'rds.amazonaws.com', names: ['ModifyDBCluster', 'ModifyDBInstance', ...creations] }],
  evaluate(change) {
    const database = touchedDatabase(change);
    if (database === null || database.member !== null || isOutOfScope(database)) return null;
    const { name } = database.resource;
    const created = isCreation(change.event.eventName);
    if (created ? isMadeWithIt(change) : flagField(change.event.requestParameters, 'enableIAMDatabaseAuthentication') !== false)
      return null;
    const { before, repeats } = earlier(change, created ? null : currentOf(database), false);
    if (repeats) return null;
    const waits = !created && waitsForWindow(change, 'iAMDatabaseAuthenticationEnabled', false);
    const what = created
      ? `${name} was made without IAM database authentication.`
      : `IAM database authentication of ${name} was turned off.`;
    return {
      severity: 'high',
      reason: [what, ...(waits ? ['It takes effect in the next maintenance window.'] : []), ...engineNote(database)].join(' '),
      on: database.resource,
      resources: [database.resource],
      ...(before === null ? {} : { before: { IAMDatabaseAuthenticationEnabled: before } }),
      after: { IAMDatabaseAuthenticationEnabled: false },
      inEffect: !waits,
      remediation: undo(change, modifyWhole(change, database, ['--enable-iam-database-authentication']), 'at once', [database]),
    };
  },
} satisfies ChangeCheck;

function currentOf({ cluster, instance }: TouchedDatabase): boolean | undefined {
  return (cluster ?? instance)?.IAMDatabaseAuthenticationEnabled;
}

/** Serverless v1 has no such authentication, so nothing was left out. */
function isMadeWithIt({ event: { requestParameters: request, responseElements: response } }: Change): boolean {
  if ((textField(request, 'engineMode') ?? textField(response, 'engineMode')) === 'serverless') return true;
  return flagField(response, 'iAMDatabaseAuthenticationEnabled') ?? flagField(request, 'enableIAMDatabaseAuthentication') ?? false;
}
