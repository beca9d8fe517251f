import { loadLayer, loadQuery } from '../adapters/local/query-files.ts';
import { checks } from '../checks/registry.ts';
import type { Configuration } from '../domain/configuration.ts';
import { UsageError } from '../domain/errors.ts';
import type { ActivityContext } from '../evidence/check-kinds.ts';
import { Inventory } from '../evidence/inventory.ts';
import { type Window, windowParameters } from '../evidence/window.ts';
import { literal, withLiterals } from '../intake/query-file.ts';
import { factQueries } from '../monitor/activity-facts.ts';

const dayLength = 86_400_000;

/** Where the window lies (milliseconds since 1970; usually the 90 days before now), and the thresholds. */
export interface QueryOptions {
  readonly now: number;
  readonly from?: number;
  readonly to?: number;
  readonly configuration: Configuration;
}

/** The SQL that Athena runs for a query, with its layer in front and its values as literals; for `api_call`, the statement that fills that table. Throws a UsageError where there is no such query. */
export async function printQueryText(id: string, { now, configuration, ...given }: QueryOptions): Promise<string> {
  const check = checks.find((one) => one.id === id && one.kind === 'activity');
  const ofFacts = Object.hasOwn(factQueries, id) ? factQueries[id] : undefined;
  const to = given.to ?? now;
  const window = { from: given.from ?? to - 90 * dayLength, to };
  if (id === 'api_call') return `-- ${id}: adds what of the calls in CloudTrail's files is not there yet\n${await apiCallMerge(window)}`;
  if (!check && !ofFacts) {
    const ids = ['api_call', ...checks.filter(({ kind }) => kind === 'activity').map((one) => one.id), ...Object.keys(factQueries)].sort();
    throw new UsageError(`There is no query "${id}"; there are ${ids.join(', ')}.`);
  }
  const query = await loadQuery('check', id);
  const parameters = check?.kind === 'activity' ? check.parameters(contextOf(window, configuration)) : (ofFacts?.(window) ?? {});
  // An attempt at the edge of what the query reads has records beyond it; some read from before the window on.
  const around = windowParameters({ from: Number(parameters.from_ms ?? window.from) - dayLength, to: window.to + dayLength });
  const extract = query.reads.includes('login') ? await loadQuery('extract', 'login') : null;
  const layer = tablesOf(await loadLayer('athena'));
  const read = new Set([...query.reads, ...(extract?.reads ?? [])]);
  const tables = [
    ...[...layer].flatMap(([name, text]) => (read.has(name) ? text : [])),
    ...(extract ? [`login AS (\n${withLiterals(extract, around)}\n)`] : []),
    `result AS (\n${withLiterals(query, parameters)}\n)`,
  ];
  return `-- ${query.id}: ${query.finds}\nWITH ${tables.join(',\n')}\nSELECT * FROM result\n`;
}

/**
 * The statement that adds to the Iceberg table `api_call` what CloudTrail delivered in the window: run twice, or over an overlapping window, it adds
 * nothing twice. Athena takes no parameters in it.
 */
export async function apiCallMerge(window: Window): Promise<string> {
  const extract = await loadQuery('extract', 'api_call');
  const layer = tablesOf(await loadLayer('athena'));
  const days = windowParameters(window);
  // The copy of an event in another file may have come days earlier.
  const around = windowParameters({ from: window.from - 7 * dayLength, to: window.to + dayLength });
  return [
    'MERGE INTO api_call AS known',
    `USING (\nWITH ${layer.get('cloudtrail') ?? ''},\nevent AS (\n${withLiterals(extract, days)}\n)`,
    'SELECT * FROM event WHERE event_id IS NOT NULL\n) AS event',
    `ON known.event_id = event.event_id AND known.day BETWEEN ${literal(around.from_day)} AND ${literal(around.to_day)}`,
    `WHEN NOT MATCHED THEN INSERT (${extract.returns.join(', ')})`,
    `VALUES (${extract.returns.map((column) => `event.${column}`).join(', ')})\n`,
  ].join('\n');
}

/** The tables of a layer by name: each begins and ends at the margin. */
function tablesOf(layer: string): Map<string, string> {
  return new Map([...layer.matchAll(/^(\w+) AS \(\n[\s\S]*?^\)/gm)].map(([text, name = '']) => [name, text]));
}

function contextOf({ from, to }: { readonly from: number; readonly to: number }, configuration: Configuration): ActivityContext {
  return {
    configuration,
    at: to,
    from,
    to,
    evidence: {
      account: '',
      partition: 'aws',
      inventory: new Inventory([]),
      activity: { databaseUse: { known: true, value: [] }, roleUse: { known: true, value: [] }, logs: new Map() },
      databaseRoles: new Map(),
    },
    clusterResource: (name) => ({ arn: '', type: 'cluster', name, region: '' }),
  };
}
