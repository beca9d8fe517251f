import type { Remediation } from '../../domain/verdict.ts';
import type { Change, ChangeVerdict } from '../../evidence/change.ts';
import { earlier } from '../../evidence/change.ts';
import { isDefaultGroup, staticParameters } from '../../evidence/parameters.ts';
import { objectsField, textField } from '../../evidence/request.ts';
import type { TouchedDatabase } from '../../evidence/touched.ts';
import { isOutOfScope, touchedDatabase } from '../../evidence/touched.ts';
import { parameterWord } from '../parameters.ts';
import { listed } from '../sentences.ts';
import type { GroupEngine, GroupLevel, ParameterRule } from './parameter-groups.ts';
import { engineOfFamily, familyOf, isForeignFamily, valueIn } from './parameter-groups.ts';
import { awsCommand, modifyWhole, reboots, undo } from './undo.ts';
import type { Weakened } from './weakened-parameters.ts';
import { isWeaker, setParameters, shown, valuesOf } from './weakened-parameters.ts';

/** Calls that make a cluster or an instance, and so give it a parameter group. */
export const creations = [
  'CreateDBCluster',
  'CreateDBInstance',
  'CreateDBInstanceReadReplica',
  'RestoreDBClusterFromS3',
  'RestoreDBClusterFromSnapshot',
  'RestoreDBClusterToPointInTime',
  'RestoreDBInstanceFromDBSnapshot',
  'RestoreDBInstanceFromS3',
  'RestoreDBInstanceToPointInTime',
] as const;

/** True for the calls of {@link creations}. */
export function isCreation(eventName: string): boolean {
  return creations.some((name) => name === eventName);
}

/** A cluster or instance that was given a parameter group. */
export interface Association {
  readonly database: TouchedDatabase;
  readonly level: GroupLevel;
  readonly group: string;
  /** Null: not known, or there was none. */
  readonly previous: string | null;
  readonly created: boolean;
}

/** What the event associates; null: it gives no group, repeats the one that was there, or is about another engine. */
export function associationOf(change: Change): Association | null {
  const { eventName, requestParameters: request, responseElements: response } = change.event;
  const created = isCreation(eventName);
  if (!created && eventName !== 'ModifyDBCluster' && eventName !== 'ModifyDBInstance') return null;
  const database = touchedDatabase(change);
  if (database === null || isOutOfScope(database)) return null;
  const level = eventName.includes('DBCluster') ? 'cluster' : 'instance';
  const asked = textField(request, level === 'cluster' ? 'dBClusterParameterGroupName' : 'dBParameterGroupName');
  const answered =
    level === 'cluster'
      ? textField(response, 'dBClusterParameterGroup')
      : textField(objectsField(response, 'dBParameterGroups')[0], 'dBParameterGroupName');
  const now =
    level === 'cluster'
      ? (database.cluster?.DBClusterParameterGroup ?? null)
      : (database.instance?.DBParameterGroups?.[0]?.DBParameterGroupName ?? null);
  const group = asked ?? (created ? (answered ?? now ?? defaultGroup(database, level)) : null);
  if (group === null) return null;
  const name = group.toLowerCase();
  const { before, repeats } = earlier(change, now?.toLowerCase(), name);
  if (isForeignFamily(familyOf(change, level, name)) || (repeats && !created)) return null;
  return { database, level, group: name, previous: created ? null : before, created };
}

function defaultGroup({ engine, version }: TouchedDatabase, level: GroupLevel): string | null {
  if (engine === null || version === null || (level === 'instance' && engine !== 'postgres')) return null;
  return `default.${engine}${version.majorName}`;
}

/** How an association is judged. */
export interface AssociationLimits {
  /** True: only where it is known that things were better before. */
  readonly onlyFromBetter: boolean;
  /** A rule that is told, too, where nobody knows what the group says of it. */
  readonly evenUnknown?: ParameterRule;
}

/** Judges the association of a group by what the group says; null: nothing of the rules is weaker with it. */
export function judgeAssociation(
  change: Change,
  rules: readonly ParameterRule[],
  { onlyFromBetter, evenUnknown }: AssociationLimits,
): (Omit<ChangeVerdict, 'severity'> & { readonly unknown: boolean }) | null {
  const found = associationOf(change);
  if (found === null) return null;
  const { database, level, group, previous, created } = found;
  const engine = engineOf(change, found, group);
  const compared = rules.map((rule) => ({
    rule,
    before: previous === null ? null : valueIn(change, level, previous, rule.name, engineOf(change, found, previous)),
    after: valueIn(change, level, group, rule.name, engine),
    later: false,
  }));
  const weakened = compared.filter(({ rule, before, after }) => {
    if (before === null ? onlyFromBetter : !rule.accepts(before)) return false;
    return after === null ? rule === evenUnknown : isWeaker(rule, before, after);
  });
  if (weakened.length === 0) return null;
  const unknown = weakened.every(({ after }) => after === null);
  return {
    unknown,
    reason: reasonOf(found, weakened),
    on: database.resource,
    resources: [database.resource],
    ...withGroup(valuesOf(weakened), found),
    inEffect: created ? (unknown ? null : true) : false,
    remediation: undoAssociation(change, found, weakened),
  };
}

function engineOf(change: Change, { database, level }: Association, group: string): GroupEngine {
  const told = engineOfFamily(familyOf(change, level, group), level);
  return { kind: database.kind ?? told.kind, version: database.version ?? told.version };
}

function reasonOf({ database, group, previous, created, level }: Association, weakened: readonly Weakened[]): string {
  const name = level === 'instance' && database.member !== null ? database.member : database.resource.name;
  const head = created
    ? `${name} was made with parameter group ${group}`
    : `${name} was given parameter group ${group}${previous === null ? '' : ` instead of ${previous}`}`;
  const known = weakened.filter(({ after }) => after !== null);
  const risks = listed([...new Set(known.map(({ rule }) => rule.risk))]);
  const engine = database.engine === null ? [`Nothing tells the engine of ${name}: it is judged as PostgreSQL.`] : [];
  if (known.length === 0) {
    const missing = listed(weakened.map(({ rule }) => rule.name));
    return [
      `${head}, and what ${missing} is in it is not known here.`,
      ...(created ? [] : ['It takes effect at the next reboot.']),
      ...engine,
    ].join(' ');
  }
  const values = listed(
    known.map(({ rule, before, after }) => `${rule.name} is ${shown(after ?? '')}${before === null ? '' : ` (${shown(before)} before)`}`),
  );
  const effect = created ? `So it may ${risks}.` : `From its next reboot on it may ${risks}.`;
  return [`${head}, in which ${values}.`, effect, ...engine].join(' ');
}

function withGroup({ before, after }: ReturnType<typeof valuesOf>, { group, previous, level }: Association): ReturnType<typeof valuesOf> {
  const name = level === 'cluster' ? 'DBClusterParameterGroup' : 'DBParameterGroup';
  return { before: { ...(previous === null ? {} : { [name]: previous }), ...before }, after: { [name]: group, ...after } };
}

function undoAssociation(
  change: Change,
  { database, level, group, previous, created }: Association,
  weakened: readonly Weakened[],
): Remediation {
  const option = level === 'cluster' ? '--db-cluster-parameter-group-name' : '--db-parameter-group-name';
  const target = level === 'instance' ? database.member : null;
  const whole = (name: string): string =>
    modifyWhole(
      change,
      { ...database, ...(target === null ? {} : { resource: { ...database.resource, type: 'instance', name: target } }) },
      [option, name],
    );
  const restart = reboots(change, database);
  if (previous !== null) return undo(change, [whole(previous), ...restart], 'after a reboot', [database]);
  if (!isDefaultGroup(group)) {
    const isStatic = weakened.some(({ rule }) => staticParameters.has(rule.name));
    const later = !created || isStatic;
    return undo(change, [setParameters(change, level, group, weakened), ...(later ? restart : [])], later ? 'after a reboot' : 'at once', [
      database,
    ]);
  }
  const thing = level === 'cluster' ? 'db-cluster-parameter-group' : 'db-parameter-group';
  const family = group.replace(/^default[.:]/, '');
  const own = `${target ?? database.resource.name}-${family.replaceAll('.', '-')}`;
  const words = weakened.map(({ rule, after }) => parameterWord(rule.name, rule.wanted(after ?? '')));
  const commands = [
    awsCommand(
      change,
      'rds',
      `create-${thing}`,
      `--${thing}-name`,
      own,
      '--db-parameter-group-family',
      family,
      '--description',
      `Parameters of ${target ?? database.resource.name}`,
    ),
    awsCommand(change, 'rds', `modify-${thing}`, `--${thing}-name`, own, '--parameters', ...words),
    whole(own),
    ...restart,
  ];
  return undo(change, commands, 'after a reboot', [database]);
}
