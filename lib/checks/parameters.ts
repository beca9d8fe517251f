import { shellCommand } from '../domain/shell.ts';
import type { EvidenceData, Remediation, Verdict } from '../domain/verdict.ts';
import { cannotTell, fail, pass } from '../domain/verdict.ts';
import type { ClusterSubject } from '../evidence/clusters.ts';
import type { MemberParameter, ParameterValue, WatchedParameter } from '../evidence/parameters.ts';
import { isDefaultGroup, staticParameters } from '../evidence/parameters.ts';
import { managedNote } from './managed.ts';
import { remedy } from './modify.ts';
import { listed } from './sentences.ts';

/** What a parameter should be. */
export interface Expectation {
  readonly name: WatchedParameter;
  accepts(value: string): boolean;
  /** What a server may do where it is otherwise, as a verb: `accept connections without TLS`. */
  readonly risk: string;
  /** The value to set; may depend on what is there. */
  wanted(value: string): string;
}

/** Whether a parameter is as expected on every member, and in effect there. */
export function judgeParameter(subject: ClusterSubject, expectation: Expectation): Verdict {
  const { name, risk } = expectation;
  const { configured, members } = subject.parameters[name];
  if (!members.known || members.value.length === 0) {
    if (!configured.known) return cannotTell(configured.cause);
    if (!expectation.accepts(configured.value.value)) {
      return fail(`${said(name, configured.value)}, so ${subject.resource.name} may ${risk}.`, facts(name, configured.value));
    }
    return cannotTell(members.known ? withoutMembers(subject, said(name, configured.value)) : members.cause);
  }

  const wrong = members.value.filter(({ value }) => value.known && !expectation.accepts(value.value.value));
  if (wrong.length > 0) return wrongValue(subject, expectation, wrong);

  const waiting = members.value.filter(({ value, applied }) => value.known && applied.known && !applied.value.inEffect);
  const first = waiting[0];
  if (first?.value.known) {
    const reason = `${said(name, first.value.value)}, but ${statesOf(subject, waiting)}, so ${waiting.length === 1 ? 'it' : 'they'} may still ${risk}.`;
    return fail(reason, { ...facts(name, first.value.value), pending: pendingOf(waiting) }, { inEffect: false });
  }

  for (const { value, applied } of members.value) {
    if (!value.known) return cannotTell(value.cause);
    if (!applied.known) return cannotTell(applied.cause);
  }
  const [one] = members.value;
  const value = one?.value.known ? said(name, one.value.value) : name;
  return pass(
    `${value}, in effect on ${members.value.length === 1 ? roleOf(subject, one?.member ?? '') : `all ${members.value.length} members`}.`,
    true,
  );
}

function wrongValue(subject: ClusterSubject, { name, risk }: Expectation, wrong: readonly MemberParameter[]): Verdict {
  const [first] = wrong;
  if (!first?.value.known) return cannotTell(`${name} is not known.`);
  const all = subject.parameters[name].members;
  const everywhere = all.known && all.value.length === wrong.length;
  const who = everywhere ? subject.resource.name : listed(wrong.map(({ member }) => roleOf(subject, member)));
  const evidence = { ...facts(name, first.value.value), members: wrong.map(({ member }) => member).sort() };
  const waiting = wrong.filter(({ applied }) => applied.known && !applied.value.inEffect);
  if (waiting.length < wrong.length) return fail(`${said(name, first.value.value)}, so ${who} may ${risk}.`, evidence);

  const until = 'what was set before may still be in effect there until then';
  const reason = `${said(name, first.value.value)}, so ${who} may ${risk} after the next reboot; ${statesOf(subject, waiting)}, and ${until}.`;
  return fail(reason, { ...evidence, pending: pendingOf(waiting) }, { inEffect: false });
}

/** `rds.force_ssl is 0 by default in group orders-pg16`. */
function said(name: string, { value, group, chosen }: ParameterValue): string {
  return `${name} is ${value === '' ? 'empty' : value} ${chosen ? 'in' : 'by default in'} group ${group}`;
}

function facts(name: string, { value, group, chosen }: ParameterValue): EvidenceData {
  return { [name]: value, group, source: chosen ? 'user' : 'default' };
}

function pendingOf(waiting: readonly MemberParameter[]): readonly unknown[] {
  return waiting.map(({ member, applied }) =>
    applied.known ? { member, group: applied.value.group, status: applied.value.status } : { member },
  );
}

/** `reader orders-2 is pending-reboot`; of several, each with AWS's own word. */
function statesOf(subject: ClusterSubject, waiting: readonly MemberParameter[]): string {
  const states = waiting.map(
    ({ member, applied }) => `${roleOf(subject, member)} is ${applied.known ? applied.value.status || 'without a state' : 'unknown'}`,
  );
  return listed(states);
}

function roleOf({ kind, members }: ClusterSubject, member: string): string {
  if (kind === 'instance') return `instance ${member}`;
  const writer = members.known ? members.value.find(({ name }) => name === member)?.writer : null;
  return `${writer === true ? 'writer' : writer === false ? 'reader' : 'member'} ${member}`;
}

function withoutMembers(subject: ClusterSubject, value: string): string {
  const { name } = subject.resource;
  if (subject.limitless) return `${value}, but ${name} is a Limitless database: AWS does not tell whether it is in effect on its shards.`;
  if (subject.serverlessV1) return `${value}, but ${name} is Serverless v1: AWS does not tell whether it is in effect.`;
  return `${value}, but ${name} has no members (${subject.status ?? 'no status'}), so it is in effect nowhere yet.`;
}

/** The commands that bring the parameters where they should be; null where the group is not known or nothing is to be done. */
export function setParameters(subject: ClusterSubject, expectations: readonly Expectation[]): Remediation | null {
  if (!subject.parameterGroup.known) return null;
  const { name } = subject.resource;
  const own = ownParts(subject);
  const missing = expectations.filter((one) => {
    const { configured, members } = subject.parameters[one.name];
    const isFine =
      members.known && members.value.length > 0 && members.value.every(({ value }) => value.known && one.accepts(value.value.value));
    return configured.known && !one.accepts(configured.value.value) && !isFine;
  });
  const replacement =
    missing.length > 0 && isDefaultGroup(subject.parameterGroup.value) ? newGroup(subject, subject.parameterGroup.value) : null;
  const group = replacement?.name ?? subject.parameterGroup.value;

  const commands: string[] = [];
  if (replacement) commands.push(replacement.create);
  if (missing.length > 0)
    commands.push(
      ...setInGroup(
        subject,
        own.group,
        group,
        missing.map((one) => setting(subject, one)),
      ),
    );
  if (replacement) commands.push(replacement.associate);

  const overridden = overriddenGroups(subject, expectations);
  for (const [instanceGroup, those] of overridden) {
    const settings = [...those].map(([one, value]) => ({ name: one.name, value: one.wanted(value) }));
    commands.push(...setInGroup(subject, 'db-parameter-group', instanceGroup, settings));
  }

  const changed = [...missing, ...[...overridden.values()].flatMap((those) => [...those.keys()])];
  const allMembers =
    replacement !== null || changed.some((one) => staticParameters.has(one.name)) || missing.some((one) => one.name === 'ssl');
  const reboots = rebootCommands(subject, allMembers ? null : waitingMembers(subject, expectations));
  commands.push(...reboots);
  if (commands.length === 0) return null;
  const note = [sharedNote(subject, group, missing.length > 0 && replacement === null), managedNote(subject.managedBy, name)]
    .filter((one) => one !== null)
    .join(' ');
  return { command: commands.join('\n'), effect: reboots.length > 0 ? 'after a reboot' : 'at once', ...(note ? { note } : {}) };
}

/** The commands that put a group of its own in the place of a default one; null where the cluster has one, or it is not known. */
export function replaceDefaultGroup(subject: ClusterSubject): Remediation | null {
  if (!subject.parameterGroup.known || !isDefaultGroup(subject.parameterGroup.value)) return null;
  const { create, associate } = newGroup(subject, subject.parameterGroup.value);
  return remedy([create, associate, ...rebootCommands(subject, null)].join('\n'), 'after a reboot', subject);
}

/** A group of the same family for this cluster alone. */
function newGroup(
  subject: ClusterSubject,
  current: string,
): { readonly name: string; readonly create: string; readonly associate: string } {
  const { name: owner, region } = subject.resource;
  const own = ownParts(subject);
  const family = subject.family.known ? subject.family.value : current.replace(/^default[.:]/, '');
  const name = `${owner}-${family.replaceAll('.', '-')}`;
  const place = ['--region', region];
  const create = [`create-${own.group}`, ...place, `--${own.group}-name`, name, '--db-parameter-group-family', family];
  const associate = [
    `modify-${own.thing}`,
    ...place,
    `--${own.thing}-identifier`,
    owner,
    `--${own.group}-name`,
    name,
    '--apply-immediately',
  ];
  return {
    name,
    create: shellCommand('aws', 'rds', ...create, '--description', `Parameters of ${owner}`),
    associate: shellCommand('aws', 'rds', ...associate),
  };
}

function ownParts({ kind }: ClusterSubject): { readonly group: string; readonly thing: string } {
  return kind === 'instance'
    ? { group: 'db-parameter-group', thing: 'db-instance' }
    : { group: 'db-cluster-parameter-group', thing: 'db-cluster' };
}

function setting(subject: ClusterSubject, { name, wanted }: Expectation): Setting {
  const { configured } = subject.parameters[name];
  return { name, value: wanted(configured.known ? configured.value.value : '') };
}

function setInGroup(subject: ClusterSubject, kind: string, group: string, settings: readonly Setting[]): string[] {
  const place = ['--region', subject.resource.region, `--${kind}-name`, group];
  return groupWords(kind, settings).map(({ call, words }) => shellCommand('aws', 'rds', call, ...place, ...words));
}

/** A parameter and the value that it shall have; empty: the engine's own. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** The calls that set parameters of one group, each with its words after the name of the group; RDS takes no empty value: that is a reset. */
export function groupWords(
  kind: string,
  settings: readonly Setting[],
): readonly { readonly call: string; readonly words: readonly string[] }[] {
  const set = settings.filter(({ value }) => value !== '').map(({ name, value }) => parameterWord(name, value));
  const reset = settings.filter(({ value }) => value === '').map(({ name }) => `ParameterName=${name},ApplyMethod=${applyMethod(name)}`);
  return [
    ...(set.length > 0 ? [{ call: `modify-${kind}`, words: ['--parameters', ...set] }] : []),
    ...(reset.length > 0 ? [{ call: `reset-${kind}`, words: ['--no-reset-all-parameters', '--parameters', ...reset] }] : []),
  ];
}

/** One parameter as `--parameters` takes it. */
export function parameterWord(name: string, value: string): string {
  const quoted = /[,\s]/.test(value) ? `"${value}"` : value;
  return `ParameterName=${name},ParameterValue=${quoted},ApplyMethod=${applyMethod(name)}`;
}

function applyMethod(name: string): string {
  return staticParameters.has(name) ? 'pending-reboot' : 'immediate';
}

/** Instance groups in which somebody set a value that beats the cluster's and is not as expected, with that value. */
function overriddenGroups(
  subject: ClusterSubject,
  expectations: readonly Expectation[],
): ReadonlyMap<string, ReadonlyMap<Expectation, string>> {
  const groups = new Map<string, Map<Expectation, string>>();
  const own = subject.parameterGroup.known ? subject.parameterGroup.value : null;
  if (subject.kind !== 'aurora') return groups;
  for (const expectation of expectations) {
    const { members, configured } = subject.parameters[expectation.name];
    for (const { value } of members.known ? members.value : []) {
      if (!value.known || !value.value.chosen || expectation.accepts(value.value.value)) continue;
      const fromCluster = configured.known && value.value.group === own && value.value.value === configured.value.value;
      if (fromCluster) continue;
      const those = groups.get(value.value.group) ?? new Map<Expectation, string>();
      groups.set(value.value.group, those.set(expectation, value.value.value));
    }
  }
  return groups;
}

function waitingMembers(subject: ClusterSubject, expectations: readonly Expectation[]): ReadonlySet<string> {
  const waiting = new Set<string>();
  for (const { name } of expectations) {
    const { members } = subject.parameters[name];
    for (const { member, applied } of members.known ? members.value : []) if (applied.known && !applied.value.inEffect) waiting.add(member);
  }
  return waiting;
}

/** A Multi-AZ DB cluster is rebooted as a whole, an Aurora cluster member by member. `only` null: all of them. */
function rebootCommands(subject: ClusterSubject, only: ReadonlySet<string> | null): string[] {
  const { name, region } = subject.resource;
  if (only?.size === 0) return [];
  if (subject.kind === 'multi-az')
    return [shellCommand('aws', 'rds', 'reboot-db-cluster', '--region', region, '--db-cluster-identifier', name)];
  const members = subject.members.known ? subject.members.value.map((member) => member.name) : [];
  return members
    .filter((member) => only === null || only.has(member))
    .map((member) => shellCommand('aws', 'rds', 'reboot-db-instance', '--region', region, '--db-instance-identifier', member));
}

function sharedNote({ groupSharedWith }: ClusterSubject, group: string, changes: boolean): string | null {
  if (!changes || groupSharedWith.length === 0) return null;
  return `Group ${group} also serves ${listed(groupSharedWith)}: it changes for them too.`;
}
