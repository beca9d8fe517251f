import type { Report } from '../domain/report.ts';
import type { FindingOptions } from './asff.ts';
import { type ListedFinding, listedFindings, unknownFindings } from './picture.ts';
import { clip, visibleLines } from './visible.ts';

interface Row extends ListedFinding {
  readonly state: 'open' | 'suppressed' | 'resolved' | 'unknown';
}

const columns: readonly (readonly [name: string, value: (row: Row, report: Report) => string | number])[] = [
  ['fingerprint', ({ finding }) => finding.fingerprint],
  ['check', ({ finding }) => finding.check],
  ['severity', ({ finding }) => finding.severity],
  ['state', ({ state }) => state],
  ['comparison', ({ novelty }) => novelty ?? ''],
  ['title', ({ finding }) => finding.title],
  ['reason', ({ finding }) => finding.reason],
  ['account', (_, report) => report.account ?? ''],
  ['region', ({ finding }) => finding.resource.region],
  ['resourceType', ({ finding }) => finding.resource.type],
  ['resourceName', ({ finding }) => finding.resource.name],
  ['resourceArn', ({ finding }) => finding.resource.arn],
  ['inEffect', ({ finding }) => (finding.inEffect === undefined ? '' : String(finding.inEffect))],
  ['firstSeen', ({ finding }) => finding.firstSeen ?? ''],
  ['lastSeen', ({ finding }) => finding.lastSeen ?? ''],
  ['count', ({ finding }) => finding.count],
  ['command', ({ finding }) => finding.remediation?.command ?? ''],
  ['effect', ({ finding }) => finding.remediation?.effect ?? ''],
  ['note', ({ finding }) => finding.remediation?.note ?? ''],
  ['suppressedBy', ({ finding }) => finding.suppression?.by ?? ''],
  ['suppressedUntil', ({ finding }) => finding.suppression?.until ?? ''],
  ['suppressionReason', ({ finding }) => finding.suppression?.reason ?? ''],
  ['evidence', ({ finding }) => JSON.stringify(finding.evidence)],
];

/**
 * One row per finding (RFC 4180); those that are gone since the report before (state `resolved`) follow, and what could not be judged (`unknown`, with the
 * severity that its finding would have). No cell is a formula.
 */
export function renderCsv(report: Report, { catalogue }: FindingOptions = {}): string {
  const listed = listedFindings(report).map((one): Row => ({ ...one, state: one.novelty === 'gone' ? 'resolved' : one.finding.state }));
  const unknown = unknownFindings(report, catalogue).map((finding): Row => ({ finding, novelty: null, state: 'unknown' }));
  const rows = [
    columns.map(([name]) => cell(name)),
    ...[...listed, ...unknown].map((one) => columns.map(([, value]) => cell(value(one, report)))),
  ];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}

/** A spreadsheet takes 32 767 UTF-16 code units in a cell; a character takes two at most. */
const most = 16_000;
/** What makes a cell a formula, in ASCII and as the wide forms that some spreadsheets read the same. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = clip(visibleLines(value).join('\n'), most);
  const inert = formula.test(value) || formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
