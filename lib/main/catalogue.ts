import { checks as registry } from '../checks/registry.ts';
import { UsageError } from '../domain/errors.ts';
import type { Check } from '../evidence/check-kinds.ts';
import { commands } from '../evidence/questions.ts';
import { nearest } from '../intake/configuration.ts';
import { type CatalogueEntry, renderCatalogue, renderCheck } from '../render/catalogue.ts';
import { actionsOf, type CheckChoice, chooseChecks } from './choice.ts';

/** What `aurora-watch checks` prints. Throws a UsageError for an id that no check has. */
export function printChecks({
  id,
  choice,
  permissions,
  format,
  colour,
  width,
}: {
  readonly id?: string;
  readonly choice: CheckChoice;
  readonly permissions: boolean;
  readonly format: 'text' | 'json';
  readonly colour: boolean;
  readonly width: number;
}): string {
  const chosen = id === undefined ? chooseChecks(choice) : [checkById(id)];
  if (permissions) return `${JSON.stringify(leastPolicy(chosen), null, 2)}\n`;
  const entries = chosen.map(catalogueEntry);
  if (format === 'json') return `${JSON.stringify(id === undefined ? entries : entries[0], null, 2)}\n`;
  const [only] = entries;
  return id !== undefined && only ? renderCheck(only, { colour, width }) : renderCatalogue(entries, { colour });
}

/** The check with this id. Throws a UsageError that names the nearest. */
export function checkById(id: string): Check {
  const found = registry.find((check) => check.id === id);
  if (found) return found;
  const near = nearest(
    id,
    registry.map((check) => check.id),
  );
  throw new UsageError(`No check is called "${id}"${near ? `; did you mean "${near}"?` : '.'} "aurora-watch checks" lists them.`);
}

/** What a check says about itself, without its functions. */
export function catalogueEntry(check: Check): CatalogueEntry {
  const { id, kind, title, severity, rationale, judged, fix, references, controls, falsePositives, needs } = check;
  return { id, kind, title, severity, rationale, judged, fix, references, controls, falsePositives, needs };
}

/** The least IAM policy that lets the chosen checks collect their evidence; these calls take no narrower resource. */
export function leastPolicy(checks: readonly Check[]): object {
  const wanted = actionsOf(checks);
  const actions = new Set<string>();
  for (const command of commands) if (wanted.has(command.actions[0])) for (const action of command.actions) actions.add(action);
  for (const action of wanted) actions.add(action);
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'AuroraWatchReads', Effect: 'Allow', Action: [...actions].sort(), Resource: '*' }],
  };
}
