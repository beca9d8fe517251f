import type { Finding } from '../domain/finding.ts';
import type { Report } from '../domain/report.ts';
import type { FindingOptions } from './asff.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { isConfiguration, isTime, type ListedFinding, listedFindings, ownerOf } from './picture.ts';
import { bounded, visible } from './visible.ts';

/** The version of the Open Cybersecurity Schema Framework that the events are of: https://schema.ocsf.io/1.5.0/. */
export const ocsfVersion = '1.5.0';

const levels = { critical: 5, high: 4, medium: 3, low: 2, info: 1 } as const;
const levelNames = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Informational' } as const;

/**
 * The findings as OCSF events: Compliance Finding (2003) for what is configured or granted, Detection Finding (2004) for what the logs say.
 * What is gone since the report before is closed.
 */
export function renderOcsf(report: Report, { catalogue }: FindingOptions = {}): string {
  const judged = isConfiguration(report, catalogue);
  return `${JSON.stringify(
    listedFindings(report).map((listed) => event(listed, report, judged(listed.finding.check), catalogue?.get(listed.finding.check))),
    null,
    2,
  )}\n`;
}

function event({ finding, novelty }: ListedFinding, report: Report, configuration: boolean, about: CatalogueEntry | undefined): object {
  const gone = novelty === 'gone';
  const activity = gone ? close : novelty === 'unchanged' ? update : create;
  const status = gone ? resolved : finding.state === 'suppressed' ? suppressed : fresh;
  const classUid = configuration ? 2003 : 2004;
  const { partition, account } = ownerOf(finding.resource.arn);
  const time = timeOf(report.at) ?? timeOf(finding.lastSeen) ?? timeOf(finding.firstSeen) ?? 0;
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: 2,
    category_name: 'Findings',
    class_uid: classUid,
    class_name: configuration ? 'Compliance Finding' : 'Detection Finding',
    type_uid: classUid * 100 + activity.id,
    type_name: `${configuration ? 'Compliance Finding' : 'Detection Finding'}: ${activity.name}`,
    time,
    ...(timeOf(finding.firstSeen) === null ? {} : { start_time: timeOf(finding.firstSeen) }),
    ...(timeOf(finding.lastSeen) === null ? {} : { end_time: timeOf(finding.lastSeen) }),
    count: finding.count,
    severity_id: levels[finding.severity],
    severity: levelNames[finding.severity],
    status_id: status.id,
    status: status.name,
    message: visible(finding.reason),
    ...(finding.suppression ? { comment: commentOf(finding.suppression) } : {}),
    metadata: {
      version: ocsfVersion,
      product: { name: 'Aurora Watch', uid: report.generator.name, vendor_name: 'Aurora Watch', version: report.generator.version },
      profiles: ['cloud'],
      uid: finding.fingerprint,
      event_code: finding.check,
    },
    cloud: {
      provider: 'AWS',
      cloud_partition: partition,
      region: finding.resource.region,
      account: { uid: report.account ?? account ?? 'unknown', type_id: 10, type: 'AWS Account' },
    },
    finding_info: {
      uid: finding.fingerprint,
      title: visible(finding.title),
      desc: visible(finding.reason),
      types: [finding.check],
      analytic: { uid: finding.check, name: visible(finding.title), type_id: 1, type: 'Rule' },
      ...(timeOf(finding.firstSeen) === null ? {} : { first_seen_time: timeOf(finding.firstSeen) }),
      ...(timeOf(finding.lastSeen) === null ? {} : { last_seen_time: timeOf(finding.lastSeen) }),
    },
    ...(configuration ? { compliance: complianceOf(finding, gone, about) } : { is_alert: finding.severity !== 'info' }),
    resources: [
      {
        uid: finding.resource.arn,
        name: finding.resource.name,
        type: finding.resource.type,
        region: finding.resource.region,
        cloud_partition: partition,
      },
    ],
    evidences: [{ data: finding.evidence }],
    ...(finding.remediation || about ? { remediation: remediationOf(finding, about) } : {}),
    unmapped: {
      ...(finding.inEffect === undefined ? {} : { in_effect: finding.inEffect }),
      ...(novelty === null ? {} : { comparison: novelty }),
    },
  };
}

const create = { id: 1, name: 'Create' };
const update = { id: 2, name: 'Update' };
const close = { id: 3, name: 'Close' };
const fresh = { id: 1, name: 'New' };
const suppressed = { id: 3, name: 'Suppressed' };
const resolved = { id: 4, name: 'Resolved' };

/** A control is the name of its standard and, after the last space, the requirement: `PCI DSS 4.0 8.3.2`. */
function complianceOf({ check }: Finding, gone: boolean, about: CatalogueEntry | undefined): object {
  const controls = about?.controls ?? [];
  const standards = [...new Set(controls.map((control) => control.slice(0, Math.max(0, control.lastIndexOf(' ')))))].filter(Boolean).sort();
  return {
    control: check,
    ...(standards.length > 0 ? { standards, requirements: controls } : {}),
    status_id: gone ? 1 : 3,
    status: gone ? 'Pass' : 'Fail',
  };
}

/** Its own command, else what the check says for every resource. */
function remediationOf({ remediation }: Finding, about: CatalogueEntry | undefined): object {
  const references = (about?.references ?? []).filter((reference) => reference.startsWith('https://'));
  const own =
    remediation &&
    `${remediation.command} (effective ${remediation.effect}${remediation.note === undefined ? '' : `; ${remediation.note}`})`;
  return { desc: own ?? about?.fix ?? '', ...(references.length > 0 ? { references } : {}) };
}

function commentOf({ by, reason, until }: NonNullable<Finding['suppression']>): string {
  return bounded(`Suppressed${by === null ? '' : ` by ${by}`}${until === null ? '' : ` until ${until}`}: ${reason}`, 4096);
}

/** Milliseconds since 1970. */
function timeOf(time: string | null): number | null {
  return time !== null && isTime(time) ? Date.parse(time) : null;
}
