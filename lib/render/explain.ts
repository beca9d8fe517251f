import { UsageError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { Coverage, Report } from '../domain/report.ts';
import { shellCommand } from '../domain/shell.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { commandLines, Page, type PageOptions, printCommand, printEvidence } from './page.ts';
import { type Catalogue, type ChangePicture, changesByFinding, counted, isSum, minute, noveltyOf, picturesOfChanges } from './picture.ts';
import { clip, visible } from './visible.ts';

/** How an explanation is printed, and what the checks say about themselves. */
export interface ExplainOptions extends Omit<PageOptions, 'details'> {
  readonly catalogue?: Catalogue;
}

/** Where a finding comes from, step by step: the check, what was read, the facts, the verdict, what to do. Throws a UsageError where the report has no such finding. */
export function renderExplanation(report: Report, fingerprint: string, options: ExplainOptions): string {
  const finding = report.findings.find((one) => one.fingerprint === fingerprint);
  if (!finding) throw new UsageError(`The report has no finding with the fingerprint ${visible(clip(fingerprint, 80))}.`);
  const about = options.catalogue?.get(finding.check);
  const page = new Page({ ...options, details: true });
  const { resource } = finding;

  page.paragraph(2, `${page.paint(finding.severity, finding.severity)} ${visible(finding.check)} on ${visible(resource.name)}`, {
    first: '',
  });
  page.paragraph(2, `fingerprint ${visible(finding.fingerprint)}`, { first: '', style: 'dim' });

  step(page, '1. What is checked');
  page.paragraph(3, visible(finding.title));
  if (about) {
    page.paragraph(3, `How it is judged: ${about.judged}`);
    page.paragraph(3, `Why it matters: ${about.rationale}`);
  }

  step(page, '2. On what');
  page.paragraph(3, `${resource.type} ${visible(resource.name)}, ${visible(resource.region)}`);
  page.paragraph(3, visible(resource.arn));

  step(page, '3. What was read');
  printSources(page, finding, about, report);

  step(page, '4. The facts');
  if (Object.keys(finding.evidence).length === 0) page.paragraph(3, 'none beside the verdict');
  printEvidence(page, finding, 3);

  step(page, '5. The verdict');
  page.paragraph(3, visible(finding.reason));
  if (finding.inEffect === false) page.paragraph(3, 'It is configured so, and not in effect yet.');
  printTimes(page, finding, report, changesByFinding(picturesOfChanges(report)).get(finding.fingerprint));

  step(page, '6. The severity');
  page.paragraph(3, severitySentence(finding, about));
  page.paragraph(3, stateSentence(finding));

  step(page, '7. What to do');
  if (finding.remediation) printCommand(page, finding.remediation, true, 3);
  else page.paragraph(3, about ? visible(about.fix) : 'The report names no command.');
  for (const sentence of about?.falsePositives ?? []) page.paragraph(3, `No problem when: ${sentence}`);
  for (const reference of about?.references ?? []) page.paragraph(3, reference, { style: 'dim' });
  return page.text();
}

function step(page: Page, title: string): void {
  page.section(title);
}

function printSources(page: Page, finding: Finding, about: CatalogueEntry | undefined, report: Report): void {
  const sources = sourcesOf(finding, about, report);
  const shown = [...sources.filter(({ whole }) => !whole), ...sources.filter(({ whole }) => whole)].slice(0, 12);
  for (const { name, whole, state } of shown) {
    const mark = whole ? page.paint('fine', '✔') : page.paint('unknown', '?');
    page.paragraph(5, `${visible(name)} (${visible(state)})`, { first: `   ${mark} ` });
  }
  if (shown.length < sources.length) page.paragraph(5, `and ${counted(sources.length - shown.length, 'more file')} that could be read`);
  if (sources.length === 0) page.paragraph(3, 'The report does not say; its coverage names no source of this check.');
  if (about?.kind !== 'activity') return;

  const window = report.window ? `, from ${visible(minute(report.window.from))} to ${visible(minute(report.window.to))} UTC` : '';
  page.paragraph(3, `Rows of queries/check/${about.id}.sql${window}; "aurora-watch query ${about.id}" prints it.`);
  const logs = shown.filter(({ isLog }) => isLog).map(({ name }) => name);
  const { source } = finding.evidence;
  if (typeof source === 'string' && source !== '' && logs.length > 0) {
    page.paragraph(3, 'Its lines, seen from the evidence folder:');
    for (const line of commandLines(visible(shellCommand('zgrep', '-nF', '--', source, ...logs)), page.width - 7))
      page.line(`   ${line.startsWith('zgrep') ? '$ ' : '    '}${page.paint('command', line)}`);
  }
}

/** What a finding stands on, by the file that a person finds it in. */
interface Source {
  readonly name: string;
  /** False: something of it could not be read. */
  readonly whole: boolean;
  readonly state: string;
  readonly isLog: boolean;
}

/** The coverage of what this finding stands on. */
function sourcesOf(finding: Finding, about: CatalogueEntry | undefined, report: Report): readonly Source[] {
  const commands = new Set((about?.needs ?? []).map(commandOf));
  const cluster = typeof finding.evidence.cluster === 'string' ? finding.evidence.cluster : null;
  const logged = about ? about.kind !== 'posture' : cluster !== null;
  // Activity that is of no cluster was found in CloudTrail's records alone.
  const isCalls = about?.kind === 'activity' && cluster === null;
  return report.coverage.flatMap((line): Source[] => {
    const [kind, ...rest] = line.source.split(':');
    const file = rest.join(':');
    if (kind === 'inventory') return commands.has(file) ? [answerSource(file, line, finding, report)] : [];
    if (!logged || isSum(line) || (isCalls && kind !== 'cloudtrail')) return [];
    const isOwn = kind === 'log' ? cluster === null || file.split('/').includes(cluster) : kind === 'cloudwatch' || cluster === null;
    return isOwn && (kind === 'log' || kind === 'cloudwatch' || kind === 'cloudtrail') ? [fileSource(file, line, kind === 'log')] : [];
  });
}

function fileSource(name: string, { status, detail, records, rejected }: Coverage, isLog: boolean): Source {
  const count = `${counted(records, 'record')}${rejected > 0 ? `, ${rejected} not readable` : ''}`;
  return { name, whole: status === 'complete', state: [status, count, detail].filter(Boolean).join(', '), isLog };
}

/** An answer that the facts name was there, whatever other answers of the command were not. */
function answerSource(command: string, { status, detail }: Coverage, finding: Finding, report: Report): Source {
  const name = answerFile(command, finding, report);
  const what = named.get(command);
  if (status === 'partial' && what !== undefined && typeof finding.evidence[what] === 'string') {
    return { name, whole: true, state: 'answered', isLog: false };
  }
  return { name, whole: status === 'complete', state: detail === '' ? status : `${status}: ${detail}`, isLog: false };
}

/** `rds:describe-db-clusters` of the IAM action `rds:DescribeDBClusters`. */
function commandOf(action: string): string {
  const [service = '', name = ''] = action.split(':');
  return `${service}:${name.replaceAll(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase()}`;
}

/** Commands that take a name, and what it is the name of. */
const named: ReadonlyMap<string, string> = new Map([
  ['rds:describe-db-cluster-parameters', 'group'],
  ['rds:describe-db-parameters', 'group'],
  ['rds:describe-db-cluster-snapshot-attributes', 'snapshot'],
  ['rds:describe-db-snapshot-attributes', 'snapshot'],
  ['rds:describe-db-proxy-targets', 'proxy'],
  ['rds:describe-db-engine-versions', 'engine'],
  ['rds:describe-db-major-engine-versions', 'engine'],
  ['ec2:get-managed-prefix-list-entries', 'prefix-list'],
  ['iam:get-service-last-accessed-details', 'principal'],
  ['secretsmanager:describe-secret', 'secret'],
  ['cloudtrail:get-trail-status', 'trail'],
  ['cloudtrail:get-event-selectors', 'trail'],
  ['guardduty:get-detector', 'detector'],
  ['logs:describe-subscription-filters', 'log-group'],
]);

/** The file of the evidence folder that holds an answer; what is not known of its name stands in angle brackets. */
function answerFile(source: string, finding: Finding, report: Report): string {
  const [service = '', command = ''] = source.split(':');
  const own =
    finding.resource.region === 'global' ? (report.regions.length === 1 ? report.regions[0] : undefined) : finding.resource.region;
  const region = service === 'iam' ? 'global' : (own ?? '<region>');
  const path = `inventory/${region}/${service}/${command}`;
  const what = named.get(source);
  if (what === undefined) return `${path}.json`;
  const { resource, evidence } = finding;
  const name = evidence[what] ?? (resource.type === what ? (what === 'principal' ? resource.arn : resource.name) : undefined);
  return `${path}/${typeof name === 'string' ? encodeURIComponent(name.toWellFormed()) : `<${what}>`}.json`;
}

function printTimes(
  page: Page,
  { firstSeen, lastSeen, count, fingerprint }: Finding,
  report: Report,
  change: ChangePicture | undefined,
): void {
  if (firstSeen !== null) {
    const last = lastSeen !== null && lastSeen !== firstSeen ? `, last ${visible(minute(lastSeen))}` : '';
    page.paragraph(3, `First seen ${visible(minute(firstSeen))}${last} UTC${count > 1 ? `, ${counted(count, 'time')}` : ''}.`);
  }
  if (change) {
    const event = change.eventId === null ? '' : ` (CloudTrail event ${visible(change.eventId)})`;
    const when = change.at === null ? '' : ` at ${visible(minute(change.at))} UTC`;
    page.paragraph(3, `Changed by ${visible(change.who)} ${visible(change.how)}${when}${event}: ${visible(change.reason)}`);
  }
  const since = report.comparison?.since;
  const novelty = noveltyOf(report)(fingerprint);
  if (novelty !== null) page.paragraph(3, `It is ${novelty} since ${since ? `${visible(minute(since))} UTC` : 'the report before'}.`);
}

function severitySentence({ severity }: Finding, about: CatalogueEntry | undefined): string {
  if (!about) return severity;
  if (severity === about.severity) return `${severity}, as usual for this check.`;
  return `${severity}; ${about.severity} is usual for this check, and these facts, or severities in the configuration, say otherwise.`;
}

function stateSentence({ state, suppression }: Finding): string {
  if (state === 'open') return 'It is open, and no suppression covers it.';
  const by = suppression?.by ? ` by ${visible(suppression.by)}` : '';
  const until = suppression?.until ? ` until ${visible(suppression.until)}` : '';
  const why = suppression ? `: ${visible(suppression.reason)}` : '';
  return `It is suppressed${by}${until}, so it does not count for the exit status${why}`;
}
