import { checks } from '../../lib/checks/registry.ts';
import type { Configuration } from '../../lib/domain/configuration.ts';
import { type Window, windowParameters } from '../../lib/evidence/window.ts';
import { factQueries } from '../../lib/monitor/activity-facts.ts';
import { clusterResources } from '../../lib/monitor/cluster-resources.ts';
import { evidenceOf } from '../evidence/answers.ts';

/** What a query is asked with, where nothing is configured that a check would look up. */
export function parametersOf(id: string, configuration: Configuration, window: Window): Readonly<Record<string, string | number>> {
  const check = checks.find((one) => one.id === id);
  if (check?.kind !== 'activity') return (factQueries[id] ?? windowParameters)(window);
  const evidence = evidenceOf({});
  return check.parameters({ configuration, at: window.to, ...window, evidence, clusterResource: clusterResources(evidence) });
}
