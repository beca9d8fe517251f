import { listClusters } from '../evidence/clusters.ts';
import type { Evidence } from '../evidence/evidence.ts';

/** By cluster name: its master user, where the inventory tells it. */
export function mastersOf(evidence: Evidence): ReadonlyMap<string, string> {
  return new Map(
    listClusters(evidence).subjects.flatMap(({ resource, masterUsername }) =>
      masterUsername.known ? [[resource.name, masterUsername.value] as const] : [],
    ),
  );
}
