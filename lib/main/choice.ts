import { checks as registry } from '../checks/registry.ts';
import { UsageError } from '../domain/errors.ts';
import { atLeast, type Severity } from '../domain/severity.ts';
import { matchesWildcard } from '../domain/wildcard.ts';
import type { Check } from '../evidence/check-kinds.ts';
import { nearest } from '../intake/configuration.ts';

/** Which checks a user chose. Ids may hold `*`. */
export interface CheckChoice {
  readonly check?: readonly string[];
  readonly skip?: readonly string[];
  readonly severity?: Severity;
}

/** The chosen checks, sorted by id. Throws a UsageError for an id that no check has. */
export function chooseChecks({ check = ['*'], skip = [], severity = 'info' }: CheckChoice): readonly Check[] {
  for (const pattern of [...check, ...skip]) {
    if (registry.some(({ id }) => matchesWildcard(pattern, id))) continue;
    const near = nearest(
      pattern,
      registry.map(({ id }) => id),
    );
    throw new UsageError(`No check is called "${pattern}"${near ? `; did you mean "${near}"?` : '.'} "aurora-watch checks" lists them.`);
  }
  const any = (patterns: readonly string[], id: string): boolean => patterns.some((pattern) => matchesWildcard(pattern, id));
  return registry.filter(({ id, severity: own }) => any(check, id) && !any(skip, id) && atLeast(own, severity));
}

/** The IAM actions that the checks' evidence needs, and those that tell what there is. */
export function actionsOf(checks: readonly Check[]): Set<string> {
  return new Set(['rds:DescribeDBClusters', 'rds:DescribeDBInstances', ...checks.flatMap(({ needs }) => needs)]);
}
