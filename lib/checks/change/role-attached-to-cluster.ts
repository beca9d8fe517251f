import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { textField } from '../../evidence/request.ts';
import { isOutOfScope, touchedDatabase } from '../../evidence/touched.ts';
import { clusterNeeds } from '../needs.ts';
import { awsCommand, engineNote, undo } from './undo.ts';

/** The database may act as a role. */
export const roleAttachedToCluster = {
  kind: 'change',
  id: 'role-attached-to-cluster',
  title: 'A role was attached to a database',
  severity: 'medium',
  rationale:
    'With a role the database itself reads and writes S3 or calls Lambda. Whoever can run SQL there carries data out by a function call, with no login anywhere else.',
  judged: 'Reads roles that are added to clusters and instances, with the feature that they are for.',
  fix: 'Remove the role if nobody needs the feature, and look at what the role may do.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Integrating.Authorizing.IAM.AddRoleToDBCluster.html',
  ],
  controls: ['NIST 800-53 AC-6'],
  falsePositives: ['An import or export that was planned.'],
  needs: clusterNeeds,
  events: [{ source: 'rds.amazonaws.com', names: ['AddRoleToDBCluster', 'AddRoleToDBInstance'] }],
  evaluate(change) {
    const { eventName, requestParameters: request } = change.event;
    const database = touchedDatabase(change);
    const role = textField(request, 'roleArn');
    if (database === null || role === null || isOutOfScope(database)) return null;
    const feature = textField(request, 'featureName');
    const thing = eventName === 'AddRoleToDBCluster' ? 'db-cluster' : 'db-instance';
    const words = [`--${thing}-identifier`, database.member ?? database.resource.name, '--role-arn', role];
    const command = awsCommand(
      change,
      'rds',
      `remove-role-from-${thing}`,
      ...words,
      ...(feature === null ? [] : ['--feature-name', feature]),
    );
    return {
      severity: 'medium',
      reason: [
        `${database.resource.name} may now act as ${role}${feature === null ? '' : ` for ${feature}`}.`,
        ...engineNote(database),
      ].join(' '),
      on: database.resource,
      resources: [database.resource],
      after: { role, ...(feature === null ? {} : { feature }) },
      inEffect: true,
      remediation: undo(change, command, 'within minutes', [database]),
    };
  },
} satisfies ChangeCheck;
