import type { Alert } from '../../domain/alert.ts';
import type { Resource } from '../../domain/resource.ts';
import { nameOfPrincipal, shortArn, textOf, toolName } from '../picture.ts';
import { clip, visible } from '../visible.ts';

/** Text from outside in a line of an alert: made visible, and cut where it is longer than anybody reads. */
export function said(text: string, limit = 500): string {
  return clip(visible(text), limit);
}

/** What it is about, in one line: `TLS was weakened: orders and payments`. A posture check's title is the good state, so its id stands for it. */
export function headline({ transition, title, check, resources }: Alert): string {
  const names = namesOf(resources, 3);
  const on = names === '' ? '' : ` on ${names}`;
  switch (transition) {
    case 'happened':
      return `${said(title, 150)}${names === '' ? '' : `: ${names}`}`;
    case 'resolved':
      return `Resolved: ${said(check, 100)}${on}`;
    case 'blind':
      return `Cannot be seen any more: ${said(check, 100)}${on}`;
    case 'worsened':
      return `Worse than before: ${said(check, 100)}${on}`;
    case 'reopened':
      return `Open again: ${said(check, 100)}${on}`;
    case 'opened':
      return `${said(check, 100)} fails${on}`;
  }
}

/** Names of resources, at most `most` of them, each once. */
export function namesOf(resources: readonly Resource[], most: number): string {
  const names = [
    ...new Set(resources.map(({ name, type }) => said(type === 'principal' || type === 'policy' ? shortArn(name) : name, 80))),
  ];
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Who did it, in a few words; empty where no call is known. */
export function whoOf({ principal, account, tool }: Alert): string {
  if (principal === null || isReport({ principal })) return '';
  const who = said(nameOfPrincipal(principal), 300);
  // What CloudFormation does for somebody is said by the tool already.
  const isSaid =
    principal.invokedBy === null || who === principal.invokedBy || (tool !== null && tool !== 'service' && isService(principal.invokedBy));
  const by = isSaid ? '' : ` through ${said(principal.invokedBy ?? '', 100)}`;
  const elsewhere = principal.account !== null && account !== null && principal.account !== account;
  return `${who}${elsewhere ? ` of account ${said(principal.account, 20)}` : ''}${by}`;
}

function isService(name: string): boolean {
  return name.endsWith('.amazonaws.com');
}

/** GuardDuty tells what it saw: it did nothing, and there is no before. */
export function isReport({ principal }: Pick<Alert, 'principal'>): boolean {
  return principal?.invokedBy === 'guardduty.amazonaws.com';
}

/** From where and with what: `from 203.0.113.40 with the console`; empty where unknown. The address of a call by a service is the service's name. */
export function howOf({ sourceAddress, tool, principal }: Alert): string {
  if (isReport({ principal })) return sourceAddress === null ? '' : `a login from ${said(sourceAddress, 100)}`;
  const isSaid = sourceAddress !== null && isService(sourceAddress) && sourceAddress === principal?.invokedBy;
  return [!isSaid && sourceAddress && `from ${said(sourceAddress, 100)}`, tool && `with ${said(toolName(tool), 100)}`]
    .filter(Boolean)
    .join(' ');
}

/** What was there before and what is there after, a line for each name: `rds.force_ssl: 1 → 0`. Of a report what it says: `user: report_ro`. */
export function changesOf({ before = {}, after = {}, principal }: Alert): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const value = (side: Readonly<Record<string, unknown>>, name: string): string =>
    Object.hasOwn(side, name) ? said(wordsOf(side[name]), 300) || 'empty' : 'not known';
  return names.map((name) => `${said(name, 100)}: ${isReport({ principal }) ? '' : `${value(before, name)} → `}${value(after, name)}`);
}

function isEmpty(value: object): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Lists and objects read as words: `readWriteType All, includeManagementEvents false`; what is nested deeper stays JSON. */
function wordsOf(value: unknown, levels = 2): string {
  if (typeof value !== 'object' || value === null || (levels === 0 && !isEmpty(value))) return textOf(value);
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : value.map((one) => wordsOf(one, levels - 1)).join(', ');
  return Object.entries(value)
    .map(([name, one]) => `${name} ${wordsOf(one, levels - 1)}`)
    .join(', ');
}

/** `12 s`, `5 min`, `3 h`, `2 days`. */
export function spanOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** What the names of an alert's links stand for. */
const linkNames: Readonly<Record<string, string>> = {
  event: 'the event',
  cluster: 'the cluster',
  logStream: 'its log',
  report: 'the latest report',
};

/** True for an address that leads to a page and holds nothing that ends a link. */
export function isAddress(url: string): boolean {
  return /^https:\/\/[^\s<>|"'`]{1,4000}$/.test(url);
}

/** Links that lead to a page, with a name for each. */
export function linksOf({
  links = {},
}: {
  readonly links?: Readonly<Record<string, string>>;
}): readonly (readonly [name: string, url: string])[] {
  return Object.entries(links)
    .filter(([, url]) => isAddress(url))
    .map(([name, url]) => [Object.hasOwn(linkNames, name) ? (linkNames[name] ?? name) : said(name, 40), url]);
}
