import type { Finding } from '../domain/finding.ts';
import type { Report } from '../domain/report.ts';
import { severities } from '../domain/severity.ts';
import type { FindingOptions } from './asff.ts';
import {
  type ChangePicture,
  type ClusterPicture,
  changesByFinding,
  counted,
  day,
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
  worstFirst,
} from './picture.ts';
import { clip, visible, visibleLines } from './visible.ts';

/** A comment of GitHub ends at 65 536 characters. */
const most = 60_000;

/**
 * The report as a comment on a pull request (GitHub Flavored Markdown). Outside text stands in code, where no markup, mention, reference or
 * address means anything; what would make the comment too long is counted.
 */
export function renderMarkdown(report: Report, { catalogue }: FindingOptions = {}): string {
  const openedBy = changesByFinding(picturesOfChanges(report));
  const page = new Comment(most);
  page.add(`## Aurora Watch: ${headline(report)}\n\n${factsOf(report)}\n`);
  page.add(comparisonOf(report));

  const open = worstFirst(report.findings.filter(({ state }) => state === 'open'));
  const novelty = noveltyOf(report);
  const items = (findings: readonly Finding[]): string[] =>
    findings.map((finding) => findingItem(finding, openedBy.get(finding.fingerprint), catalogue?.get(finding.check)?.fix));
  if (report.comparison) {
    page.list('New findings', items(open.filter(({ fingerprint }) => novelty(fingerprint) === 'new')));
    page.list('Gone', report.comparison.gone.map(goneItem));
    page.list('Unchanged', items(open.filter(({ fingerprint }) => novelty(fingerprint) === 'unchanged')), true);
  } else {
    page.list('Findings', items(open));
  }
  page.list('Ready to require TLS?', picturesOfClusters(report).flatMap(readyItem), true);
  page.list('Not known', groupUnknown(report.verdicts).map(unknownItem), true);
  page.list('Who changed what', [...picturesOfChanges(report)].reverse().map(changeItem), true);
  page.list('Access that nobody uses', unusedItems(report), true);
  page.list('Suppressed', report.findings.filter(({ state }) => state === 'suppressed').map(suppressedItem), true);
  page.list('What could not be seen', coverageItems(report), true);
  return page.text();
}

/** Parts of a comment, until it is full. */
class Comment {
  readonly #limit: number;
  #text = '';

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(part: string): void {
    this.#text += part;
  }

  /** A heading and its items, folded where they are not the first thing to read; of what has no room, only the number. */
  list(title: string, items: readonly string[], folded = false): void {
    if (items.length === 0) return;
    this.add(folded ? `\n<details><summary>${title} (${items.length})</summary>\n\n` : `\n### ${title} (${items.length})\n\n`);
    let shown = 0;
    for (const item of items) {
      if (this.#text.length + item.length > this.#limit) break;
      this.add(item);
      shown++;
    }
    if (shown < items.length) this.add(`- and ${items.length - shown} more\n`);
    if (folded) this.add('\n</details>\n');
  }

  text(): string {
    return this.#text;
  }
}

function headline({ summary }: Report): string {
  const open = severities
    .filter((severity) => summary.findings[severity] > 0)
    .map((severity) => `${summary.findings[severity]} ${severity}`);
  return open.length > 0 ? `${open.join(', ')} open` : summary.unknown > 0 ? 'nothing found, not all is known' : 'nothing open';
}

function factsOf(report: Report): string {
  const suppressed = report.findings.filter(({ state }) => state === 'suppressed').length;
  return [
    report.account === null ? 'Account not known' : `Account ${code(report.account, 40)}`,
    ...(report.regions.length > 0 ? [code(report.regions.join(', '), 200)] : []),
    report.at === null ? 'no time known' : `${code(minute(report.at), 40)} UTC`,
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    `${report.summary.unknown} not known`,
    `${report.summary.pass} passed`,
  ].join(' · ');
}

function comparisonOf({ comparison }: Report): string {
  if (!comparison) return '';
  const since = comparison.since === null ? 'Since the report before' : `Since ${code(minute(comparison.since), 40)} UTC`;
  return `\n**${since}: ${comparison.new.length} new, ${comparison.gone.length} gone, ${comparison.unchanged.length} unchanged**\n`;
}

function findingItem(finding: Finding, change: ChangePicture | undefined, fix: string | undefined): string {
  const { severity, check, resource, reason, inEffect, remediation, firstSeen, lastSeen, count } = finding;
  const pending = inEffect === false ? ' (not in effect yet)' : '';
  const by = change
    ? ` Changed by ${prose(`${change.who} ${change.how}`, 300)}${change.at === null ? '' : ` at ${code(minute(change.at), 40)} UTC`}.`
    : '';
  const times =
    count > 1 && firstSeen !== null
      ? ` ${counted(count, 'time')}, ${lastSeen === null || lastSeen === firstSeen ? 'at' : `${code(minute(firstSeen), 40)} to`} ${code(minute(lastSeen ?? firstSeen), 40)} UTC.`
      : '';
  const item = `- **${severity}** ${code(check, 80)} on ${code(resource.name, 120)}${pending}: ${prose(reason, 500)}${times}${by}\n`;
  const advice = remediation ? commandOf(remediation) : fix === undefined ? '' : `  ${prose(fix, 1000)}\n`;
  return advice === '' ? item : `${item}\n  <details><summary>What to do</summary>\n\n${advice}\n  </details>\n\n`;
}

function commandOf({ command, effect, note }: NonNullable<Finding['remediation']>): string {
  return `${fenced(command)}\n  Effective ${prose(effect, 200)}.${note === undefined ? '' : ` ${prose(note, 300)}`}\n`;
}

function goneItem({ severity, check, resource, reason }: Finding): string {
  return `- was **${severity}** ${code(check, 80)} on ${code(resource.name, 120)}: ${prose(reason, 300)}\n`;
}

function readyItem({ resource, tls }: ClusterPicture): readonly string[] {
  if (tls.state === 'required' || tls.state === 'none') return [];
  const { why, since, users } = tls.ready;
  const seen = since === null ? 'nobody knows who connects without TLS' : `no session without TLS since ${day(since)}`;
  const told = readyWords(tls) || `${seen}; ${why}`;
  const names = tls.ready.state === 'blocked' && users.length > 0 ? ` ${code(users.map(({ user }) => user).join(', '), 200)}` : '';
  return [`- ${code(resource.name, 120)}: ${prose(told, 300)}${names}.${tls.upgrade === null ? '' : ` ${prose(tls.upgrade, 300)}`}\n`];
}

function unknownItem({ reason, checks, resources }: ReturnType<typeof groupUnknown>[number]): string {
  const names = resources.slice(0, 10).map(nameOf);
  const more = resources.length > names.length ? ` and ${resources.length - names.length} more` : '';
  return `- ${counted(checks.length, 'check')} on ${code(names.join(', '), 400)}${more}: ${prose(reason, 400)}\n`;
}

function changeItem({ at, severity, who, how, reason }: ChangePicture): string {
  return `- **${severity}** ${at === null ? 'no time known' : `${code(minute(at), 40)} UTC`}: ${prose(`${who} ${how}`, 300)}: ${prose(reason, 400)}\n`;
}

function unusedItems(report: Report): readonly string[] {
  return picturesOfAccess(report)
    .filter(({ use }) => use === 'unused')
    .map(({ access, reason }) => {
      const last = access.lastUsed === null ? 'never used' : `last used ${code(day(access.lastUsed), 40)}`;
      return `- principal ${code(shortArn(access.principal), 200)}, ${last}: ${prose(reason, 300)}\n`;
    });
}

function suppressedItem({ check, resource, suppression }: Finding): string {
  const by = suppression?.by ? ` by ${code(suppression.by, 100)}` : '';
  const until = suppression?.until ? ` until ${code(suppression.until, 40)}` : '';
  return `- check ${code(check, 80)} on ${code(resource.name, 120)}${by}${until}: ${prose(suppression?.reason ?? '', 300)}\n`;
}

function coverageItems({ coverage }: Report): readonly string[] {
  const troubled = coverage.filter(({ status }) => status !== 'complete');
  return [...troubled.filter(isSum), ...troubled.filter((line) => !isSum(line))].map(({ source, status, detail }) =>
    `- ${status}: ${code(source, 300)} ${prose(detail, 300)}`.trimEnd().concat('\n'),
  );
}

/** Outside text as one span of code, whose fence is longer than any run of backticks in it. */
function code(text: string, limit: number): string {
  const shown = clip(visible(text), limit).trim();
  if (shown === '') return '(empty)';
  const fence = '`'.repeat(longestRun(shown) + 1);
  const space = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${space}${shown}${space}${fence}`;
}

/** A sentence that holds outside names: words of letters (and such as MD5) as they are, everything else as code. */
function prose(text: string, limit: number): string {
  const parts: { plain: boolean; words: string }[] = [];
  for (const word of clip(visible(text), limit).split(' ')) {
    if (word === '') continue;
    const plain = /^\(?[\p{L}’]+(-[\p{L}]+)*\)?[.,:;?]?$/u.test(word) || /^(?:\d+|[A-Z]{1,4}\d)[.,:;]?$/.test(word);
    const last = parts.at(-1);
    // What a sentence or a list parts are two names.
    if (last && last.plain === plain && (plain || !/[.,:;]$/.test(last.words))) last.words += ` ${word}`;
    else parts.push({ plain, words: word });
  }
  return parts.map(({ plain, words }) => (plain ? words : codeWithin(words))).join(' ');
}

/** Code without the full stop or comma that belongs to the sentence around it. */
function codeWithin(words: string): string {
  const mark = /[.,:;?]$/.exec(words)?.[0] ?? '';
  const name = words.slice(0, words.length - mark.length);
  return name === '' ? code(words, words.length) : `${code(name, name.length)}${mark}`;
}

/** A block of code inside a list item. */
function fenced(command: string): string {
  const lines = visibleLines(clip(command, 4000));
  const fence = '`'.repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
  return [`${fence}sh`, ...lines, fence].map((line) => `  ${line}\n`).join('');
}

function longestRun(text: string): number {
  let longest = 0;
  let run = 0;
  for (const character of text) {
    run = character === '`' ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}
