import type { Answer } from '../domain/answer.ts';
import { known, mapAnswer } from '../domain/answer.ts';
import type { Parameter, Parameters } from '../domain/cluster-answers.ts';
import type { Question } from '../domain/question.ts';
import type { EngineVersion } from './engine-version.ts';
import type { Inventory } from './inventory.ts';
import { lacking, unreadable } from './told.ts';

/** The parameters that checks read: a live account is asked for these alone. */
export const watchedParameters = [
  'log_connections',
  'log_disconnections',
  'log_statement',
  'password_encryption',
  'pgaudit.log',
  'rds.accepted_password_auth_method',
  'rds.force_ssl',
  'rds.restrict_password_commands',
  'shared_preload_libraries',
  'ssl',
  'ssl_ciphers',
  'ssl_min_protocol_version',
] as const;

/** One of {@link watchedParameters}. */
export type WatchedParameter = (typeof watchedParameters)[number];

/** What Aurora keeps in the instance's group too: a value that somebody set there beats the cluster's. */
const alsoInInstanceGroups: ReadonlySet<WatchedParameter> = new Set([
  'log_connections',
  'log_disconnections',
  'log_statement',
  'pgaudit.log',
  'shared_preload_libraries',
]);

/** What takes effect at the next start of the server only. */
export const staticParameters: ReadonlySet<string> = new Set<WatchedParameter>([
  'rds.restrict_password_commands',
  'shared_preload_libraries',
]);

/** An Aurora cluster, a Multi-AZ DB cluster (engine `postgres`), or an instance of its own. */
export type ClusterKind = 'aurora' | 'multi-az' | 'instance';

/** A parameter as it is configured and as it is on each member. */
export interface ParameterSetting {
  readonly name: WatchedParameter;
  /** What the cluster's group says (of an instance of its own: the instance's). */
  readonly configured: Answer<ParameterValue>;
  /** Of every member; an instance of its own is its only member. */
  readonly members: Answer<readonly MemberParameter[]>;
}

/** A value and where it comes from. */
export interface ParameterValue {
  /** Never a missing one: the engine's default stands in; empty where the default is no value. */
  readonly value: string;
  readonly group: string;
  /** True: somebody set it; false: the engine's default. */
  readonly chosen: boolean;
}

/** A parameter on one member. */
export interface MemberParameter {
  readonly member: string;
  readonly value: Answer<ParameterValue>;
  readonly applied: Answer<Applied>;
}

/** Whether what is configured is in effect: only where every group that it may come from is in sync. */
export interface Applied {
  readonly inEffect: boolean;
  /** The group that decides, and AWS's own word for its state on this member. */
  readonly group: string;
  readonly status: string;
}

/** A parameter group and AWS's word for its state on a member, where it says one. */
export interface GroupStatus {
  readonly group: string;
  readonly status: string | null;
}

/** What decides the parameters of one cluster. */
export interface ParameterSources {
  readonly inventory: Inventory;
  readonly region: string;
  readonly kind: ClusterKind;
  readonly version: EngineVersion | null;
  /** The cluster's group, or of an instance of its own the instance's. */
  readonly group: Answer<string>;
  readonly members: Answer<readonly ParameterMember[]>;
}

/** What decides the parameters of one member. */
export interface ParameterMember {
  readonly name: string;
  /** State of the cluster's group on it; null where AWS says none. */
  readonly clusterGroupStatus: string | null;
  /** Its own groups; unknown where the instance is not in the evidence. */
  readonly instanceGroups: Answer<readonly GroupStatus[]>;
  /** The question that told {@link clusterGroupStatus}. */
  readonly question: Question;
}

/** All watched parameters of one cluster, configured and on each member. The one place that computes what is effective. */
export function effectiveParameters(sources: ParameterSources): Readonly<Record<WatchedParameter, ParameterSetting>> {
  const settings = watchedParameters.map((name) => [name, settingOf(name, sources)] as const);
  return Object.fromEntries(settings) as Record<WatchedParameter, ParameterSetting>;
}

function settingOf(name: WatchedParameter, sources: ParameterSources): ParameterSetting {
  const { group, kind } = sources;
  const command = kind === 'instance' ? 'describe-db-parameters' : 'describe-db-cluster-parameters';
  const configured = group.known ? valueIn(command, group.value, name, sources) : group;
  const members = mapAnswer(sources.members, (all) =>
    all.map((member) => ({
      member: member.name,
      value: valueOn(member, name, configured, sources),
      applied: appliedOn(member, name, sources),
    })),
  );
  return { name, configured, members };
}

/** The value in one group, where a missing one means the engine's default. */
function valueIn(command: string, group: string, name: WatchedParameter, sources: ParameterSources): Answer<ParameterValue> {
  const found = findParameter(command, group, name, sources);
  if (!found.known) return found;
  const { ParameterValue: value = '' } = found.value ?? {};
  if (value !== '') return known({ value, group, chosen: isChosen(found.value, group) });

  const usual = defaultOf(name, sources);
  if (usual !== null) return known({ value: usual, group, chosen: false });
  const question = { region: sources.region, service: 'rds', command, key: group };
  return lacking(`group ${group} gives no value of ${name}, and the default of this engine and version is not documented`, question);
}

function findParameter(
  command: string,
  group: string,
  name: string,
  { inventory, region }: ParameterSources,
): Answer<Parameter | undefined> {
  const answer = inventory.answer<Parameters>(region, 'rds', command, group);
  if (!answer.known) return answer;
  const found = answer.value.Parameters.find((parameter) => parameter.ParameterName === name);
  if (found === undefined && (answer.rejected ?? 0) > 0) {
    return unreadable(`${name} is not among what could be read of it`, { region, service: 'rds', command, key: group });
  }
  return known(found);
}

/** A default group never has a value that somebody chose. */
function isChosen(parameter: Parameter | undefined, group: string): boolean {
  if (isDefaultGroup(group)) return false;
  return parameter?.Source === undefined || parameter.Source.toLowerCase() === 'user';
}

function valueOn(
  member: ParameterMember,
  name: WatchedParameter,
  configured: Answer<ParameterValue>,
  sources: ParameterSources,
): Answer<ParameterValue> {
  if (!overridable(name, sources.kind)) return configured;
  if (!member.instanceGroups.known) return member.instanceGroups;
  for (const { group } of member.instanceGroups.value) {
    if (isDefaultGroup(group)) continue;
    const found = findParameter('describe-db-parameters', group, name, sources);
    if (!found.known) return found;
    const value = found.value?.ParameterValue ?? '';
    if (value !== '' && isChosen(found.value, group)) return known({ value, group, chosen: true });
  }
  return configured;
}

function appliedOn(member: ParameterMember, name: WatchedParameter, sources: ParameterSources): Answer<Applied> {
  const { group } = sources;
  if (!group.known) return group;
  const statuses: GroupStatus[] = sources.kind === 'instance' ? [] : [{ group: group.value, status: member.clusterGroupStatus }];
  const needsOwn = sources.kind === 'instance' || overridable(name, sources.kind);
  if (needsOwn && member.instanceGroups.known) statuses.push(...member.instanceGroups.value);

  const waiting = statuses.find(({ status }) => status !== null && status !== 'in-sync');
  if (waiting) return known({ inEffect: false, group: waiting.group, status: waiting.status ?? '' });
  if (needsOwn && !member.instanceGroups.known) return member.instanceGroups;
  const silent = statuses.find(({ status }) => status === null);
  if (silent || statuses.length === 0)
    return lacking(`nothing tells the state of group ${silent?.group ?? group.value} on ${member.name}`, member.question);
  return known({ inEffect: true, group: group.value, status: 'in-sync' });
}

function overridable(name: WatchedParameter, kind: ClusterKind): boolean {
  return kind === 'aurora' && alsoInInstanceGroups.has(name);
}

/** True for a group that AWS made: nothing in it can be changed. */
export function isDefaultGroup(group: string): boolean {
  return group.startsWith('default.') || group.startsWith('default:');
}

/** `1`, `on`, `true` and `yes` are on, in any case. */
export function isOn(value: string): boolean {
  return ['1', 'on', 'true', 'yes'].includes(value.trim().toLowerCase());
}

/** True for a value of `log_connections` that logs who logs in; from version 18 on it may be a list of what to log. */
export function logsLogins(value: string): boolean {
  return isOn(value) || value.split(',').some((aspect) => ['all', 'authorization'].includes(aspect.trim().toLowerCase()));
}

/**
 * What the engine takes where a group gives no value; null where nobody documents it. Sources: AWS's security pages for `rds.force_ssl`,
 * groups as AWS made them for Aurora PostgreSQL 14, PostgreSQL's release notes for what changed between versions.
 */
export function defaultOf(
  name: WatchedParameter,
  { kind, version }: { readonly kind: ClusterKind; readonly version: EngineVersion | null },
): string | null {
  const since = (major: number, then: string, before: string | null): string | null => {
    if (version === null) return null;
    return version.major >= major ? then : before;
  };
  switch (name) {
    case 'rds.force_ssl':
      if (kind === 'multi-az') return null;
      if (kind === 'instance') return since(15, '1', '0');
      return since(17, '1', '0');
    case 'password_encryption':
      return since(14, 'scram-sha-256', 'md5');
    case 'ssl_min_protocol_version':
      return since(13, 'TLSv1.2', null);
    case 'rds.accepted_password_auth_method':
      return 'md5+scram';
    case 'rds.restrict_password_commands':
      return '0';
    case 'ssl':
      return 'on';
    case 'log_statement':
      return 'none';
    case 'log_connections':
    case 'log_disconnections':
      return 'off';
    case 'shared_preload_libraries':
      return 'pg_stat_statements';
    case 'pgaudit.log':
    case 'ssl_ciphers':
      return '';
  }
}
