import type { Finding } from '../domain/finding.ts';
import type { Coverage, Report } from '../domain/report.ts';
import { atLeast, severities } from '../domain/severity.ts';
import { column, Page, type PageOptions, printCommand, printEvidence, type Style } from './page.ts';
import {
  type Catalogue,
  type ChangePicture,
  type ClusterPicture,
  type ClusterState,
  changesByFinding,
  counted,
  day,
  type FindingGroup,
  groupByCheck,
  groupUnknown,
  isSum,
  minute,
  nameOf,
  noveltyOf,
  picturesOfAccess,
  picturesOfChanges,
  picturesOfClusters,
  readyWords,
  shortArn,
} from './picture.ts';
import { clip, pad, shorten, visible } from './visible.ts';

/** How the report is printed on a terminal; details are each finding's evidence, every resource, every line of coverage. */
export interface TextOptions extends PageOptions {
  /** Decides which unknown verdicts matter; without it, all do. */
  readonly catalogue?: Catalogue;
}

const plain: TextOptions = { colour: false, width: 100, details: false };

/** The report for a terminal: one screen for a small account, everything with `details`. */
export function renderText(report: Report, options: TextOptions = plain): string {
  const page = new Page(options);
  const groups = groupByCheck(report.findings.filter((finding) => finding.state === 'open'));
  const changes = picturesOfChanges(report);

  printHead(page, report);
  printComparison(page, report);
  printClusters(page, picturesOfClusters(report, options.catalogue));
  printFindings(page, groups, report, changesByFinding(changes));
  printUnknown(page, report);
  printChanges(page, changes);
  printAccess(page, report);
  printCoverage(page, report);
  printSuppressed(page, report);
  printHints(page, groups, report);
  return page.text();
}

const marks: Readonly<Record<ClusterState, string>> = { act: '✖', improve: '▲', unknown: '?', fine: '✔' };

function printHead(page: Page, report: Report): void {
  const parts = [
    'Aurora Watch',
    report.account === null ? 'account not known' : `account ${visible(report.account)}`,
    ...(report.regions.length > 0
      ? [visible(report.regions.length > 3 ? `${report.regions.length} regions` : report.regions.join(', '))]
      : []),
    report.at === null ? 'no time known' : `${visible(minute(report.at))} UTC`,
  ];
  page.paragraph(0, parts.join(' · '), { style: 'bold' });
  if (report.window)
    page.paragraph(0, `Logs and changes from ${visible(day(report.window.from))} to ${visible(day(report.window.to))}`, { style: 'dim' });
  page.line();
  page.flow(numbersOf(report));
}

/** How much of what, each with the mark that leads to the next. */
function numbersOf(report: Report): readonly { readonly text: string; readonly style?: Style }[] {
  const { summary } = report;
  const open = severities.filter((severity) => summary.findings[severity] > 0);
  const suppressed = report.findings.filter((finding) => finding.state === 'suppressed').length;
  const parts: { text: string; style?: Style }[] = open.map((severity, index) => ({
    text: `${summary.findings[severity]} ${severity}${index < open.length - 1 ? ',' : ' open ·'}`,
    style: severity,
  }));
  if (open.length === 0) parts.push({ text: 'nothing open ·', style: 'fine' });
  if (suppressed > 0) parts.push({ text: `${suppressed} suppressed ·` });
  if (summary.unknown > 0) parts.push({ text: `${summary.unknown} not known ·`, style: 'unknown' });
  parts.push({ text: `${summary.pass} passed` });
  return parts;
}

function printComparison(page: Page, report: Report): void {
  const { comparison } = report;
  if (!comparison) return;
  const since = comparison.since === null ? 'Since the report before' : `Since ${visible(minute(comparison.since))} UTC`;
  page.paragraph(0, `${since}: ${comparison.new.length} new, ${comparison.gone.length} gone, ${comparison.unchanged.length} unchanged`);
  const shown = page.details ? comparison.gone : comparison.gone.slice(0, 3);
  for (const finding of shown) {
    page.paragraph(4, `gone: ${visible(finding.check)} on ${visible(finding.resource.name)}: ${visible(finding.reason)}`, {
      first: '  - ',
      most: 1,
    });
  }
  if (shown.length < comparison.gone.length) page.line(`  - and ${comparison.gone.length - shown.length} more that are gone`);
}

function printClusters(page: Page, clusters: readonly ClusterPicture[]): void {
  if (clusters.length === 0) return;
  page.section('Clusters');
  const shown = page.details ? clusters : clusters.slice(0, 12);
  const name = column(
    shown.map(({ resource }) => visible(resource.name)),
    Math.floor(page.width / 4),
  );
  const counts = shown.map(countsOf);
  const count = column(counts, Math.floor(page.width / 3));
  for (const [index, { resource, state, tls }] of shown.entries()) {
    const start = `  ${page.paint(state, marks[state])} ${page.paint('bold', pad(visible(resource.name), name))}  ${pad(counts[index] ?? '', count)}  `;
    const room = page.width - (name + count + 8);
    const sentence = tlsSentence(tls);
    page.line(start + (room >= 12 ? shorten(sentence, room) : ''));
  }
  const rest = clusters.slice(shown.length);
  if (rest.length > 0) page.line(`  and ${rest.length} more, ${rest.filter(({ state }) => state === 'fine').length} of them fine`);
}

function countsOf({ open, unknown }: ClusterPicture): string {
  const parts = severities.flatMap((severity) => {
    const count = open.filter((finding) => finding.severity === severity).length;
    return count > 0 ? [`${count} ${severity}`] : [];
  });
  if (unknown.length > 0) parts.push(`${unknown.length} not known`);
  return parts.length > 0 ? parts.join(', ') : 'fine';
}

function tlsSentence(tls: ClusterPicture['tls']): string {
  const { state, reason } = tls;
  const words = { required: 'TLS required', pending: 'TLS pending', off: 'TLS off', unknown: 'TLS not known', none: '' }[state];
  if (words === '' || state === 'required') return words;
  const ready = readyWords(tls);
  return `${words}${ready === '' ? '' : ` (${visible(ready)})`}: ${visible(clip(reason, 300))}`;
}

/** Without details: the worst few in full, then a line for each check. */
const inFull = 3;
const inShort = 8;

function printFindings(page: Page, groups: readonly FindingGroup[], report: Report, openedBy: ReadonlyMap<string, ChangePicture>): void {
  const worst = groups[0]?.severity;
  if (worst === undefined) return;
  const novelty = noveltyOf(report);
  const least = atLeast(worst, 'high') ? 'high' : worst;
  let full = 0;
  let short = 0;
  page.section('Findings, worst first');
  for (const group of groups) {
    const rest = ` ${visible(clip(group.check, 80))}: ${visible(clip(group.title, 200))}`;
    if (!page.details && (full >= inFull || !atLeast(group.severity, least))) {
      if (++short <= inShort) printShort(page, group, rest, novelty);
      continue;
    }
    page.line(
      `  ${page.paint(group.severity, group.severity)}${page.paint('bold', shorten(rest, page.width - 2 - group.severity.length))}`,
    );
    const shown = page.details ? group.findings : group.findings.slice(0, Math.min(3, inFull - full));
    full += shown.length;
    for (const finding of shown) printFinding(page, finding, novelty(finding.fingerprint), openedBy.get(finding.fingerprint), report.at);
    if (shown.length < group.findings.length) page.line(`            and ${group.findings.length - shown.length} more of this check`);
  }
  if (short > inShort) page.line(`            and ${counted(short - inShort, 'more check')} with findings`);
}

function printShort(page: Page, { severity, findings }: FindingGroup, rest: string, novelty: ReturnType<typeof noveltyOf>): void {
  const [first] = findings;
  const names = [...new Set(findings.map(({ resource }) => visible(clip(resource.name, 60))))];
  const more = names.length > 3 ? ', …' : '';
  const fresh = findings.filter(({ fingerprint }) => novelty(fingerprint) === 'new').length;
  const count = `${counted(findings.length, 'finding')}${fresh > 0 ? `, ${fresh} new` : ''}`;
  const text = `${rest} (${count}: ${names.slice(0, 3).join(', ')}${more})`;
  page.line(
    `  ${page.paint('dim', pad(shortFingerprint(first?.fingerprint ?? ''), 8))}  ${page.paint(severity, severity)}${shorten(text, page.width - 12 - severity.length)}`,
  );
}

/** Enough of a fingerprint to name the finding to `explain`. */
function shortFingerprint(fingerprint: string): string {
  return Array.from(visible(fingerprint.slice(0, 40)))
    .slice(0, 8)
    .join('');
}

function printFinding(
  page: Page,
  finding: Finding,
  novelty: 'new' | 'unchanged' | null,
  change: ChangePicture | undefined,
  at: string | null,
): void {
  const id = pad(shortFingerprint(finding.fingerprint), 8);
  const mention = finding.reason.includes(finding.resource.name) ? '' : `${visible(clip(finding.resource.name, 80))}: `;
  const fresh = novelty === 'new' ? 'new: ' : '';
  page.paragraph(12, `${fresh}${mention}${visible(finding.reason)}`, { first: `  ${page.paint(finding.severity, id)}  ` });
  const when = whenOf(finding, change, at);
  if (when !== '') page.paragraph(12, when, { style: 'dim' });
  if (page.details) printEvidence(page, finding, 12);
  if (finding.remediation) printCommand(page, finding.remediation, page.details || atLeast(finding.severity, 'high'), 12);
}

/** Since when and by whom; empty where the report knows no more than that it is so now. */
function whenOf({ firstSeen, lastSeen, count }: Finding, change: ChangePicture | undefined, at: string | null): string {
  const by = change ? `, by ${visible(change.who)} ${visible(change.how)}`.trimEnd() : '';
  const start = change?.at ?? firstSeen;
  if (start === null || (start === at && lastSeen === at)) return by.slice(2);
  const since = visible(minute(start));
  const last = lastSeen === null ? since : visible(minute(lastSeen));
  if (count <= 1) return `since ${since}${by}`;
  return `${counted(count, 'time')}, ${last === since ? `at ${since}` : `${since} to ${last}`}${by}`;
}

function printUnknown(page: Page, report: Report): void {
  const groups = groupUnknown(report.verdicts);
  if (groups.length === 0) return;
  page.section('Not known');
  const shown = page.details ? groups : groups.slice(0, 4);
  for (const { reason, checks, resources } of shown) {
    const what = checks.length === 1 ? visible(checks[0] ?? '') : counted(checks.length, 'check');
    const where = resources[0] && resources.length === 1 ? visible(clip(nameOf(resources[0]), 60)) : counted(resources.length, 'resource');
    page.paragraph(4, `${what} on ${where}: ${visible(reason)}`, { first: `  ${page.paint('unknown', '?')} `, most: 1 });
    if (page.details)
      page.paragraph(4, visible(`checks: ${checks.join(', ')}; resources: ${resources.map(({ name }) => name).join(', ')}`), {
        style: 'dim',
      });
  }
  if (shown.length < groups.length) page.line(`    and ${counted(groups.length - shown.length, 'more reason')}`);
}

function printChanges(page: Page, changes: readonly ChangePicture[]): void {
  if (changes.length === 0) return;
  page.section('What changed, and who did it');
  const shown = page.details ? changes : changes.slice(-3);
  for (const { at, severity, who, how, reason, resources } of [...shown].reverse()) {
    const where = resources.length > 1 ? ` (${counted(resources.length, 'resource')})` : '';
    page.paragraph(20, `${visible(who)}${how === '' ? '' : `, ${visible(how)}`}: ${visible(reason)}${where}`, {
      first: `  ${page.paint(severity, pad(at === null ? 'no time known' : visible(minute(at)), 16))}  `,
      most: 3,
    });
  }
  if (shown.length < changes.length) page.line(`    and ${counted(changes.length - shown.length, 'earlier change')}`);
}

function printAccess(page: Page, report: Report): void {
  const pictures = picturesOfAccess(report);
  if (pictures.length === 0) return;
  const listed = pictures.filter(({ use }) => page.details || use === 'unused');
  const unused = pictures.filter(({ use }) => use === 'unused').length;
  page.section(`Access: ${counted(pictures.length, 'principal')} may connect, ${unused} unused`);
  const shown = page.details ? listed : listed.slice(0, 4);
  const width = column(
    shown.map(({ access }) => visible(shortArn(access.principal))),
    Math.floor(page.width / 3),
  );
  for (const { access, use } of shown) {
    const clusters = [...new Set(access.grants.flatMap((grant) => grant.clusters))].sort();
    const users = access.databaseUsers.includes('*') ? 'any user' : visible(access.databaseUsers.join(', '));
    const last = access.lastUsed === null ? 'never used' : `last use ${visible(day(access.lastUsed))}`;
    const where = clusters.length > 3 ? counted(clusters.length, 'cluster') : visible(clusters.join(', ')) || 'no cluster';
    page.line(
      `  ${page.paint(use === 'used' ? 'fine' : use === 'unused' ? 'improve' : 'unknown', use === 'used' ? '✔' : use === 'unused' ? '○' : '?')} ${pad(visible(shortArn(access.principal)), width)}  ${shorten(`${users} on ${where} · ${last}`, page.width - width - 6)}`,
    );
  }
  if (shown.length < listed.length) page.line(`    and ${listed.length - shown.length} more unused`);
}

function printCoverage(page: Page, report: Report): void {
  const lines = report.coverage.filter((line) => page.details || line.status !== 'complete');
  if (lines.length === 0) return;
  page.section('What could not be seen');
  const ordered = [...lines.filter(isSum), ...lines.filter((line) => !isSum(line))];
  const shown = page.details ? ordered : ordered.slice(0, 5);
  // What sums up a kind may say what to do, and is not cut.
  printCoverageLines(page, shown.filter(isSum), 6);
  printCoverageLines(
    page,
    shown.filter((line) => !isSum(line)),
    1,
  );
  if (shown.length < ordered.length) page.line(`    and ${ordered.length - shown.length} more`);
}

function printCoverageLines(page: Page, lines: readonly Coverage[], most: number): void {
  const width = column(
    lines.map(({ source }) => visible(source)),
    Math.floor(page.width / 2),
  );
  for (const { source, status, detail } of lines) {
    const head = `  ${pad(visible(source), width)}  ${pad(status, 8)}  `;
    page.paragraph(width + 14, visible(clip(detail, 400)), { first: head, most });
  }
}

function printSuppressed(page: Page, report: Report): void {
  const suppressed = report.findings.filter((finding) => finding.state === 'suppressed');
  if (suppressed.length === 0 || !page.details) return;
  page.section('Suppressed');
  for (const { check, resource, suppression } of suppressed) {
    const until = suppression?.until ? ` until ${visible(suppression.until)}` : '';
    const by = suppression?.by ? ` by ${visible(suppression.by)}` : '';
    page.paragraph(4, `${visible(check)} on ${visible(resource.name)}${until}${by}: ${visible(suppression?.reason ?? '')}`);
  }
}

function printHints(page: Page, groups: readonly FindingGroup[], report: Report): void {
  const first = groups[0]?.findings[0];
  const unknown = report.verdicts.find(({ verdict }) => verdict === 'unknown');
  const hints: [command: string, what: string][] = [];
  if (first) {
    hints.push([`aurora-watch explain ${shortFingerprint(first.fingerprint)}`, 'where a finding comes from, step by step']);
    hints.push([`aurora-watch checks ${visible(clip(first.check, 60))}`, 'why it matters, how it is judged, how to fix it']);
  }
  if (unknown) hints.push(['aurora-watch checks --permissions', 'the IAM policy that a scan needs']);
  if (hints.length === 0) return;
  page.section('Next');
  const width = column(
    hints.map(([command]) => command),
    page.width - 2,
  );
  const beside = page.width - width - 4;
  for (const [command, what] of hints) {
    const start = `  ${page.paint('command', pad(command, width))}`;
    if (beside >= 24) page.line(`${start}  ${page.paint('dim', shorten(what, beside))}`);
    else {
      page.line(start);
      page.paragraph(4, what, { style: 'dim' });
    }
  }
  if (first && !page.details)
    page.paragraph(2, '--details prints every finding with its evidence; --format html makes a page to send.', {
      style: 'dim',
    });
}
