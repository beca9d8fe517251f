import type { Alert } from '../domain/alert.ts';
import type { Finding } from '../domain/finding.ts';
import type { Report } from '../domain/report.ts';
import type { Resource } from '../domain/resource.ts';
import type { FindingOptions } from './asff.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { isConfiguration, isTime, type ListedFinding, listedFindings, ownerOf, unknownFindings } from './picture.ts';
import { bounded, visible } from './visible.ts';

/** The version of the Open Cybersecurity Schema Framework that the events are of: https://schema.ocsf.io/1.5.0/. */
export const ocsfVersion = '1.5.0';

const levels = { critical: 5, high: 4, medium: 3, low: 2, info: 1 } as const;
const levelNames = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Informational' } as const;

/**
 * The findings as OCSF events: Compliance Finding (2003) for what is configured or granted, what could not be judged among it; Detection Finding (2004) for
 * what the logs say and for what somebody changed. What is gone since the report before is closed.
 */
export function renderOcsf(report: Report, { catalogue }: FindingOptions = {}): string {
  const judged = isConfiguration(report, catalogue);
  const events = [
    ...listedFindings(report).map((listed) => event(listed, report, judged(listed.finding.check), catalogue?.get(listed.finding.check))),
    ...unknownFindings(report, catalogue).map((finding) => unknownEvent(finding, report, catalogue?.get(finding.check))),
    ...report.changes.map((change) => changeEvent(change, report)),
  ];
  return `${JSON.stringify(events, null, 2)}\n`;
}

function event({ finding, novelty }: ListedFinding, report: Report, configuration: boolean, about: CatalogueEntry | undefined): object {
  const gone = novelty === 'gone';
  const activity = gone ? close : novelty === 'unchanged' ? update : create;
  return {
    ...headOf(configuration ? compliance : detection, activity),
    ...timesOf(finding, report),
    count: finding.count,
    severity_id: levels[finding.severity],
    severity: levelNames[finding.severity],
    ...statusOf(gone ? resolved : finding.state === 'suppressed' ? suppressed : fresh),
    message: visible(finding.reason),
    ...(finding.suppression ? { comment: commentOf(finding.suppression) } : {}),
    metadata: metadataOf(report, finding.fingerprint, finding.check),
    cloud: cloudOf(finding.resource, report),
    finding_info: infoOf(finding),
    ...(configuration ? { compliance: complianceOf(finding, gone ? passed : failed, about) } : { is_alert: finding.severity !== 'info' }),
    resources: [resourceOf(finding.resource)],
    evidences: [{ data: finding.evidence }],
    ...(finding.remediation || about ? { remediation: remediationOf(finding, about) } : {}),
    unmapped: {
      ...(finding.inEffect === undefined ? {} : { in_effect: finding.inEffect }),
      ...(novelty === null ? {} : { comparison: novelty }),
    },
  };
}

/** Neither good nor bad news: of the weight of information, with why it is not known. */
function unknownEvent(finding: Finding, report: Report, about: CatalogueEntry | undefined): object {
  return {
    ...headOf(compliance, create),
    ...timesOf(finding, report),
    count: 1,
    severity_id: levels.info,
    severity: levelNames.info,
    ...statusOf(fresh),
    message: visible(finding.reason),
    metadata: metadataOf(report, finding.fingerprint, finding.check),
    cloud: cloudOf(finding.resource, report),
    finding_info: infoOf(finding),
    compliance: { ...complianceOf(finding, unknown, about), status_details: [visible(finding.reason)] },
    resources: [resourceOf(finding.resource)],
  };
}

/** What somebody changed: when, who, from where, what was there before and after. */
function changeEvent(change: Alert, report: Report): object {
  const { id, check, severity, title, reason, eventTime, at, resources, remediation, fix, findings, inEffect, openedBy, eventId } = change;
  const time = timeOf(eventTime) ?? timeOf(at) ?? timeOf(report.at) ?? 0;
  const [first] = resources;
  return {
    ...headOf(detection, create),
    time,
    start_time: time,
    end_time: time,
    count: 1,
    severity_id: levels[severity],
    severity: levelNames[severity],
    ...statusOf(fresh),
    message: visible(reason),
    metadata: metadataOf(report, id, check),
    cloud: cloudOf(first ?? { arn: '', region: change.region }, report),
    finding_info: {
      uid: id,
      title: visible(title),
      desc: visible(reason),
      types: [check],
      analytic: { uid: check, name: visible(title), type_id: 1, type: 'Rule' },
      created_time: time,
      ...(findings.length > 0 ? { related_events: findings.slice(0, 100).map((uid) => ({ uid })) } : {}),
    },
    is_alert: severity !== 'info',
    ...(resources.length > 0 ? { resources: resources.map(resourceOf) } : {}),
    evidences: [evidenceOf(change)],
    ...(remediation || fix ? { remediation: { desc: remediation ? adviceOf(remediation) : fix } } : {}),
    unmapped: {
      ...(inEffect === null ? {} : { in_effect: inEffect }),
      ...(openedBy === null ? {} : { opened_by: openedBy }),
      ...(eventId === null ? {} : { cloudtrail_event: eventId }),
    },
  };
}

function evidenceOf({ principal, sourceAddress, userAgent, tool, before, after }: Alert): object {
  const uid = principal?.arn ?? principal?.issuer ?? null;
  const user = uid === null ? null : { uid, ...(principal?.account ? { account: { uid: principal.account, type_id: 10 } } : {}) };
  const session = principal?.session || principal?.issuer ? { session: sessionOf(principal) } : {};
  const invoked = principal?.invokedBy ? { invoked_by: principal.invokedBy } : {};
  const actor = { ...(user ? { user } : {}), ...session, ...invoked };
  return {
    ...(Object.keys(actor).length > 0 ? { actor } : {}),
    ...(sourceAddress ? { src_endpoint: { name: sourceAddress, ...(isAddress(sourceAddress) ? { ip: sourceAddress } : {}) } } : {}),
    data: { before: before ?? null, after: after ?? null, userAgent, tool },
  };
}

function sessionOf({ session, issuer }: NonNullable<Alert['principal']>): object {
  return { ...(session ? { uid: session } : {}), ...(issuer ? { issuer } : {}) };
}

/** True for an IPv4 or IPv6 address as CloudTrail writes it; a service calls from its name. */
function isAddress(text: string): boolean {
  const parts = text.split('.');
  if (parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return true;
  if (!/^[\da-f:]{2,39}$/i.test(text)) return false;
  const [head = '', tail, ...more] = text.split('::');
  const groups = [head, tail ?? ''].flatMap((half) => (half === '' ? [] : half.split(':')));
  if (more.length > 0 || !groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return false;
  return tail === undefined ? groups.length === 8 : groups.length < 8;
}

interface Named {
  readonly id: number;
  readonly name: string;
}

const compliance: Named = { id: 2003, name: 'Compliance Finding' };
const detection: Named = { id: 2004, name: 'Detection Finding' };

function headOf(kind: Named, activity: Named): object {
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: 2,
    category_name: 'Findings',
    class_uid: kind.id,
    class_name: kind.name,
    type_uid: kind.id * 100 + activity.id,
    type_name: `${kind.name}: ${activity.name}`,
  };
}

function timesOf({ firstSeen, lastSeen }: Finding, { at }: Report): object {
  return {
    time: timeOf(at) ?? timeOf(lastSeen) ?? timeOf(firstSeen) ?? 0,
    ...(timeOf(firstSeen) === null ? {} : { start_time: timeOf(firstSeen) }),
    ...(timeOf(lastSeen) === null ? {} : { end_time: timeOf(lastSeen) }),
  };
}

function statusOf({ id, name }: Named): object {
  return { status_id: id, status: name };
}

function metadataOf({ generator }: Report, uid: string, check: string): object {
  return {
    version: ocsfVersion,
    product: { name: 'Aurora Watch', uid: generator.name, vendor_name: 'Aurora Watch', version: generator.version },
    profiles: ['cloud'],
    uid,
    event_code: check,
  };
}

function cloudOf({ arn, region }: Pick<Resource, 'arn' | 'region'>, report: Report): object {
  const { partition, account } = ownerOf(arn);
  return {
    provider: 'AWS',
    cloud_partition: partition,
    region,
    account: { uid: report.account ?? account ?? 'unknown', type_id: 10, type: 'AWS Account' },
  };
}

function infoOf({ fingerprint, title, reason, check, firstSeen, lastSeen }: Finding): object {
  return {
    uid: fingerprint,
    title: visible(title),
    desc: visible(reason),
    types: [check],
    analytic: { uid: check, name: visible(title), type_id: 1, type: 'Rule' },
    ...(timeOf(firstSeen) === null ? {} : { first_seen_time: timeOf(firstSeen) }),
    ...(timeOf(lastSeen) === null ? {} : { last_seen_time: timeOf(lastSeen) }),
  };
}

function resourceOf({ arn, name, type, region }: Resource): object {
  return { uid: arn, name, type, region, cloud_partition: ownerOf(arn).partition };
}

const create = { id: 1, name: 'Create' };
const update = { id: 2, name: 'Update' };
const close = { id: 3, name: 'Close' };
const fresh = { id: 1, name: 'New' };
const suppressed = { id: 3, name: 'Suppressed' };
const resolved = { id: 4, name: 'Resolved' };
const unknown = { id: 0, name: 'Unknown' };
const passed = { id: 1, name: 'Pass' };
const failed = { id: 3, name: 'Fail' };

/** A control is the name of its standard and, after the last space, the requirement: `PCI DSS 4.0 8.3.2`. */
function complianceOf({ check }: Finding, { id, name }: Named, about: CatalogueEntry | undefined): object {
  const controls = about?.controls ?? [];
  const standards = [...new Set(controls.map((control) => control.slice(0, Math.max(0, control.lastIndexOf(' ')))))].filter(Boolean).sort();
  return {
    control: check,
    ...(standards.length > 0 ? { standards, requirements: controls } : {}),
    status_id: id,
    status: name,
  };
}

/** Its own command, else what the check says for every resource. */
function remediationOf({ remediation }: Finding, about: CatalogueEntry | undefined): object {
  const references = (about?.references ?? []).filter((reference) => reference.startsWith('https://'));
  return { desc: (remediation && adviceOf(remediation)) ?? about?.fix ?? '', ...(references.length > 0 ? { references } : {}) };
}

function adviceOf({ command, effect, note }: NonNullable<Finding['remediation']>): string {
  return `${command} (effective ${effect}${note === undefined ? '' : `. ${note}`})`;
}

function commentOf({ by, reason, until }: NonNullable<Finding['suppression']>): string {
  return bounded(`Suppressed${by === null ? '' : ` by ${by}`}${until === null ? '' : ` until ${until}`}: ${reason}`, 4096);
}

/** Milliseconds since 1970. */
function timeOf(time: string | null): number | null {
  return time !== null && isTime(time) ? Date.parse(time) : null;
}
