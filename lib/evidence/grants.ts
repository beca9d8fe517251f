import type { Answer, Cause } from '../domain/answer.ts';
import { known, mapAnswer } from '../domain/answer.ts';
import type { Access, AccessGrant } from '../domain/report.ts';
import type { Resource } from '../domain/resource.ts';
import { accountResource } from '../domain/resource.ts';
import type { DatabaseUse, LogReach } from './activity-facts.ts';
import type { Database, UnlistedDatabases } from './databases.ts';
import { listDatabaseIds } from './databases.ts';
import type { Evidence, JudgeContext, Listing } from './evidence.ts';
import type { Identity } from './identities.ts';
import { listIdentities } from './identities.ts';
import type { Inventory } from './inventory.ts';
import type { Allowance } from './policy-allowances.ts';
import { allowancesFor, allows } from './policy-allowances.ts';
import { coversPattern, patternsOverlap } from './policy-patterns.ts';
import type { Sign } from './signs-of-use.ts';
import { credentialRow, latestOf, signNames, signsOfUse } from './signs-of-use.ts';
import { lacking } from './told.ts';

/** An IAM user or role that holds `rds-db:connect`, or of which nobody can say. */
export interface PrincipalSubject {
  readonly resource: Resource;
  readonly identity: Identity;
  readonly account: string;
  readonly partition: string;
  /** Never empty. Unknown: the text of one of its policies is not known. */
  readonly grants: Answer<readonly Grant[]>;
  /** The signs that it was used itself; the first one decides. */
  readonly signs: readonly [Sign, ...Sign[]];
  /** Logins of database users on databases that its grants reach, newest last. */
  readonly logins: Answer<readonly Login[]>;
  /** Whether it has an access key that is active; false for roles. */
  readonly activeKey: Answer<boolean>;
}

/** One pattern of databases and database users that a principal may connect to. */
export interface Grant extends Allowance {
  /** The database user at the end of the pattern; may hold wildcards, `*` where the pattern ends before it. */
  readonly databaseUser: string;
  /** What it reaches of the databases that are known. */
  readonly reaches: readonly ReachedDatabase[];
  /** Why it may reach more, or null. */
  readonly mayReachMore: Cause | null;
}

/** A database that a grant reaches, and how well one can see who logs in there. */
export interface ReachedDatabase extends Database {
  /** Names of the database users that logged in there, or that its roles evidence lists; unknown where neither is there. */
  readonly users: Answer<ReadonlySet<string>>;
  /** True where its roles evidence is there, all of it, so that a user who is not in `users` does not exist. */
  readonly rolesKnown: boolean;
  /** By name of a cluster behind it. */
  readonly logs: ReadonlyMap<string, LogReach>;
}

/** Sessions of one database user on one cluster, on a database that the grants of a principal reach. */
export interface Login extends DatabaseUse {
  /** The ARN that `rds-db:connect` was, or would have been, asked for. */
  readonly arn: string;
}

/** Several parts of a report ask for the same evidence's principals, and to find them takes the time of identities × databases. */
const listings = new WeakMap<Evidence, Listing<PrincipalSubject>>();

/** Everybody who holds `rds-db:connect`, or may, in the order of their ARNs; the account where identities could not be listed. */
export function listPrincipals(evidence: Evidence): Listing<PrincipalSubject> {
  const listing = listings.get(evidence) ?? findPrincipals(evidence);
  listings.set(evidence, listing);
  return listing;
}

function findPrincipals(evidence: Evidence): Listing<PrincipalSubject> {
  const { identities, cause } = listIdentities(evidence.inventory);
  const databases = reachableDatabases(evidence);
  const subjects = identities.flatMap((identity) => {
    const allowances = connectAllowances(identity);
    return allowances.known && allowances.value.length === 0 ? [] : [principalOf(identity, allowances, databases, evidence)];
  });
  return { subjects, unlisted: cause === null ? [] : [{ resource: accountResource(evidence.account, evidence.partition), cause }] };
}

/** ARNs of those who surely hold `rds-db:connect`: whom access advisor is asked about. */
export function granteesOf(inventory: Inventory): readonly string[] {
  return listIdentities(inventory)
    .identities.filter((identity) => {
      const allowances = connectAllowances(identity);
      return allowances.known && allowances.value.length > 0;
    })
    .map(({ arn }) => arn);
}

/** Who may connect where, and when they last did, for the report. Those of whom nobody can say are left out. */
export function accessesOf(evidence: Evidence, _context: JudgeContext): readonly Access[] {
  return listPrincipals(evidence).subjects.flatMap((principal) => {
    if (!principal.grants.known) return [];
    const latest = latestOf([...principal.signs, loginSign(principal)]);
    return {
      principal: principal.resource.arn,
      grants: principal.grants.value.map(accessGrant),
      databaseUsers: databaseUsersOf(principal.grants.value),
      lastUsed: latest?.last ?? null,
      by: latest && signNames[latest.name],
    };
  });
}

/**
 * Tells who holds a grant for a database user on a cluster: ARNs of principals, those first asked of all. Unknown: nobody is known to, and
 * somebody may.
 */
export function holdersOf(evidence: Evidence): (cluster: string, user: string) => Answer<readonly string[]> {
  const { subjects, unlisted } = listPrincipals(evidence);
  const { databases, unlisted: unlistedDatabases } = listDatabaseIds(evidence.inventory);
  const unknownPrincipal = subjects.map(({ grants }) => grants).find((grants) => !grants.known);
  const cause = unlisted[0]?.cause ?? (unknownPrincipal?.known === false ? unknownPrincipal.cause : null);
  return (cluster, user) => {
    const targets = databases.filter(({ clusters }) => clusters.includes(cluster));
    const holders = subjects.filter(
      (principal) =>
        principal.grants.known &&
        principal.grants.value.some((grant) => targets.some((target) => allows(grant, connectArn(principal, target, user)))),
    );
    if (holders.length > 0) return known(holders.map(({ resource }) => resource.arn));
    if (cause !== null) return { known: false, cause };
    // A proxy in front of it has an id of its own, so that it tells nothing of the grants for the cluster.
    const isListed = targets.some(({ kind }) => kind !== 'proxy');
    const unseen = isListed ? undefined : unlistedDatabases.find(({ kind }) => kind !== 'proxy');
    return unseen ? { known: false, cause: unseen.cause } : known([]);
  };
}

/** Tells which database users without wildcards somebody holds a grant for on a cluster, each once, sorted. */
export function grantedUsersOf(evidence: Evidence): (cluster: string) => readonly string[] {
  const grants = listPrincipals(evidence).subjects.flatMap((principal) => (principal.grants.known ? principal.grants.value : []));
  const named = grants.filter(({ databaseUser }) => !/[*?$]/.test(databaseUser));
  return (cluster) => databaseUsersOf(named.filter(({ reaches }) => reaches.some(({ clusters }) => clusters.includes(cluster))));
}

/** The database users at the ends of the patterns, each once, sorted. */
export function databaseUsersOf(grants: readonly Grant[]): readonly string[] {
  return [...new Set(grants.map(({ databaseUser }) => databaseUser))].sort();
}

/** Logins as a sign of use: when the last one was. */
export function loginSign({ logins }: PrincipalSubject): Sign {
  return { name: 'logins', last: mapAnswer(logins, (all) => all.at(-1)?.last ?? null) };
}

/** True where the grant comes from an action that gives everything, as administrators have: `*`, or what `NotAction` leaves. */
export function isAdministrators({ action: written }: Allowance): boolean {
  return written === null || /^[*:]+$/.test(written);
}

/** `arn:…:dbuser:<resource id>/<database user>`: what IAM is asked for when somebody logs in. */
export function connectArn(
  { partition, account }: Pick<PrincipalSubject, 'partition' | 'account'>,
  { region, resourceId }: Pick<Database, 'region' | 'resourceId'>,
  user: string,
): string {
  return `arn:${partition}:rds-db:${region}:${account}:dbuser:${resourceId}/${user}`;
}

/** What a pattern of `rds-db:connect` names; every part may hold wildcards. */
export interface PatternParts {
  readonly region: string;
  readonly account: string;
  readonly resourceId: string;
  readonly databaseUser: string;
}

/** The parts of a pattern of `rds-db:connect`; `*` for what a wildcard before it swallows. */
export function partsOf(pattern: string): PatternParts {
  const parts = segmentsOf(pattern);
  if (parts) return parts;
  const [, , , region = '*', account = '*'] = pattern.split(':');
  const slash = pattern.lastIndexOf('/');
  const resourceId = (slash < 0 && pattern.split(':dbuser:')[1]) || '*';
  return { region, account, resourceId, databaseUser: slash < 0 ? '*' : pattern.slice(slash + 1) };
}

/** The parts of a pattern that is written out, so that no wildcard stands for more than one of them; else null. */
function segmentsOf(pattern: string): PatternParts | null {
  const [, , , region = '', account = '', kind, ...rest] = pattern.split(':');
  const named = rest.join(':');
  const slash = named.indexOf('/');
  return kind === 'dbuser' && slash >= 0
    ? { region, account, resourceId: named.slice(0, slash), databaseUser: named.slice(slash + 1) }
    : null;
}

/** Of any account and region: a grant that names another account is one, and points nowhere. */
function connectAllowances(identity: Identity): Answer<readonly Allowance[]> {
  const partition = identity.arn.split(':')[1] ?? 'aws';
  return allowancesFor(identity, 'rds-db:connect', `arn:${partition}:rds-db:*:*:dbuser:*/*`);
}

function principalOf(
  identity: Identity,
  allowances: Answer<readonly Allowance[]>,
  databases: Reachable,
  evidence: Evidence,
): PrincipalSubject {
  const [, partition = evidence.partition, , , account = evidence.account] = identity.arn.split(':');
  const owner = { partition, account };
  const grants = mapAnswer(allowances, (all) => all.map((allowance) => grantOf(allowance, identity, owner, databases, evidence)));
  const row = credentialRow(identity.arn, evidence);
  return {
    resource: { arn: identity.arn, type: 'principal', name: identity.name, region: 'global' },
    identity,
    ...owner,
    grants,
    signs: signsOfUse(identity, evidence),
    logins: loginsOf(grants, owner, databases.databases, evidence),
    activeKey: identity.kind === 'role' ? known(false) : mapAnswer(row, ({ keys }) => keys.some(({ active }) => active === true)),
  };
}

interface Reachable {
  readonly databases: readonly ReachedDatabase[];
  readonly unlisted: readonly UnlistedDatabases[];
}

function reachableDatabases(evidence: Evidence): Reachable {
  const { databases, unlisted } = listDatabaseIds(evidence.inventory);
  const withUse = databases.map((database) => ({
    ...database,
    users: usersOf(database, evidence),
    rolesKnown: database.clusters.length > 0 && database.clusters.every((cluster) => hasAllRoles(cluster, evidence)),
    logs: logsOf(database, evidence),
  }));
  return { databases: withUse, unlisted };
}

function hasAllRoles(cluster: string, { databaseRoles }: Evidence): boolean {
  const roles = databaseRoles.get(cluster);
  return roles?.known === true && (roles.rejected ?? 0) === 0;
}

type Owner = Pick<PrincipalSubject, 'partition' | 'account'>;

function grantOf(allowance: Allowance, identity: Identity, owner: Owner, { databases, unlisted }: Reachable, evidence: Evidence): Grant {
  const named = allowance.within.map((pattern) => databaseTest(pattern, owner));
  const reachesAny = (database: Pick<Database, 'region' | 'resourceId'>): boolean =>
    named.every((test) => test(database)) && !allowance.except.some((pattern) => coversPattern(pattern, connectArn(owner, database, '*')));
  return {
    ...allowance,
    databaseUser: withUserName(partsOf(allowance.resource).databaseUser, identity),
    reaches: databases.filter(reachesAny),
    mayReachMore: moreReach(allowance, reachesAny, unlisted, evidence),
  };
}

/** A database user that a policy names by the name of its holder. */
function withUserName(databaseUser: string, { kind, name }: Identity): string {
  return kind === 'user' ? databaseUser.replaceAll(/\$\{\s*aws:username\s*\}/gi, () => name) : databaseUser;
}

/** Tells whether some user of a database fits the pattern. */
function databaseTest(pattern: string, owner: Owner): (database: Pick<Database, 'region' | 'resourceId'>) => boolean {
  const parts = segmentsOf(pattern);
  if (parts === null) return (database) => patternsOverlap(pattern, connectArn(owner, database, '*'));
  if (!patternsOverlap(parts.account, owner.account)) return () => false;
  return ({ region, resourceId }) => patternsOverlap(parts.resourceId, resourceId) && patternsOverlap(parts.region, region);
}

const prefixes = { cluster: 'cluster-*', instance: 'db-*', proxy: 'prx-*' } as const;

/** Databases that could not be listed: their region was not looked at, or the call was refused. Proxies count only where the grant names one. */
function moreReach(
  { resource }: Allowance,
  reachesAny: (database: Pick<Database, 'region' | 'resourceId'>) => boolean,
  unlisted: readonly UnlistedDatabases[],
  { inventory }: Evidence,
): Cause | null {
  const { region, resourceId } = partsOf(resource);
  if (!/[*?]/.test(region) && region !== '' && !inventory.regions.includes(region)) {
    return lacking('the region was not looked at', { region, service: 'rds', command: 'describe-db-clusters', key: null }).cause;
  }
  const hidden = unlisted.find(
    (one) => (one.kind !== 'proxy' || resourceId.startsWith('prx')) && reachesAny({ region: one.region, resourceId: prefixes[one.kind] }),
  );
  return hidden?.cause ?? null;
}

/** Names of those who were seen to log in, or that the roles evidence lists. */
function usersOf({ clusters }: Database, evidence: Evidence): Answer<ReadonlySet<string>> {
  const names = new Set<string>();
  const roles = clusters.map((cluster) => evidence.databaseRoles.get(cluster));
  for (const answer of roles) {
    if (answer?.known) for (const { name } of answer.value) names.add(name);
  }
  const use = evidence.activity.databaseUse;
  if (!use.known) return roles.some((answer) => answer?.known) ? known(names) : use;
  for (const { cluster, user } of use.value) if (clusters.includes(cluster)) names.add(user);
  return known(names);
}

function logsOf({ clusters }: Database, { activity }: Evidence): ReadonlyMap<string, LogReach> {
  const nothing: LogReach = { from: null, to: null, complete: false, unbrokenFrom: null, detail: 'no log of it is in the evidence' };
  return new Map(clusters.map((cluster) => [cluster, activity.logs.get(cluster) ?? nothing]));
}

function loginsOf(
  grants: Answer<readonly Grant[]>,
  owner: Owner,
  databases: readonly Database[],
  { activity }: Evidence,
): PrincipalSubject['logins'] {
  if (!grants.known) return grants;
  return mapAnswer(activity.databaseUse, (uses) =>
    uses
      .flatMap((use) => {
        const arns = databases.filter(({ clusters }) => clusters.includes(use.cluster)).map((one) => connectArn(owner, one, use.user));
        const arn = arns.find((one) => grants.value.some((grant) => allows(grant, one)));
        return arn === undefined ? [] : [{ ...use, arn }];
      })
      .sort((a, b) => (a.last < b.last ? -1 : a.last > b.last ? 1 : a.arn < b.arn ? -1 : 1)),
  );
}

function accessGrant(grant: Grant): AccessGrant {
  const { name, arn, group } = grant.policy;
  const { resource, condition, except } = grant;
  const limits = [condition, except.length > 0 ? `not ${except.join(', ')}` : null].filter((one) => one !== null);
  return {
    resource,
    policy: `${arn ?? name}${group === null ? '' : ` (group ${group})`}`,
    clusters: [...new Set(grant.reaches.flatMap(({ clusters }) => clusters))].sort(),
    databaseUsers: [grant.databaseUser],
    condition: limits.length === 0 ? null : limits.join(' and '),
  };
}
