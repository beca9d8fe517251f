import type {
  AccountSummary,
  AdvancedEventSelector,
  CredentialReport,
  CredentialRow,
  Detector,
  Detectors,
  EventSelector,
  EventSelectors,
  Hub,
} from '../domain/account-answers.ts';
import type { Answer, Cause } from '../domain/answer.ts';
import { allKnown, known, mapAnswer, unknown } from '../domain/answer.ts';
import type { Resource } from '../domain/resource.ts';
import { accountResource, regionResource } from '../domain/resource.ts';
import type { Evidence, Listing } from './evidence.ts';
import type { Identity, IdentityPolicy } from './identities.ts';
import { listIdentities } from './identities.ts';
import type { Inventory } from './inventory.ts';
import type { Statement } from './policy.ts';
import type { Allowance } from './policy-allowances.ts';
import { allowancesFor } from './policy-allowances.ts';
import { coversPattern, patternsOverlap } from './policy-patterns.ts';
import { clustersInScope } from './scope.ts';
import { credentialRow, reportQuestion } from './signs-of-use.ts';
import { lacking, unreadable, whole } from './told.ts';
import { eventSelectors, listTrails, trailStatus } from './trails.ts';

/** The account as a whole. */
export interface AccountSubject {
  readonly resource: Resource;
  /** Unknown: no region could list its trails. */
  readonly trails: Answer<readonly TrailSubject[]>;
  readonly root: RootCredentials;
  readonly administrators: Administrators;
}

/** A trail of CloudTrail, also one of another region or of the organization. */
export interface TrailSubject {
  readonly arn: string;
  readonly name: string;
  readonly homeRegion: string | null;
  readonly multiRegion: boolean | null;
  readonly validated: boolean | null;
  readonly status: Answer<{ readonly logging: boolean | null; readonly delivered: string | null; readonly error: string | null }>;
  /** What it leaves out of the management events, a clause each; empty: it records all. */
  readonly leavesOut: Answer<readonly string[]>;
}

/** The root user's credentials. */
export interface RootCredentials {
  readonly hasKey: Answer<boolean>;
  /** Null: it has no password, so nobody can sign in as root. */
  readonly hasMfa: Answer<boolean | null>;
  /** The latest use of password or keys, ISO 8601, or null: never. */
  readonly lastUsed: Answer<string | null>;
}

/** Who may change clusters, parameter groups and snapshots without limit. */
export interface Administrators {
  readonly known: readonly Administrator[];
  /** Why there may be others, or null. */
  readonly cause: Cause | null;
}

/** One of them, and the policy that makes it one. */
export interface Administrator {
  readonly arn: string;
  readonly policy: string;
  /** Conditions, as text; they are not judged. */
  readonly condition: string | null;
}

/** One region. */
export interface RegionSubject {
  readonly resource: Resource;
  /** How many clusters and single instances in scope it has. */
  readonly clusters: Answer<number>;
  /** Detectors of GuardDuty; empty: it is off. */
  readonly detectors: Answer<readonly DetectorState[]>;
  /** Whether Security Hub is on. */
  readonly securityHub: Answer<boolean>;
}

/** A detector of GuardDuty and its RDS Protection. */
export interface DetectorState {
  readonly id: string;
  readonly enabled: Answer<boolean>;
  readonly rdsLogins: Answer<boolean>;
}

/** An IAM user who may act on RDS or connect, or of whom nobody can say. */
export interface UserSubject {
  readonly resource: Resource;
  readonly identity: Identity;
  /** Policies of its own, not of a group, that let it act on RDS; unknown: a text is not known. */
  readonly directPolicies: Answer<readonly IdentityPolicy[]>;
  /** Whether any policy does. */
  readonly acts: Answer<boolean>;
  readonly credentials: Answer<CredentialRow>;
}

/** The account, once. */
export function listAccounts(evidence: Evidence): Listing<AccountSubject> {
  const { inventory, account, partition } = evidence;
  return {
    subjects: [
      {
        resource: accountResource(account, partition),
        trails: trailsOf(inventory),
        root: rootOf(inventory),
        administrators: administratorsOf(inventory),
      },
    ],
    unlisted: [],
  };
}

/** The regions that were looked at. */
export function listRegions({ inventory, account, partition }: Evidence): Listing<RegionSubject> {
  return {
    subjects: inventory.regions.map((region) => ({
      resource: regionResource(account, region, partition),
      clusters: clusterCount(inventory, region),
      detectors: detectorsOf(inventory, region),
      securityHub: securityHubOf(inventory, region),
    })),
    unlisted: [],
  };
}

/** The users who may act on RDS or connect, in the order of their ARNs; the account where users could not be listed. */
export function listUsers(evidence: Evidence): Listing<UserSubject> {
  const { identities, cause } = listIdentities(evidence.inventory);
  const subjects = identities
    .filter(({ kind }) => kind === 'user')
    .flatMap((identity): UserSubject[] => {
      const acts = actsOnRds(identity, identity.policies);
      if (acts.known && !acts.value) return [];
      return [
        {
          resource: { arn: identity.arn, type: 'principal', name: identity.name, region: 'global' },
          identity,
          directPolicies: directPolicies(identity),
          acts,
          credentials: credentialRow(identity.arn, evidence),
        },
      ];
    });
  return { subjects, unlisted: cause === null ? [] : [{ resource: accountResource(evidence.account, evidence.partition), cause }] };
}

function trailsOf(inventory: Inventory): AccountSubject['trails'] {
  const { trails, causes, rejected } = listTrails(inventory);
  const [cause] = causes;
  // A trail of all regions is listed in each of them, so one region that answered tells enough.
  if (inventory.regions.length === causes.length) {
    const question = 'cloudtrail describe-trails';
    return unknown(cause ?? { kind: 'not-collected', question, detail: 'no region has an inventory' });
  }
  return known(
    trails.map((listed) => ({
      arn: listed.trail.TrailARN,
      name: listed.trail.Name ?? listed.trail.TrailARN,
      homeRegion: listed.trail.HomeRegion ?? null,
      multiRegion: listed.trail.IsMultiRegionTrail ?? null,
      validated: listed.trail.LogFileValidationEnabled ?? null,
      status: mapAnswer(trailStatus(inventory, listed), ({ IsLogging, LatestDeliveryTime, LatestDeliveryError }) => ({
        logging: IsLogging ?? null,
        delivered: LatestDeliveryTime ?? null,
        error: LatestDeliveryError || null,
      })),
      leavesOut: mapAnswer(eventSelectors(inventory, listed), leftOut),
    })),
    rejected,
  );
}

/** What the selectors leave out of the management events. */
function leftOut({ EventSelectors = [], AdvancedEventSelectors = [] }: EventSelectors): readonly string[] {
  const parts = AdvancedEventSelectors.length > 0 ? advancedParts(AdvancedEventSelectors) : simpleParts(EventSelectors);
  const whole = parts.some(({ reads, writes, without }) => reads && writes && without.length === 0);
  if (whole) return [];
  if (parts.length === 0) return ['all management events'];
  const gaps = new Set(parts.flatMap(({ without }) => without));
  if (!parts.some(({ reads }) => reads)) gaps.add('reads (AssumeRole is one)');
  if (!parts.some(({ writes }) => writes)) gaps.add('writes');
  return [...gaps].sort();
}

/** What one selector records of the management events. */
interface RecordedPart {
  readonly reads: boolean;
  readonly writes: boolean;
  readonly without: readonly string[];
}

/** AWS offers to leave these two out for their volume; nothing that is watched here is among them. */
const harmless = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'];

/** By AWS's defaults a selector that does not say otherwise records all management events. */
function simpleParts(selectors: readonly EventSelector[]): readonly RecordedPart[] {
  return selectors
    .filter(({ IncludeManagementEvents }) => IncludeManagementEvents !== false)
    .map(({ ReadWriteType = 'All', ExcludeManagementEventSources = [] }) => ({
      reads: ReadWriteType === 'All' || ReadWriteType === 'ReadOnly',
      writes: ReadWriteType === 'All' || ReadWriteType === 'WriteOnly',
      without: ExcludeManagementEventSources.filter((source) => !harmless.includes(source)).map((source) => `events of ${source}`),
    }));
}

function advancedParts(selectors: readonly AdvancedEventSelector[]): readonly RecordedPart[] {
  return selectors.flatMap(({ FieldSelectors = [] }): RecordedPart[] => {
    const isManagement = FieldSelectors.some(({ Field, Equals }) => Field === 'eventCategory' && Equals?.includes('Management'));
    if (!isManagement) return [];
    const readOnly = FieldSelectors.find(({ Field }) => Field === 'readOnly')?.Equals;
    const without = FieldSelectors.flatMap(({ Field, Equals, NotEquals, other }) => {
      if (Field === 'eventCategory' || (Field === 'readOnly' && !other && NotEquals === undefined)) return [];
      if (Field === 'eventSource' && !other && Equals === undefined && NotEquals !== undefined) {
        return NotEquals.filter((source) => !harmless.includes(source)).map((source) => `events of ${source}`);
      }
      return [`what a condition on ${Field ?? 'a field without a name'} leaves out`];
    });
    return [{ reads: readOnly?.includes('true') ?? true, writes: readOnly?.includes('false') ?? true, without }];
  });
}

function rootOf(inventory: Inventory): RootCredentials {
  const report = inventory.answer<CredentialReport>('global', 'iam', 'get-credential-report');
  const summary = inventory.answer<AccountSummary>('global', 'iam', 'get-account-summary');
  const row = report.known ? report.value.Rows.find(({ user }) => user === '<root_account>') : undefined;
  const noRow = report.known ? lacking('the root user is not in the report', reportQuestion) : report;
  const counts = summary.known ? summary.value.SummaryMap : null;
  const fallback = summary.known ? noRow : summary;

  const active = row?.keys.map((key) => key.active) ?? [undefined];
  const keys = counts?.AccountAccessKeysPresent;
  const hasKey = (keys ?? 0) > 0 || active.includes(true) ? true : keys === 0 || !active.includes(undefined) ? false : undefined;
  const mfa = counts?.AccountMFAEnabled === undefined ? row?.mfaActive : counts.AccountMFAEnabled > 0;
  const noPassword =
    counts?.AccountPasswordPresent === 0 || (counts?.AccountPasswordPresent === undefined && row?.passwordEnabled === false);
  return {
    hasKey: hasKey === undefined ? fallback : known(hasKey),
    hasMfa: noPassword ? known(null) : mfa === undefined ? fallback : known(mfa),
    lastUsed: row === undefined ? noRow : lastUseOf(row),
  };
}

function lastUseOf(row: CredentialRow): Answer<string | null> {
  const times = [row.passwordLastUsed, ...row.keys.map(({ lastUsed }) => lastUsed)];
  if (times.includes(undefined)) return lacking('the report does not say when the root user was last used', reportQuestion);
  return known(
    times
      .filter((time) => time !== undefined && time !== 'never')
      .sort()
      .at(-1) ?? null,
  );
}

/** Actions that stand for changing clusters, parameter groups and snapshots. */
const probes = ['rds:ModifyDBCluster', 'rds:ModifyDBClusterParameterGroup', 'rds:ModifyDBClusterSnapshotAttribute'] as const;

function administratorsOf(inventory: Inventory): Administrators {
  const { identities, cause } = listIdentities(inventory);
  const administrators: Administrator[] = [];
  let unread = cause;
  for (const identity of identities) {
    if (
      !identity.policies.some(
        ({ statements }) => !statements.known || statements.value.some((one) => one.allow && givesAllOfRds(one.actions)),
      )
    )
      continue;
    const [, partition = 'aws', , , account = ''] = identity.arn.split(':');
    const everything = `arn:${partition}:rds:*:${account}:*:*`;
    let found: Allowance | undefined;
    for (const probe of probes) {
      const allowances = allowancesFor(identity, probe, everything);
      if (!allowances.known) unread ??= allowances.cause;
      else found ??= allowances.value.find((one) => isOfAllRds(one) && one.within.every((pattern) => coversPattern(pattern, everything)));
    }
    if (found) administrators.push({ arn: identity.arn, policy: found.policy.arn ?? found.policy.name, condition: found.condition });
  }
  return { known: administrators, cause: unread };
}

function givesAllOfRds({ negated, patterns }: { readonly negated: boolean; readonly patterns: readonly string[] }): boolean {
  const lower = patterns.map((pattern) => pattern.toLowerCase());
  return negated ? !lower.some((pattern) => patternsOverlap(pattern, 'rds:*')) : lower.some((pattern) => coversPattern(pattern, 'rds:*'));
}

function isOfAllRds({ action }: Allowance): boolean {
  return action === null || coversPattern(action.toLowerCase(), 'rds:*');
}

function clusterCount(inventory: Inventory, region: string): Answer<number> {
  const { clusters, singles, clustersCause, instancesCause } = clustersInScope(inventory, region);
  const count = clusters.length + singles.length;
  const cause = clustersCause ?? instancesCause;
  return count === 0 && cause !== null ? unknown(cause) : known(count);
}

function detectorsOf(inventory: Inventory, region: string): RegionSubject['detectors'] {
  const listing = { region, service: 'guardduty', command: 'list-detectors', key: null };
  return mapAnswer(whole(inventory.answer<Detectors>(region, 'guardduty', 'list-detectors'), listing), ({ DetectorIds }) =>
    DetectorIds.map((id) => {
      const question = { region, service: 'guardduty', command: 'get-detector', key: id };
      const detector = inventory.answer<Detector>(region, 'guardduty', 'get-detector', id);
      if (!detector.known) return { id, enabled: detector, rdsLogins: detector };
      const { Status, Features } = detector.value;
      const feature = Features?.find(({ Name }) => Name === 'RDS_LOGIN_EVENTS');
      const mayBeUnread = feature === undefined && Features?.some(({ Name }) => Name === undefined) === true;
      return {
        id,
        enabled: Status === undefined ? lacking('the answer lacks Status', question) : known(Status === 'ENABLED'),
        rdsLogins:
          Features === undefined
            ? lacking('the answer lacks Features', question)
            : mayBeUnread
              ? unreadable('one of its Features could not be read', question)
              : known(feature?.Status === 'ENABLED'),
      };
    }),
  );
}

/** Names of the errors by which a service says that the account does not use it. */
const unsubscribed = /^(?:InvalidAccessException|ResourceNotFoundException|SubscriptionRequiredException|OptInRequired)\b/;

function securityHubOf(inventory: Inventory, region: string): RegionSubject['securityHub'] {
  const hub = inventory.answer<Hub>(region, 'securityhub', 'describe-hub');
  if (hub.known) return known(true);
  return unsubscribed.test(hub.cause.detail) ? known(false) : hub;
}

/** Services whose permissions count as acting on RDS or connecting. */
const services = ['rds:*', 'rds-db:*', 'rds-data:*'];

/** Whether some of the policies allow an action on RDS that nothing denies as a whole. */
function actsOnRds(identity: Identity, policies: readonly IdentityPolicy[]): Answer<boolean> {
  const { boundary } = identity;
  const texts = allKnown([...identity.policies, ...(boundary === null ? [] : [boundary])].map(({ statements }) => statements));
  if (!texts.known) return texts;
  const denies = texts.value
    .flat()
    .filter(
      ({ allow, conditions, resources }) => !allow && conditions.length === 0 && !resources.negated && resources.patterns.includes('*'),
    );
  const limits = boundary?.statements.known ? boundary.statements.value.filter(({ allow }) => allow) : null;
  const given = policies
    .flatMap(({ statements }) => (statements.known ? statements.value : []))
    .flatMap((one) => givenActions(one, identity));
  return known(
    given.some(
      (action) =>
        !denies.some((deny) => isCovered(action, deny)) && (limits === null || limits.some((limit) => touchesAction(action, limit))),
    ),
  );
}

/** Patterns of actions of RDS that a statement allows, in lower case. */
function givenActions(statement: Statement, { arn }: Identity): readonly string[] {
  const partition = arn.split(':')[1] ?? 'aws';
  const { negated, patterns } = statement.resources;
  const touched = [`arn:${partition}:rds:*`, `arn:${partition}:rds-db:*`].some(
    (resource) => patterns.some((one) => (negated ? coversPattern(one, resource) : patternsOverlap(one, resource))) !== negated,
  );
  if (!statement.allow || !touched) return [];
  return services.flatMap((service) => {
    const written = statement.actions.patterns.map((one) => one.toLowerCase());
    if (statement.actions.negated) return written.some((one) => coversPattern(one, service)) ? [] : [service];
    return written.filter((one) => patternsOverlap(one, service)).map((one) => (coversPattern(one, service) ? service : one));
  });
}

function isCovered(action: string, { actions }: Statement): boolean {
  const written = actions.patterns.map((one) => one.toLowerCase());
  return actions.negated ? !written.some((one) => patternsOverlap(one, action)) : written.some((one) => coversPattern(one, action));
}

function touchesAction(action: string, { actions }: Statement): boolean {
  const written = actions.patterns.map((one) => one.toLowerCase());
  return actions.negated ? !written.some((one) => coversPattern(one, action)) : written.some((one) => patternsOverlap(one, action));
}

function directPolicies(identity: Identity): UserSubject['directPolicies'] {
  const direct: IdentityPolicy[] = [];
  for (const policy of identity.policies.filter(({ group }) => group === null)) {
    const acts = actsOnRds(identity, [policy]);
    if (!acts.known) return acts;
    if (acts.value) direct.push(policy);
  }
  return known(direct);
}
