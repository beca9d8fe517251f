import type { Severity } from '../../domain/severity.ts';
import { isAmong, isRoot } from '../../evidence/caller.ts';
import type { Change } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import type { JudgeContext } from '../../evidence/evidence.ts';
import { field, flagField } from '../../evidence/request.ts';
import { isOutOfScope, touchedDatabase } from '../../evidence/touched.ts';
import { clusterNeeds } from '../needs.ts';
import { engineNote, modifyWhole, undo } from './undo.ts';

/** The master user has another password. */
export const masterPasswordChanged = {
  kind: 'change',
  id: 'master-password-changed',
  title: 'The master password was changed',
  severity: 'medium',
  rationale:
    'Whoever may modify the cluster takes over its master user this way, without having known the old password, and locks out those who did.',
  judged:
    'Reads modifications that set a password, rotate the managed one or hand it over to Secrets Manager; the password itself is never in the event. By a role among allowed.masterPasswordChanges it is information, by the root user high.',
  fix: 'Ask who did it. If nobody knows, give the password to Secrets Manager, which sets a new one at once, and look at what the master user did since.',
  references: [
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html',
    'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html',
  ],
  controls: ['PCI DSS 4.0 8.3.1', 'NIST 800-53 AC-6(9)', 'NIST 800-53 IA-5'],
  falsePositives: ['A planned change by a role that is not in allowed.masterPasswordChanges yet.'],
  needs: clusterNeeds,
  events: [{ source: 'rds.amazonaws.com', names: ['ModifyDBCluster', 'ModifyDBInstance'] }],
  evaluate(change, context) {
    const how = howItChanged(change);
    const database = how === null ? null : touchedDatabase(change);
    if (database === null || isOutOfScope(database)) return null;
    const { name } = database.resource;
    return {
      severity: severityOf(change, context),
      reason: [`${how} of ${name}.`, 'Sessions that are open go on.', ...engineNote(database)].join(' '),
      on: database.resource,
      resources: [database.resource],
      inEffect: true,
      // Nothing brings the old password back; a new one out of Secrets Manager shuts out who knows this one.
      remediation: isSet(change)
        ? undo(change, modifyWhole(change, database, ['--manage-master-user-password']), 'at once', [database])
        : null,
    };
  },
} satisfies ChangeCheck;

function isSet({ event: { requestParameters: request } }: Change): boolean {
  const password = field(request, 'masterUserPassword');
  return password !== undefined && password !== null;
}

function howItChanged(change: Change): string | null {
  const { requestParameters: request } = change.event;
  if (isSet(change)) return 'A new password was set for the master user';
  if (flagField(request, 'rotateMasterUserPassword') === true) return 'The managed password was rotated for the master user';
  if (flagField(request, 'manageMasterUserPassword') === true) return 'Secrets Manager was given the password of the master user';
  return null;
}

function severityOf({ event }: Change, { configuration }: JudgeContext): Severity {
  if (isRoot(event)) return 'high';
  return isAmong(configuration.allowed.masterPasswordChanges, event) ? 'info' : 'medium';
}
