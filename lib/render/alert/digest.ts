import type { BlindSpot, Digest, EndingSuppression, OpenProblem } from '../../domain/digest.ts';
import type { Resource } from '../../domain/resource.ts';
import { atLeast, type Severity, severities } from '../../domain/severity.ts';
import { visible, wrap } from '../visible.ts';
import { dateOf, width } from './email.ts';
import { context, fitted, linked, longestHeader, longestText, messageOf, paragraph, type SlackMessage } from './slack.ts';
import { linksOf, namesOf, said, spanOf } from './words.ts';

/** What it says, in one line: `3 findings are open, the worst is critical`, or `All quiet: 12 clusters watched`. */
export function digestHeadline(digest: Digest): string {
  const { watched, stale, blindCount } = digest;
  const { told, below } = openCounts(digest);
  const [worst] = digest.open;
  if (worst)
    return told === 1 ? `1 finding is open, of severity ${worst.severity}` : `${told} findings are open, the worst is ${worst.severity}`;
  if (stale) return 'Nobody knows how things are: no sweep has finished for a day';
  if (watched === null) return 'Nobody knows how things are: the clusters cannot be listed';
  const beside = [
    ...(below === 0 ? [] : [`${counted(below, 'finding', 'findings')} of little weight`]),
    ...(blindCount === 0 ? [] : [`blind to ${counted(blindCount, 'thing', 'things')}`]),
  ];
  return [`All quiet: ${counted(watched, 'cluster', 'clusters')} watched`, ...beside].join(', ');
}

/** The subject of the e-mail: ASCII, and at most 99 characters, which is what SNS takes. */
export function digestSubject(digest: Digest): string {
  const subject = `[digest] ${digestHeadline(digest)} (${said(digest.region, 30)})`.replaceAll(/[^\x20-\x7e]/g, '?');
  return subject.length > 99 ? `${subject.slice(0, 96)}...` : subject;
}

/** The digest in plain text, at most `most` lines of each kind. */
export function renderDigestText(digest: Digest, most = 200): string {
  const { account, region, watched, open, minimumSeverity, ending, suppressed, blind, blindBelow } = digest;
  const { below } = openCounts(digest);
  const bySeverity = severities.flatMap((severity) => {
    const some = open.filter((one) => one.severity === severity);
    return some.length === 0 ? [] : [[`${severity}:`, ...listed(some, most, (one) => problemLines(one, digest))]];
  });
  const paragraphs: readonly (readonly string[])[] = [
    ['Hello,'],
    wrap(
      `${digestHeadline(digest)}, in ${said(region, 40)} of account ${said(account, 20)}.${open.length > 0 && watched !== null ? ` ${counted(watched, 'cluster is', 'clusters are')} watched.` : ''}`,
      width,
    ),
    wrap(sweepSentence(digest), width),
    ...bySeverity,
    wrap(below === 0 ? '' : `Below ${minimumSeverity}, where I tell nothing, ${counted(below, 'more is', 'more are')} open.`, width),
    ending.length === 0 ? [] : ['Quiet, but not for long:', ...listed(ending, most, endingLines)],
    wrap(suppressed === 0 ? '' : `${counted(suppressed, 'finding is', 'findings are')} suppressed in all.`, width),
    blind.length === 0 ? [] : ['Blind to these, sweep after sweep:', ...listed(blindGroups(blind), most, blindLines)],
    wrap(
      blindBelow === 0 ? '' : `${counted(blindBelow, 'thing', 'things')} below ${minimumSeverity} could not be looked at either.`,
      width,
    ),
    ...linksOf(digest).map(([name, url]) => [`To look at ${name}:`, `  ${url}`]),
    ['--', ...wrap(`Aurora Watch, digest of ${said(digest.day, 10)}, ${said(digest.id, 64)}`, width)],
  ];
  return `${paragraphs
    .filter((lines) => lines.some((line) => line !== ''))
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The digest as a message of Block Kit. */
export function slackDigest(digest: Digest): SlackMessage {
  const { open, ending, blind, suppressed, blindBelow, minimumSeverity, account, region, day } = digest;
  const { below } = openCounts(digest);
  const title = digestHeadline(digest);
  const bySeverity = severities.flatMap((severity) => {
    const some = open.filter((one) => one.severity === severity);
    return bullets(`${severity} (${digest.openCounts[severity]})`, some, (one) => `${problemName(one)}, ${ageOf(one, digest)}`);
  });
  const more = [
    below === 0 ? '' : `${below} open below ${minimumSeverity}`,
    suppressed === 0 ? '' : `${suppressed} suppressed`,
    blindBelow === 0 ? '' : `blind to ${blindBelow} below ${minimumSeverity}`,
  ].filter((part) => part !== '');
  return messageOf(title, [
    { type: 'header', text: { type: 'plain_text', text: fitted(title, longestHeader), emoji: false } },
    ...(sweepSentence(digest) === '' ? [] : [paragraph('', fitted(sweepSentence(digest), longestText))]),
    ...bySeverity,
    ...bullets('Quiet, but not for long', ending, (one) => endingLines(one)[0] ?? ''),
    ...bullets('Blind to', blindGroups(blind), (one) => blindLines(one)[0] ?? ''),
    ...(more.length === 0 ? [] : [context([fitted(more.join(' · '), 500)])]),
    context([
      ...linksOf(digest).map(([name, url]) => linked(url, name)),
      fitted(`${visible(region)}, account ${visible(account)} · digest of ${visible(day)}`, 500),
    ]),
  ]);
}

/** A digest as a message of SNS: a part per protocol, attributes for filter policies. */
export function digestMessage(digest: Digest): {
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
} {
  const { account, region, open } = digest;
  let message = partsOf(digest, tries[0]);
  for (const most of tries) {
    if (new TextEncoder().encode(message).length <= longest) break;
    message = partsOf(digest, most);
  }
  return {
    subject: digestSubject(digest),
    message,
    attributes: { transition: 'digest', severity: open[0]?.severity ?? 'info', account, region },
  };
}

/** SNS takes 256 KB for all parts of a message together, as bytes. */
const longest = 250_000;
/** How much is left of each list in the first try, and in those after it. */
const tries = [200, 100, 50, 20, 5] as const;

function partsOf(digest: Digest, most: number): string {
  const text = renderDigestText(digest, most);
  const machine: Digest = {
    ...digest,
    open: digest.open.slice(0, most),
    ending: digest.ending
      .slice(0, most)
      .map((one) => ({ ...one, suppression: { ...one.suppression, reason: said(one.suppression.reason) } })),
    blind: digest.blind.slice(0, most).map((one) => ({ ...one, reason: said(one.reason) })),
  };
  return JSON.stringify({ default: text, email: text, sqs: JSON.stringify(machine) });
}

/** How many are open of those that are told, and of those that are only counted. */
function openCounts({ openCounts: counts, minimumSeverity }: Digest): { readonly told: number; readonly below: number } {
  const sum = (some: readonly Severity[]): number => some.reduce((total, severity) => total + counts[severity], 0);
  return {
    told: sum(severities.filter((one) => atLeast(one, minimumSeverity))),
    below: sum(severities.filter((one) => !atLeast(one, minimumSeverity))),
  };
}

function sweepSentence({ stale, lastSweep }: Digest): string {
  if (!stale) return '';
  return lastSweep === null
    ? 'No sweep has finished yet, so nobody knows how things are.'
    : `The last sweep that finished was on ${dateOf(lastSweep)}: what has changed since is not known.`;
}

function problemLines(problem: OpenProblem, digest: Digest): readonly string[] {
  return [`${problemName(problem)}, since ${dateOf(problem.since)} (${ageOf(problem, digest)})`, said(problem.fingerprint, 40)];
}

function endingLines(one: EndingSuppression): readonly string[] {
  const { until, by, reason } = one.suppression;
  return [`${problemName(one)}, until the end of ${said(until ?? '', 10)}: ${said(reason)} (${said(by ?? 'the configuration', 200)})`];
}

interface BlindGroup {
  readonly check: string;
  readonly resources: readonly Resource[];
  readonly reason: string;
}

/** By check: it is mostly one refusal that hides many things. */
function blindGroups(blind: readonly BlindSpot[]): readonly BlindGroup[] {
  const groups = new Map<string, BlindGroup>();
  for (const { check, resource, reason } of blind) {
    const before = groups.get(check);
    groups.set(check, { check, resources: [...(before?.resources ?? []), resource], reason: before?.reason ?? reason });
  }
  return [...groups.values()];
}

function blindLines({ check, resources, reason }: BlindGroup): readonly string[] {
  return [`${said(check, 100)} on ${namesOf(resources, 5)}: ${said(reason, 300)}`];
}

function problemName({ check, resource }: OpenProblem): string {
  return `${said(check, 100)} on ${namesOf([resource], 1)}`;
}

function ageOf({ since }: OpenProblem, { at }: Digest): string {
  return spanOf(Math.max(0, Math.round((Date.parse(at) - Date.parse(since)) / 1000)));
}

/** At most `most` of them, each on lines of its own, and a word on how many more there are. */
function listed<T>(items: readonly T[], most: number, linesOf: (item: T) => readonly string[]): readonly string[] {
  const more = items.length - most;
  const lines = items.slice(0, most).flatMap((item) =>
    linesOf(item)
      .flatMap((line) => wrap(line, width - 4))
      .map((line, index) => `${index > 0 ? '    ' : '  '}${line}`),
  );
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}

/** A list as long as Slack takes in one text, and a word on how many more there are; nothing for an empty one. */
function bullets<T>(title: string, items: readonly T[], lineOf: (item: T) => string): readonly object[] {
  if (items.length === 0) return [];
  const lines: string[] = [];
  let length = 0;
  for (const item of items) {
    const line = `• ${fitted(lineOf(item), 400)}`;
    length += line.length + 1;
    if (length > longestText - 130) break;
    lines.push(line);
  }
  const more = lines.length === items.length ? [] : [`and ${items.length - lines.length} more`];
  return [paragraph(fitted(title, 100), [...lines, ...more].join('\n'))];
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
