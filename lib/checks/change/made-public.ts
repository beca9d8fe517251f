import type { Change } from '../../evidence/change.ts';
import { earlier } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { flagField, textField } from '../../evidence/request.ts';
import type { TouchedDatabase } from '../../evidence/touched.ts';
import { isOutOfScope, touchedDatabase } from '../../evidence/touched.ts';
import { clusterNeeds } from '../needs.ts';
import { creations, isCreation } from './group-association.ts';
import { awsCommand, engineNote, modifyTouched, undo } from './undo.ts';

/** A database got an address that the internet can reach. */
export const madePublic = {
  kind: 'change',
  id: 'made-public',
  title: 'A database was made public',
  severity: 'critical',
  rationale:
    'A public address lets the whole internet try passwords and unpatched holes, as far as security groups let it: one open rule later everybody is in.',
  judged:
    'Reads PubliclyAccessible (of an express cluster its internet gateway) where a request sets it, and in the answer to what is made or restored. The answer to a modification of something else repeats the state, and counts for nothing.',
  fix: 'Make it private again, and look at who connected meanwhile.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html',
  ],
  controls: ['AWS FSBP RDS.2', 'CIS AWS 3.0 2.3.3', 'PCI DSS 4.0 1.3.1', 'NIST 800-53 AC-4', 'NIST 800-53 SC-7'],
  falsePositives: ['A database in a subnet without a route to the internet: nobody reaches it, but the next route opens it.'],
  needs: clusterNeeds,
  events: [{ source: 'rds.amazonaws.com', names: ['ModifyDBCluster', 'ModifyDBInstance', 'CreateDBShardGroup', ...creations] }],
  evaluate(change) {
    const { eventName, requestParameters: request } = change.event;
    const database = touchedDatabase(change);
    if (database === null || isOutOfScope(database)) return null;
    const created = isCreation(eventName) || eventName === 'CreateDBShardGroup';
    const gateway = isAsked(change, created, 'enableInternetAccessGateway', 'internetAccessGatewayEnabled');
    if (!gateway && !isAsked(change, created, 'publiclyAccessible', 'publiclyAccessible')) return null;
    const flag = gateway ? 'InternetAccessGatewayEnabled' : 'PubliclyAccessible';
    const { before, repeats } = earlier(change, created ? null : currentOf(database, gateway), true);
    if (repeats) return null;
    const shards = textField(request, 'dBShardGroupIdentifier');
    const name = shards === null ? (database.member ?? database.resource.name) : shards;
    const what = created ? `${name} was made public` : `${name} was made publicly accessible`;
    return {
      severity: 'critical',
      reason: [
        `${what}${name === database.resource.name ? '' : `; it belongs to ${database.resource.name}`}.`,
        'Its name now stands for an address that the internet can reach, as far as its security groups let it.',
        ...engineNote(database),
      ].join(' '),
      on: database.resource,
      resources: [database.resource],
      ...(before === null ? {} : { before: { [flag]: before } }),
      after: { [flag]: true },
      inEffect: true,
      remediation: undoPublic(change, database, { gateway, shards }),
    };
  },
} satisfies ChangeCheck;

/** True where the request sets the flag, or the answer to a creation says it. */
function isAsked({ event }: Change, created: boolean, asked: string, answered: string): boolean {
  const said = flagField(event.requestParameters, asked);
  if (said !== null || !created) return said === true;
  return flagField(event.responseElements, answered) === true;
}

function currentOf({ cluster, instance, member }: TouchedDatabase, gateway: boolean): boolean | undefined {
  if (gateway) return cluster?.InternetAccessGatewayEnabled;
  return member === null && cluster !== null ? cluster.PubliclyAccessible : instance?.PubliclyAccessible;
}

function undoPublic(change: Change, database: TouchedDatabase, { gateway, shards }: { gateway: boolean; shards: string | null }) {
  // The flag of a shard group cannot be changed: only a new one is private.
  if (shards !== null)
    return undo(change, awsCommand(change, 'rds', 'delete-db-shard-group', '--db-shard-group-identifier', shards), 'once it is deleted', [
      database,
    ]);
  const option = gateway ? '--no-enable-internet-access-gateway' : '--no-publicly-accessible';
  return undo(change, modifyTouched(change, database, [option]), 'within minutes', [database]);
}
