import type { Fail, Pass } from '../domain/verdict.ts';
import { fail, pass } from '../domain/verdict.ts';
import type { LogExports } from '../evidence/clusters.ts';

/** Whether a log type goes to CloudWatch Logs, and stays so. */
export function judgeExport(cluster: string, type: string, { enabled, enabling, disabling }: LogExports): Pass | Fail {
  const evidence = { exports: [...enabled].sort(), enabling, disabling };
  if (enabled.includes(type) && disabling.includes(type)) {
    return fail(`${cluster} exports ${type}, but a change that ends it is pending.`, evidence, { inEffect: false });
  }
  if (enabled.includes(type)) return pass(`${cluster} exports ${type} to CloudWatch Logs.`, true);
  if (enabling.includes(type)) return fail(`${cluster} does not export ${type} yet: the change is pending.`, evidence, { inEffect: false });
  return fail(
    `${cluster} does not export ${type} to CloudWatch Logs${enabled.length > 0 ? `, only ${[...enabled].sort().join(', ')}` : ''}.`,
    evidence,
  );
}

/** The options that turn an export on. */
export function exportOptions(type: string): readonly string[] {
  return ['--cloudwatch-logs-export-configuration', JSON.stringify({ EnableLogTypes: [type] })];
}
