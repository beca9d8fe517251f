import type { DbClusterParameterGroups, DbParameterGroups, Parameters } from '../../domain/cluster-answers.ts';
import type { CloudTrailEvent } from '../../domain/event.ts';
import type { Change } from '../../evidence/change.ts';
import type { EngineVersion } from '../../evidence/engine-version.ts';
import { versionOfFamily } from '../../evidence/engine-version.ts';
import type { ClusterKind, WatchedParameter } from '../../evidence/parameters.ts';
import { defaultOf, isDefaultGroup, watchedParameters } from '../../evidence/parameters.ts';
import { flagField, objectsField, textField } from '../../evidence/request.ts';

/** Calls that set parameters of a group, or give a cluster or an instance that exists another group. */
export const parameterEvents = [
  'ModifyDBClusterParameterGroup',
  'ResetDBClusterParameterGroup',
  'ModifyDBParameterGroup',
  'ResetDBParameterGroup',
  'ModifyDBCluster',
  'ModifyDBInstance',
] as const;

/** Groups of clusters, and groups of instances; both kinds may have the same name. */
export type GroupLevel = 'cluster' | 'instance';

/** What a parameter should be, as far as a change of it is judged. */
export interface ParameterRule {
  readonly name: string;
  accepts(value: string): boolean;
  /** What a server may do where it is otherwise, as a verb. */
  readonly risk: string;
  wanted(value: string): string;
  /** True where what is accepted, too, is worse than what was there. */
  worsens?(before: string, after: string): boolean;
}

/** Parameters that an event sets or resets in a group. */
export interface GroupEvent {
  readonly level: GroupLevel;
  readonly group: string;
  /** By name: what is asked for; `value` null: the engine's default, or a value that the event does not say. */
  readonly asked: ReadonlyMap<string, AskedParameter>;
  readonly resets: boolean;
  /** True: every parameter of the group is reset. */
  readonly all: boolean;
}

/** One parameter in an event. */
export interface AskedParameter {
  readonly value: string | null;
  /** True: the caller asked for it to wait for a reboot. */
  readonly later: boolean;
}

/** What the event does to a parameter group; null: it is about none. */
export function groupEventOf({ eventName, requestParameters: request }: CloudTrailEvent): GroupEvent | null {
  if (!/^(?:Modify|Reset)DB(?:Cluster)?ParameterGroup$/.test(eventName)) return null;
  const level = eventName.includes('Cluster') ? 'cluster' : 'instance';
  const group = textField(request, level === 'cluster' ? 'dBClusterParameterGroupName' : 'dBParameterGroupName');
  if (group === null) return null;
  const resets = eventName.startsWith('Reset');
  const asked = new Map<string, AskedParameter>();
  for (const parameter of objectsField(request, 'parameters')) {
    const name = textField(parameter, 'parameterName');
    const later = textField(parameter, 'applyMethod')?.toLowerCase() === 'pending-reboot';
    if (name !== null) asked.set(name, { value: resets ? null : textField(parameter, 'parameterValue'), later });
  }
  return { level, group: group.toLowerCase(), asked, resets, all: resets && flagField(request, 'resetAllParameters') === true };
}

/** The family of a group (`aurora-postgresql16`): the inventory knows it, or the name of a default group tells it. */
export function familyOf({ inventory, event }: Change, level: GroupLevel, group: string): string | null {
  if (isDefaultGroup(group)) return group.replace(/^default[.:]/, '');
  if (level === 'cluster') {
    const answer = inventory.answer<DbClusterParameterGroups>(event.region, 'rds', 'describe-db-cluster-parameter-groups');
    const found = answer.known ? answer.value.DBClusterParameterGroups.find((one) => one.DBClusterParameterGroupName === group) : undefined;
    return found?.DBParameterGroupFamily ?? null;
  }
  const answer = inventory.answer<DbParameterGroups>(event.region, 'rds', 'describe-db-parameter-groups');
  const found = answer.known ? answer.value.DBParameterGroups.find((one) => one.DBParameterGroupName === group) : undefined;
  return found?.DBParameterGroupFamily ?? null;
}

/** True where the family is of another engine than the watched ones. */
export function isForeignFamily(family: string | null): boolean {
  return family !== null && !/^(?:aurora-postgresql|postgres)\d/.test(family);
}

/** What decides the defaults of a group: kind and version. */
export interface GroupEngine {
  readonly kind: ClusterKind | null;
  readonly version: EngineVersion | null;
}

/** The engine that a family stands for. */
export function engineOfFamily(family: string | null, level: GroupLevel): GroupEngine {
  if (family === null) return { kind: null, version: null };
  const kind = family.startsWith('aurora') ? 'aurora' : level === 'cluster' ? 'multi-az' : 'instance';
  return { kind, version: versionOfFamily(family) };
}

/** The engine's default of a parameter, or null where nobody knows it; in an instance's group of Aurora there is none, the cluster's group decides. */
export function defaultIn(level: GroupLevel, name: string, { kind, version }: GroupEngine): string | null {
  if (!isWatched(name)) return null;
  if (kind === null) return sameEverywhere.has(name) ? defaultOf(name, { kind: 'instance', version }) : null;
  return level === 'instance' && kind === 'aurora' ? null : defaultOf(name, { kind, version });
}

/** The value of a parameter in a group as the inventory has it, a missing one being the engine's default; null: not known. */
export function valueIn({ inventory, event }: Change, level: GroupLevel, group: string, name: string, engine: GroupEngine): string | null {
  const command = level === 'cluster' ? 'describe-db-cluster-parameters' : 'describe-db-parameters';
  const answer = inventory.answer<Parameters>(event.region, 'rds', command, group);
  if (!answer.known) return isDefaultGroup(group) ? defaultIn(level, name, engine) : null;
  const found = answer.value.Parameters.find(({ ParameterName }) => ParameterName === name);
  if (found === undefined && (answer.rejected ?? 0) > 0) return null;
  const value = found?.ParameterValue ?? '';
  return value === '' ? defaultIn(level, name, engine) : value;
}

function isWatched(name: string): name is WatchedParameter {
  return watchedParameters.some((one) => one === name);
}

/** Defaults that are the same whatever the engine and version. */
const sameEverywhere: ReadonlySet<string> = new Set<WatchedParameter>([
  'log_connections',
  'log_disconnections',
  'log_statement',
  'pgaudit.log',
  'rds.restrict_password_commands',
  'shared_preload_libraries',
  'ssl',
  'ssl_ciphers',
]);
