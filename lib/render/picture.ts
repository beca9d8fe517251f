import type { Alert, AlertPrincipal } from '../domain/alert.ts';
import type { Finding } from '../domain/finding.ts';
import type { Access, ClusterLog, Coverage, PlaintextUser, Report, ReportedVerdict } from '../domain/report.ts';
import type { Resource, ResourceType } from '../domain/resource.ts';
import { atLeast, type Severity, severities } from '../domain/severity.ts';
import type { CatalogueEntry } from './catalogue.ts';

/** What the checks say about themselves, by id; a renderer shows it where it is given. */
export type Catalogue = ReadonlyMap<string, CatalogueEntry>;

/** A cluster at a glance, worst first: something critical or high is open; something less; nothing open but not all is known; all is well. */
export const clusterStates = ['act', 'improve', 'unknown', 'fine'] as const;

/** One of {@link clusterStates}. */
export type ClusterState = (typeof clusterStates)[number];

/** What the report says of one cluster (or single instance). */
export interface ClusterPicture {
  readonly resource: Resource;
  readonly state: ClusterState;
  /** Open findings, worst first. */
  readonly open: readonly Finding[];
  readonly suppressed: number;
  readonly unknown: readonly ReportedVerdict[];
  readonly passed: number;
  readonly tls: TlsPicture;
}

/** Whether a cluster requires TLS, and who would be locked out if it did. */
export interface TlsPicture {
  /** `pending`: configured and not in effect on every member; `none`: not judged. */
  readonly state: 'required' | 'pending' | 'off' | 'unknown' | 'none';
  readonly reason: string;
  /** Open findings of sessions without TLS: who must be changed first. */
  readonly blockedBy: readonly Finding[];
  /** Clients that were turned away, or whose TLS is weak. */
  readonly also: readonly Finding[];
  readonly ready: Readiness;
  /** What the next major version does to clients, as tls-upgrade-safe says; null where it does nothing, or nobody can tell. */
  readonly upgrade: string | null;
}

/** Whether TLS could be required today, as far as the cluster's log tells. */
export interface Readiness {
  /** `blocked`: somebody connected without TLS in the last 30 days; `ready`: nobody did; `unsure`: the log does not tell. */
  readonly state: 'blocked' | 'ready' | 'unsure';
  /** Since when nobody connected without TLS; null where that is not known. */
  readonly since: string | null;
  /** Users with sessions without TLS, the last one first, also where they are long ago. */
  readonly users: readonly PlaintextUser[];
  /** Why the log does not tell; empty where it does. */
  readonly why: string;
}

/** Findings of one check, worst first. */
export interface FindingGroup {
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

/** Verdicts that are unknown for the same reason. */
export interface UnknownGroup {
  readonly reason: string;
  readonly checks: readonly string[];
  readonly resources: readonly Resource[];
}

/** Who may connect, and whether the use of it is known: `unused` where the check says so. */
export interface AccessPicture {
  readonly access: Access;
  readonly use: 'unused' | 'unknown' | 'used';
  /** The check's sentence, or what the last use says. */
  readonly reason: string;
}

/** Something that somebody changed, when and with what. */
export interface ChangePicture {
  readonly at: string | null;
  readonly check: string;
  readonly severity: Severity;
  readonly title: string;
  readonly reason: string;
  /** Who, in a few words. */
  readonly who: string;
  /** From where and with what, in a few words; empty where unknown. */
  readonly how: string;
  readonly resources: readonly Resource[];
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly eventId: string | null;
  readonly command: string | null;
  /** Fingerprints of the findings that it opened. */
  readonly opened: readonly string[];
}

const clusterTypes: ReadonlySet<ResourceType> = new Set(['cluster', 'instance', 'shard-group']);

/** Every cluster that a verdict or a finding speaks of, worst first, then by name. */
export function picturesOfClusters(report: Report, catalogue?: Catalogue): readonly ClusterPicture[] {
  const found = new Map<string, { resource: Resource; verdicts: ReportedVerdict[]; findings: Finding[] }>();
  const of = (resource: Resource) => {
    const entry = found.get(resource.arn) ?? { resource, verdicts: [], findings: [] };
    found.set(resource.arn, entry);
    return entry;
  };
  for (const verdict of report.verdicts) if (clusterTypes.has(verdict.resource.type)) of(verdict.resource).verdicts.push(verdict);
  for (const finding of report.findings) if (clusterTypes.has(finding.resource.type)) of(finding.resource).findings.push(finding);
  const logs = new Map(report.logs?.map((log) => [log.resource.arn, log]));

  return [...found.values()]
    .map(({ resource, verdicts, findings }): ClusterPicture => {
      const open = worstFirst(findings.filter((finding) => finding.state === 'open'));
      const unknown = verdicts.filter((verdict) => verdict.verdict === 'unknown');
      return {
        resource,
        state: stateOf(open, unknown, catalogue),
        open,
        suppressed: findings.length - open.length,
        unknown,
        passed: verdicts.filter((verdict) => verdict.verdict === 'pass').length,
        tls: tlsOf(verdicts, open, readinessOf(logs.get(resource.arn), open, report.at)),
      };
    })
    .sort(
      (a, b) =>
        clusterStates.indexOf(a.state) - clusterStates.indexOf(b.state) ||
        severities.indexOf(a.open[0]?.severity ?? 'info') - severities.indexOf(b.open[0]?.severity ?? 'info') ||
        compare(a.resource.name, b.resource.name) ||
        compare(a.resource.arn, b.resource.arn),
    );
}

function stateOf(open: readonly Finding[], unknown: readonly ReportedVerdict[], catalogue: Catalogue | undefined): ClusterState {
  const worst = open[0]?.severity ?? 'info';
  if (atLeast(worst, 'high')) return 'act';
  if (worst !== 'info') return 'improve';
  const matters = unknown.some(({ check }) => atLeast(catalogue?.get(check)?.severity ?? 'medium', 'medium'));
  return matters ? 'unknown' : 'fine';
}

function tlsOf(verdicts: readonly ReportedVerdict[], open: readonly Finding[], ready: Readiness): TlsPicture {
  const verdict = verdicts.find((one) => one.check === 'tls-required');
  const upgrade = verdicts.find((one) => one.check === 'tls-upgrade-safe');
  const states = {
    pass: 'required',
    fail: verdict?.inEffect === false ? 'pending' : 'off',
    unknown: 'unknown',
    'not-applicable': 'none',
  } as const;
  return {
    state: verdict ? states[verdict.verdict] : 'none',
    reason: verdict?.reason ?? 'No check judged it.',
    blockedBy: open.filter((finding) => finding.check === 'plaintext-sessions'),
    also: open.filter((finding) => finding.check === 'plaintext-refused' || finding.check === 'weak-tls-sessions'),
    ready,
    upgrade: upgrade?.verdict === 'pass' || upgrade?.verdict === 'fail' ? upgrade.reason : null,
  };
}

/** As long nobody may have connected without TLS, in milliseconds. */
const quiet = 30 * 86_400_000;

function readinessOf(log: ClusterLog | undefined, open: readonly Finding[], at: string | null): Readiness {
  const users = log?.withoutTls ?? [];
  const [last] = users;
  const since = at === null ? Number.NaN : Date.parse(at) - quiet;
  const isBlocked = open.some(({ check }) => check === 'plaintext-sessions') || (last !== undefined && !(Date.parse(last.last) < since));
  if (isBlocked) return { state: 'blocked', since: null, users, why: '' };
  if (!log || log.from === null || log.withoutTls === null) {
    const why = log === undefined || log.detail === '' ? 'its log was not read' : log.detail;
    return { state: 'unsure', since: null, users, why };
  }
  const from = log.complete ? log.from : log.unbrokenFrom;
  if (from === null) return { state: 'unsure', since: null, users, why: log.detail };
  const quietSince = last !== undefined && last.last > from ? last.last : from;
  if (Date.parse(from) <= since) return { state: 'ready', since: quietSince, users, why: '' };
  return { state: 'unsure', since: quietSince, users, why: 'that is less than 30 days' };
}

/** Whether TLS could be required today and since when, in a few words; empty where it is required already, or not judged. */
export function readyWords({ state, ready, blockedBy }: TlsPicture): string {
  if (state === 'required' || state === 'none') return '';
  if (blockedBy.length > 0) return `${counted(blockedBy.length, 'client')} without TLS`;
  if (ready.state === 'blocked') return `${counted(ready.users.length, 'user')} without TLS`;
  return ready.state === 'ready' && ready.since !== null ? `ready since ${day(ready.since)}` : '';
}

/** Worst first, then by check, resource and time. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      compare(a.check, b.check) ||
      compare(a.resource.name, b.resource.name) ||
      compare(a.fingerprint, b.fingerprint),
  );
}

/** Findings by check; the group with the worst finding first. */
export function groupByCheck(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of worstFirst(findings)) {
    const group = groups.get(finding.check);
    if (group) group.push(finding);
    else groups.set(finding.check, [finding]);
  }
  return [...groups].map(([check, members]) => ({
    check,
    title: members[0]?.title ?? check,
    severity: members[0]?.severity ?? 'info',
    findings: members,
  }));
}

/** Unknown verdicts by reason, the resource's own name in it left aside; the reason that hides most first. */
export function groupUnknown(verdicts: readonly ReportedVerdict[]): readonly UnknownGroup[] {
  const groups = new Map<string, { reason: string; checks: Set<string>; resources: Map<string, Resource>; count: number }>();
  for (const { verdict, reason, check, resource } of verdicts) {
    if (verdict !== 'unknown') continue;
    const key = withoutName(reason, resource.name);
    const group = groups.get(key) ?? { reason, checks: new Set<string>(), resources: new Map<string, Resource>(), count: 0 };
    groups.set(key, group);
    group.checks.add(check);
    group.resources.set(`${resource.type} ${resource.region} ${resource.arn}`, resource);
    group.count++;
  }
  return [...groups]
    .map(([key, { reason, checks, resources, count }]) => ({
      reason: resources.size === 1 ? reason : key,
      checks: [...checks].sort(),
      resources: [...resources.values()],
      count,
    }))
    .sort((one, other) => other.count - one.count || compare(one.reason, other.reason))
    .map(({ count: _, ...group }) => group);
}

/** The resource's name; where the evidence names no region or account, what it is. */
export function nameOf({ name, type }: Resource): string {
  return name === '' ? `the ${type}` : name;
}

/** The reason with `…` where the name stands as a word of its own. */
function withoutName(reason: string, name: string): string {
  if (name === '' || name.length > 200) return reason;
  const isPart = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}_-]/u.test(character);
  let text = '';
  let from = 0;
  for (let at = reason.indexOf(name); at !== -1; at = reason.indexOf(name, from)) {
    const whole = !isPart(reason[at - 1]) && !isPart(reason[at + name.length]);
    text += `${reason.slice(from, at)}${whole ? '…' : name}`;
    from = at + name.length;
  }
  return text + reason.slice(from);
}

/** Who may connect: unused first, then what is not known, then used. */
export function picturesOfAccess(report: Report): readonly AccessPicture[] {
  const verdicts = new Map(
    report.verdicts.filter(({ check }) => check === 'grant-used').map((verdict) => [verdict.resource.arn, verdict] as const),
  );
  const order = ['unused', 'unknown', 'used'];
  return report.accesses
    .map((access): AccessPicture => {
      const verdict = verdicts.get(access.principal);
      if (verdict?.verdict === 'fail') return { access, use: 'unused', reason: verdict.reason };
      if (verdict?.verdict === 'pass') return { access, use: 'used', reason: verdict.reason };
      return { access, use: 'unknown', reason: verdict?.reason ?? 'Whether it is used was not judged.' };
    })
    .sort((a, b) => order.indexOf(a.use) - order.indexOf(b.use) || compare(a.access.principal, b.access.principal));
}

/** The changes of the window, oldest first: what the change checks say, and every watched parameter's history that they do not name. */
export function picturesOfChanges(report: Report): readonly ChangePicture[] {
  const changes = report.changes.map(changePicture);
  const known = new Set(changes.map(({ eventId }) => eventId).filter((id) => id !== null));
  const history = report.findings
    .filter(({ check, evidence }) => check === 'parameter-history' && !known.has(textOf(evidence.eventId)))
    .map(historyPicture);
  return [...changes, ...history].sort((a, b) => compare(a.at ?? '', b.at ?? '') || compare(a.reason, b.reason));
}

function changePicture(alert: Alert): ChangePicture {
  return {
    at: alert.eventTime,
    check: alert.check,
    severity: alert.severity,
    title: alert.title,
    reason: alert.reason,
    who: nameOfPrincipal(alert.principal),
    how: [alert.tool && `with ${toolName(alert.tool)}`, alert.sourceAddress && `from ${alert.sourceAddress}`].filter(Boolean).join(' '),
    resources: alert.resources,
    before: alert.before ?? {},
    after: alert.after ?? {},
    eventId: alert.eventId,
    command: alert.remediation?.command ?? null,
    opened: alert.findings,
  };
}

function historyPicture(finding: Finding): ChangePicture {
  return {
    at: finding.firstSeen,
    check: finding.check,
    severity: finding.severity,
    title: finding.title,
    reason: finding.reason,
    who: shortArn(textOf(finding.evidence.principal)) || 'somebody unknown',
    how: '',
    resources: [finding.resource],
    before: {},
    after: {},
    eventId: textOf(finding.evidence.eventId) || null,
    command: null,
    opened: [],
  };
}

const toolNames: Readonly<Record<string, string>> = {
  console: 'the console',
  cloudformation: 'CloudFormation',
  terraform: 'Terraform',
  pulumi: 'Pulumi',
  cdk: 'CDK',
  'aws-cli': 'the AWS CLI',
  sdk: 'an SDK',
  service: 'an AWS service',
};

/** A tool as a sentence calls it; one that is not known by the name it gives itself. */
export function toolName(tool: string): string {
  return Object.hasOwn(toolNames, tool) ? (toolNames[tool] ?? tool) : tool;
}

/** A caller in a few words: `alice (role/dba-oncall)`, `root`, `rds.amazonaws.com`. */
export function nameOfPrincipal(principal: AlertPrincipal | null): string {
  if (principal === null) return 'somebody unknown';
  if (principal.type === 'Root') return 'root';
  if (principal.session !== null && principal.issuer !== null) return `${principal.session} (${shortArn(principal.issuer)})`;
  return shortArn(principal.issuer ?? principal.arn ?? '') || principal.invokedBy || principal.account || 'somebody unknown';
}

/** Who opened each finding, as far as a change in the report says: fingerprint → change. */
export function changesByFinding(changes: readonly ChangePicture[]): ReadonlyMap<string, ChangePicture> {
  return new Map(changes.flatMap((change) => change.opened.map((fingerprint) => [fingerprint, change] as const)));
}

/** Whether a finding is new since the report before; null without a comparison. */
export function noveltyOf(report: Report): (fingerprint: string) => 'new' | 'unchanged' | null {
  const { comparison } = report;
  if (!comparison) return () => null;
  const fresh = new Set(comparison.new);
  return (fingerprint) => (fresh.has(fingerprint) ? 'new' : 'unchanged');
}

/** True for the lines that sum up a kind of source: `inventory`, `log`. */
export function isSum(line: Coverage): boolean {
  return !line.source.includes(':');
}

/** What is lost of an ARN is what a reader of one account knows already: `role/dba-oncall`, `dbuser:cluster-ABC/app`. */
export function shortArn(arn: string): string {
  const parts = arn.split(':');
  return parts[0] === 'arn' && parts.length > 5 ? parts.slice(5).join(':') : arn;
}

/** `2026-05-03 12:00` (UTC) of an ISO time; anything else as it is. */
export function minute(time: string): string {
  return isTime(time) ? `${time.slice(0, 10)} ${time.slice(11, 16)}` : time;
}

/** `2026-05-03` of an ISO time; anything else as it is. */
export function day(time: string): string {
  return isTime(time) ? time.slice(0, 10) : time;
}

/** True for an ISO 8601 time in UTC. */
export function isTime(time: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z$/.test(time) && !Number.isNaN(Date.parse(time));
}

/** Evidence in lines: names padded, lists and objects as JSON. */
export function evidenceLines(evidence: Readonly<Record<string, unknown>>): readonly (readonly [name: string, value: string])[] {
  return Object.entries(evidence).flatMap(([name, value]): (readonly [string, string])[] => {
    if (Array.isArray(value) && value.length > 0)
      return value.map((one: unknown, index) => [index === 0 ? name : '', textOf(one)] as const);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return Object.entries(value).map(
        ([key, one]: [string, unknown], index) => [index === 0 ? name : '', `${key}: ${textOf(one)}`] as const,
      );
    }
    return [[name, Array.isArray(value) ? 'none' : textOf(value)]];
  });
}

/** A value of the evidence as text: itself where it is text, `not known` for null, else JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return value === null ? 'not known' : '';
  return JSON.stringify(value) ?? '';
}

/** `1 cluster`, `2 clusters`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${new Intl.NumberFormat('en').format(count)} ${count === 1 ? noun : plural}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a finding is in a list of findings: as in the report, or gone since the report before. */
export interface ListedFinding {
  readonly finding: Finding;
  /** Null without a comparison. */
  readonly novelty: 'new' | 'unchanged' | 'gone' | null;
}

/** The findings of the report in its order, then those that are gone since the report before. */
export function listedFindings(report: Report): readonly ListedFinding[] {
  const novelty = noveltyOf(report);
  return [
    ...report.findings.map((finding) => ({ finding, novelty: novelty(finding.fingerprint) })),
    ...(report.comparison?.gone ?? []).map((finding) => ({ finding, novelty: 'gone' as const })),
  ];
}

/** What could not be judged, as findings for formats that know nothing else: its reason is why, and its severity what the check would weigh. */
export function unknownFindings({ verdicts, at }: Report, catalogue: Catalogue | undefined): readonly Finding[] {
  return verdicts
    .filter(({ verdict }) => verdict === 'unknown')
    .map(({ check, resource, reason, fingerprint }) => {
      const about = catalogue?.get(check);
      return {
        fingerprint: fingerprint ?? `${check}/${resource.arn}`,
        check,
        severity: about?.severity ?? 'info',
        title: about?.title ?? check,
        resource,
        reason,
        firstSeen: at,
        lastSeen: at,
        count: 1,
        evidence: {},
        remediation: null,
        state: 'open',
      };
    });
}

/** Whether a check judges what is configured or granted, and not what logs say; without a catalogue, its verdicts tell. */
export function isConfiguration(report: Report, catalogue: Catalogue | undefined): (check: string) => boolean {
  const judged = new Set(report.verdicts.map(({ check }) => check));
  return (check) => {
    const kind = catalogue?.get(check)?.kind;
    return kind === undefined ? judged.has(check) : kind === 'posture' || kind === 'access';
  };
}

/** Partition and account of an ARN; null where it names none. */
export function ownerOf(arn: string): { readonly partition: string; readonly account: string | null } {
  const [prefix, partition, , , account] = arn.split(':', 6);
  return {
    partition: prefix === 'arn' && partition !== undefined && /^aws(-[a-z]+)*$/.test(partition) ? partition : 'aws',
    account: account !== undefined && /^\d{12}$/.test(account) ? account : null,
  };
}
