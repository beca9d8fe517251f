import type { ActivityCheck, ActivityContext } from '../../evidence/check-kinds.ts';
import { watchedParameters } from '../../evidence/parameters.ts';
import { flagField, isWords, objectsField, textField } from '../../evidence/request.ts';
import { windowParameters } from '../../evidence/window.ts';
import { isOfAccount, type Row, textOf, timeOf } from '../rows.ts';
import { listed } from '../sentences.ts';

const watched: ReadonlySet<string> = new Set(watchedParameters);

/** Every change to a parameter that a check reads. */
export const parameterHistory = {
  kind: 'activity',
  id: 'parameter-history',
  title: 'A parameter that security depends on was changed',
  severity: 'info',
  rationale:
    'Who set which value when is the first question of every audit and every incident, and parameter groups themselves remember only the last value.',
  judged:
    'Lists the calls in CloudTrail that changed a watched parameter in a parameter group, with the caller and the values. Calls that failed are none; those in other accounts, which of which the trail of an organization tells too, are left out. What weakens a cluster is told apart, by the change checks.',
  fix: 'Nothing to mend: compare the changes with your tickets.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithParamGroups.html'],
  controls: ['NIST 800-53 AU-2', 'NIST 800-53 CM-3', 'PCI DSS 4.0 10.2.1'],
  falsePositives: [],
  needs: [],
  parameters: windowParameters,
  findings(rows, context) {
    return rows.flatMap((row) => {
      const changes = isOfAccount(row, context) ? changesOf(row) : [];
      if (changes.length === 0) return [];
      const group = textOf(row, 'target') ?? '';
      const at = timeOf(row, 'ts_ms');
      const who = textOf(row, 'principal');
      const session = textOf(row, 'session');
      const words = changes.map(({ parameter, value }) => (value === null ? `${parameter} to its default` : `${parameter} to ${value}`));
      return {
        resource: groupResource(row, group, context),
        severity: 'info' as const,
        reason: `${session ?? who ?? 'Somebody'} set ${listed(words, 3)} in group ${group}.`,
        evidence: {
          group,
          principal: who,
          session,
          source: textOf(row, 'source_address'),
          userAgent: textOf(row, 'user_agent'),
          eventId: textOf(row, 'event_id'),
          eventName: textOf(row, 'event_name'),
          changes,
          at,
        },
        distinguishedBy: [textOf(row, 'event_id') ?? at],
        firstSeen: at,
        lastSeen: at,
        count: changes.length,
        remediation: null,
      };
    });
  },
} satisfies ActivityCheck;

/** Watched parameters that the call set; value null: reset to the default. */
function changesOf(row: Row): { readonly parameter: string; readonly value: string | null }[] {
  let words: unknown;
  try {
    words = JSON.parse(textOf(row, 'parameters') ?? 'null');
  } catch {
    return [];
  }
  if (!isWords(words)) return [];
  const isReset = (textOf(row, 'event_name') ?? '').startsWith('Reset');
  const asked = objectsField(words, 'parameters');
  // RDS resets all where nobody says which.
  const isAll = isReset && (flagField(words, 'resetAllParameters') ?? asked.length === 0);
  if (isAll) return watchedParameters.map((parameter) => ({ parameter, value: null }));
  return asked.flatMap((one) => {
    const parameter = textField(one, 'parameterName');
    return parameter !== null && watched.has(parameter) ? [{ parameter, value: isReset ? null : textField(one, 'parameterValue') }] : [];
  });
}

function groupResource(row: Row, group: string, { evidence }: ActivityContext): ReturnType<ActivityContext['clusterResource']> {
  const region = textOf(row, 'region') ?? 'unknown';
  const kind = (textOf(row, 'event_name') ?? '').includes('Cluster') ? 'cluster-pg' : 'pg';
  return {
    arn: `arn:${evidence.partition}:rds:${region}:${evidence.account}:${kind}:${group}`,
    type: 'parameter-group',
    name: group,
    region,
  };
}
