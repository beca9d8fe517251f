import type { DbInstance } from '../../domain/cluster-answers.ts';
import type { Severity } from '../../domain/severity.ts';
import type { Change, ChangeVerdict } from '../../evidence/change.ts';
import { earlier } from '../../evidence/change.ts';
import { staticParameters } from '../../evidence/parameters.ts';
import type { TouchedDatabase } from '../../evidence/touched.ts';
import { groupResource, instancesOf, isOutOfScope, usersOfGroup } from '../../evidence/touched.ts';
import { groupWords } from '../parameters.ts';
import { listed } from '../sentences.ts';
import type { GroupEngine, GroupEvent, GroupLevel, ParameterRule } from './parameter-groups.ts';
import { defaultIn, engineOfFamily, familyOf, groupEventOf, isForeignFamily, valueIn } from './parameter-groups.ts';
import { awsCommand, reboots, undo } from './undo.ts';

/** A parameter that is no longer as it should be. */
export interface Weakened {
  readonly rule: ParameterRule;
  /** Null: not known. */
  readonly before: string | null;
  readonly after: string | null;
  readonly later: boolean;
}

/** Judges an event that sets or resets parameters in a group; null: it weakens none of the rules, or is about another engine. */
export function judgeGroupEvent(change: Change, rules: readonly ParameterRule[], severity: Severity): ChangeVerdict | null {
  const event = groupEventOf(change.event);
  if (event === null) return null;
  const { level, group } = event;
  const users = usersOfGroup(change, level, group);
  const ours = users.databases.filter((one) => !isOutOfScope(one));
  const family = familyOf(change, level, group);
  if (isForeignFamily(family) || (ours.length === 0 && users.databases.length > 0)) return null;
  const engine = engineOf(ours, family, level);
  const weakened = rules.flatMap((rule) => weakenedBy(change, event, rule, engine, ours));
  if (weakened.length === 0) return null;

  const effects = effectsOf(change, event, ours, weakened);
  const unused = users.complete && ours.length === 0;
  const on = groupResource(change, level, group);
  const reason = [
    `${listed(weakened.map((one) => said(one, event.resets)))} in group ${group}.`,
    ...whoSentences(ours, users.complete, weakened),
    ...(ours.length === 0 ? [] : effects.sentences),
    ...(ours.length === 0 && family === null ? ['Nothing tells the engine: it is judged as PostgreSQL.'] : []),
  ].join(' ');
  return {
    severity: unused ? 'low' : severity,
    reason,
    on,
    resources: ours.length > 0 ? ours.map(({ resource }) => resource) : [on],
    ...valuesOf(weakened),
    inEffect: unused ? false : effects.inEffect,
    remediation: undo(
      change,
      [setParameters(change, level, group, weakened), ...rebootsAfter(change, ours, weakened)],
      needsReboot(weakened) ? 'after a reboot' : 'at once',
      ours,
    ),
  };
}

function engineOf(users: readonly TouchedDatabase[], family: string | null, level: GroupLevel): GroupEngine {
  const told = engineOfFamily(family, level);
  return { kind: users[0]?.kind ?? told.kind, version: users[0]?.version ?? told.version };
}

function weakenedBy(
  change: Change,
  event: GroupEvent,
  rule: ParameterRule,
  engine: GroupEngine,
  users: readonly TouchedDatabase[],
): Weakened[] {
  const asked = event.all ? { value: null, later: event.asked.get(rule.name)?.later ?? false } : event.asked.get(rule.name);
  if (asked === undefined) return [];
  const after = event.resets ? afterReset(change, event, rule, engine, users) : asked.value;
  const current = valueIn(change, event.level, event.group, rule.name, engine);
  const { before, repeats } = earlier(change, current, after, sameValue);
  const weak = after === null ? before === null || rule.accepts(before) : isWeaker(rule, before, after);
  return repeats || !weak ? [] : [{ rule, before, after, later: asked.later || staticParameters.has(rule.name) }];
}

/** What holds after a reset: the engine's default, but in an instance's group of Aurora what the cluster's group says. */
function afterReset(
  change: Change,
  { level }: GroupEvent,
  rule: ParameterRule,
  engine: GroupEngine,
  users: readonly TouchedDatabase[],
): string | null {
  if (level === 'cluster' || engine.kind !== 'aurora') return defaultIn(level, rule.name, engine);
  const values = users.map(({ cluster }) => {
    const group = cluster?.DBClusterParameterGroup;
    return group === undefined ? null : valueIn(change, 'cluster', group, rule.name, engine);
  });
  const weak = values.find((value) => value !== null && !rule.accepts(value));
  return weak ?? (values.includes(null) ? null : (values[0] ?? null));
}

/** True where a value is a step down: from what is accepted, or is not known, to what is not; or lower on a scale. */
export function isWeaker(rule: ParameterRule, before: string | null, after: string): boolean {
  if (before !== null && rule.worsens) return rule.worsens(before, after);
  return !rule.accepts(after) && (before === null || rule.accepts(before));
}

/** `0` and `off` are the same, and so are `1`, `on`, `true` and `yes`. */
function sameValue(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(value: string): string {
  const text = value.trim().toLowerCase();
  if (['1', 'on', 'true', 'yes'].includes(text)) return 'on';
  return ['0', 'off', 'false', 'no'].includes(text) ? 'off' : text;
}

function said({ rule, before, after }: Weakened, reset: boolean): string {
  const was = before === null ? '' : ` (${shown(before)} before)`;
  if (after === null)
    return `${rule.name} was ${reset ? "reset to the engine's default" : 'changed to a value'} that is not known here${was}`;
  return `${rule.name} was ${reset ? 'reset to its default' : 'set to'} ${shown(after)}${was}`;
}

/** A value in a sentence. */
export function shown(value: string): string {
  return value === '' ? 'no value' : value;
}

function whoSentences(ours: readonly TouchedDatabase[], complete: boolean, weakened: readonly Weakened[]): string[] {
  if (ours.length === 0 && complete) return ['No cluster or instance uses the group now.'];
  if (ours.length === 0) return ['Which clusters use the group, and whether it is in effect there, is not known.'];
  const names = listed(ours.map(({ resource }) => resource.name).sort());
  const risks = listed([...new Set(weakened.map(({ rule }) => rule.risk))]);
  return [`${names} may ${risks}.`, ...(complete ? [] : ['There may be others that use the group: not all could be listed.'])];
}

interface Effects {
  readonly inEffect: boolean | null;
  readonly sentences: readonly string[];
}

function effectsOf(change: Change, event: GroupEvent, ours: readonly TouchedDatabase[], weakened: readonly Weakened[]): Effects {
  if (weakened.every(({ later }) => later)) return { inEffect: false, sentences: ['It takes effect at the next reboot.'] };
  const states = statesOf(change, event, ours);
  if (states.length === 0) return { inEffect: null, sentences: ['Whether it is in effect is not known.'] };
  const waiting = states.filter(({ applied }) => applied === false);
  const words = waiting.map(({ name, status }) => `${name} is ${status}`).sort();
  const until = 'there it takes effect at the next reboot, or is in effect already where the group waits for something else';
  if (waiting.length === 0)
    return states.every(({ applied }) => applied) ? { inEffect: true, sentences: ['It is in effect at once.'] } : unknownEffect;
  const inEffect = states.some(({ applied }) => applied === true);
  return { inEffect, sentences: [`${inEffect ? 'It is in effect at once where the group is in sync; ' : ''}${listed(words)}: ${until}.`] };
}

const unknownEffect: Effects = { inEffect: null, sentences: ['Whether it is in effect is not known.'] };

/** State of the group on each member that uses it; `applied` null: AWS says none. */
function statesOf(
  change: Change,
  { level, group }: GroupEvent,
  ours: readonly TouchedDatabase[],
): { readonly name: string; readonly status: string; readonly applied: boolean | null }[] {
  if (level === 'cluster') {
    return ours.flatMap(({ cluster }) =>
      (cluster?.DBClusterMembers ?? []).map(({ DBInstanceIdentifier: name = 'a member', DBClusterParameterGroupStatus: status }) =>
        stateOf(name, status),
      ),
    );
  }
  return (instancesOf(change) ?? []).flatMap((instance) => {
    const used = groupsOf(instance).find(({ DBParameterGroupName: name }) => name?.toLowerCase() === group);
    return used ? [stateOf(instance.DBInstanceIdentifier, used.ParameterApplyStatus)] : [];
  });
}

function stateOf(name: string, status: string | undefined) {
  return { name, status: status ?? '', applied: status === undefined ? null : status === 'in-sync' || status === 'applying' };
}

function groupsOf({ DBParameterGroups = [] }: DbInstance): NonNullable<DbInstance['DBParameterGroups']> {
  return DBParameterGroups;
}

/** What was there and what is, by name; what is not known is not there. */
export function valuesOf(weakened: readonly Pick<Weakened, 'rule' | 'before' | 'after'>[]): Pick<ChangeVerdict, 'before' | 'after'> {
  const known = (side: 'before' | 'after') =>
    Object.fromEntries(weakened.flatMap((one) => (one[side] === null ? [] : [[one.rule.name, one[side]] as const])));
  return { before: known('before'), after: known('after') };
}

/** The command that brings the parameters back to what they were, or should be where nobody knows. */
export function setParameters(change: Change, level: GroupLevel, group: string, weakened: readonly Weakened[]): string {
  const thing = level === 'cluster' ? 'db-cluster-parameter-group' : 'db-parameter-group';
  const settings = weakened.map(({ rule, before, after }) => ({
    name: rule.name,
    value: before !== null && rule.accepts(before) ? asRdsTakesIt(before) : rule.wanted(after ?? ''),
  }));
  return groupWords(thing, settings)
    .map(({ call, words }) => awsCommand(change, 'rds', call, `--${thing}-name`, group, ...words))
    .join('\n');
}

/** RDS takes 0 and 1 alone, where the engine's defaults say on and off. */
function asRdsTakesIt(value: string): string {
  return sameValue(value, '1') ? '1' : value;
}

function needsReboot(weakened: readonly Weakened[]): boolean {
  return weakened.some(({ rule }) => staticParameters.has(rule.name));
}

function rebootsAfter(change: Change, ours: readonly TouchedDatabase[], weakened: readonly Weakened[]): string[] {
  return needsReboot(weakened) ? ours.flatMap((one) => [...reboots(change, one)]) : [];
}
