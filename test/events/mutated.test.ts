import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../lib/domain/alert.ts';
import { alertFormats, judgeEvents, renderAlerts } from '../../lib/main/events.ts';
import { topicMessage } from '../../lib/render/alert/message.ts';
import { type Call, recordOf } from '../checks/change/table.ts';
import { seeded } from '../monitor/random-history.ts';

const folder = join(import.meta.dirname, '..', '..', 'events');
const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && !name.endsWith('.alert.json'))
  .sort();

type Json = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/** A record, and what was done to it. */
interface Mutated {
  readonly record: unknown;
  readonly what: string;
}

/** What nobody expects where a value was; `at` makes one of the value that was there. */
const odd: Readonly<Record<string, (before: unknown) => unknown>> = {
  null: () => null,
  'no text': () => '',
  spaces: () => '   ',
  redacted: () => '****',
  hidden: () => 'HIDDEN_DUE_TO_SECURITY_REASONS',
  list: (before) => [before],
  'empty list': () => [],
  'list of lists': (before) => [[before], null, [[]]],
  object: () => ({}),
  'first as object': (before) => (Array.isArray(before) ? { ...before[0] } : { value: before }),
  items: (before) => ({ items: before }),
  'as text': (before) => (typeof before === 'object' ? JSON.stringify(before) : String(before)),
  'in capitals': (before) => String(before).toUpperCase(),
  'text with zeros': (before) => (typeof before === 'number' ? `0${before}` : `${before}\0`),
  zero: () => 0,
  negative: () => -1,
  huge: () => 1e308,
  true: () => true,
  false: () => 'false',
  long: () => 'x'.repeat(10_000),
  'long words': () => 'a,b. '.repeat(20_000),
  newlines: () => 'one\ntwo\r\nthree\u2028four\u0085five',
  controls: () => `${String.fromCharCode(...Array.from({ length: 32 }, (_, code) => code))}\u007f\u009b2J\u001b]0;x\u0007`,
  bidirectional: () => 'safe\u202egnp.exe\u2066\u200f\u00ad\ufeff',
  surrogates: () => '\ud83d and \ude00',
  channel: () => '<!channel> <@U012AB3CD> <#C012AB3CD>',
  link: () => '<https://203.0.113.9/x|click here> https://203.0.113.9/y',
  markup: () => '*bold* _slanted_ ~struck~ `code` ```block``` &lt;!here&gt; :tada:',
  shell: () => `x'; $(touch /tmp/x) \`touch /tmp/x\` "\\" ; | & > <`,
  option: () => '--endpoint-url=https://203.0.113.9',
  'short option': () => '-h',
  arn: () => 'arn:',
  'arn of nothing': () => 'arn:aws:rds:::::::',
  'arn of markup': () => 'arn:aws:rds:eu-central-1:111122223333:cluster:<!channel>\n*x*',
  deep: () => JSON.parse(`${'{"a":['.repeat(2000)}${']}'.repeat(2000)}`),
  'prototype keys': () =>
    JSON.parse('{"__proto__":{"items":["x"],"toString":1},"constructor":{"prototype":1},"length":-1,"hasOwnProperty":1}'),
};

/** All paths to values in the record; the innermost values of long lists are left out. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Json)[key], value);
}

/** The record with the value at the path replaced, or taken away. */
function withValue(record: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(record);
  const last = path.at(-1) ?? '';
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string, unknown>;
  if (value === undefined) delete parent[last];
  else Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

function mutationsOf(record: unknown, values: readonly string[]): readonly Mutated[] {
  return pathsIn(record)
    .filter((path) => path.length > 0)
    .flatMap((path) => [
      { record: withValue(record, path, undefined), what: `${path.join('.')} taken away` },
      ...values.map((name) => ({
        record: withValue(record, path, odd[name]?.(valueAt(record, path))),
        what: `${path.join('.')}: ${name}`,
      })),
    ]);
}

/** What is told of one record, and what is said of what could not be read. */
async function told(record: unknown): Promise<{ alerts: readonly Alert[]; warnings: readonly string[] }> {
  const warnings: string[] = [];
  const standardInput = Readable.from([Buffer.from(JSON.stringify(record))]);
  const alerts = await judgeEvents({
    files: ['-'],
    standardInput,
    config: undefined,
    evidence: undefined,
    warn: (one) => void warnings.push(one),
  }).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'UsageError') {
      warnings.push(error.message);
      return [];
    }
    throw error;
  });
  return { alerts, warnings };
}

/** Pseudo-random picks: the same in every run. */
function picked<T>(items: readonly T[], count: number, random: () => number): readonly T[] {
  return Array.from({ length: count }, () => items[Math.floor(random() * items.length)] as T);
}

/** What no form may hold: characters that move or hide others, halves of characters. */
const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Cs}/u;

interface Block {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string };
  readonly elements?: readonly { readonly type: string; readonly text: string }[];
  readonly fields?: readonly { readonly type: string; readonly text: string }[];
}

/** What is wrong with how the alerts are shown; empty: nothing. */
function faultsOf(alerts: readonly Alert[]): readonly string[] {
  const [text = '', json = '', slack = '', email = ''] = alertFormats.map((format) => renderAlerts(alerts, format));
  const faults: string[] = [];
  if (unseen.test(text)) faults.push('text: a character that nobody sees');
  if (unseen.test(email)) faults.push('e-mail: a character that nobody sees');
  if (JSON.stringify(JSON.parse(json)) !== JSON.stringify(alerts)) faults.push('JSON: not what it was');
  for (const subject of email.match(/^Subject: .*$/gm) ?? []) if (!/^[\x20-\x7e]{1,108}$/.test(subject)) faults.push(`subject: ${subject}`);
  for (const alert of alerts) if (Buffer.byteLength(topicMessage(alert).message) > 256 * 1024) faults.push('SNS: too long');
  const messages = slack
    .split(/\n(?=\{)/)
    .filter((one) => one.trim() !== '')
    .map((one) => JSON.parse(one));
  for (const message of messages.flat()) faults.push(...slackFaults(message));
  return faults;
}

/** Slack's limits, and what it would take for markup: only what the renderer itself writes. */
function slackFaults(message: { readonly text?: string; readonly blocks?: readonly Block[] }): readonly string[] {
  const blocks = message.blocks ?? [];
  const said = blocks.flatMap(({ type, text, elements = [], fields = [] }) => [
    ...(text ? [{ type, markdown: text.type === 'mrkdwn', text: text.text, most: type === 'header' ? 150 : 3000 }] : []),
    ...elements.map((one) => ({ type, markdown: one.type === 'mrkdwn', text: one.text, most: 3000 })),
    ...fields.map((one) => ({ type: 'field', markdown: one.type === 'mrkdwn', text: one.text, most: 2000 })),
  ]);
  const marked = [...said.filter(({ markdown }) => markdown).map(({ text }) => text), message.text ?? ''].join('\n');
  const written = /<!date\^\d+\^\{date_short_pretty\} \{time_secs\}\|[^<>]*>/g;
  const links = /<(https:\/\/[^<>|\s]+)\|([^<>|\n]*)>/g;
  const foreign = [...marked.matchAll(links)].filter(
    ([, url]) => !/^https:\/\/(?:[a-z0-9-]+\.)?console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)\//.test(url ?? ''),
  );
  return [
    ...(blocks.length > 50 ? ['Slack: too many blocks'] : []),
    ...said.filter(({ text, most }) => text.length > most || text === '').map(({ type, text }) => `Slack: ${type} of ${text.length}`),
    ...foreign.map(([link]) => `Slack: a link to elsewhere: ${link}`),
    ...(/[<>]/.test(marked.replaceAll(links, '').replaceAll(written, '')) ? ['Slack: an active < or >'] : []),
    ...(unseen.test(said.map(({ text }) => text.replaceAll('`\u200b`', '``').replaceAll('`\u200b', '`')).join(''))
      ? ['Slack: a character that nobody sees']
      : []),
  ];
}

/** What a shell would do with the command beside running `aws`; empty: nothing. */
function shellFaults({ remediation }: Alert): readonly string[] {
  if (remediation === null) return [];
  // Words in quotes are taken away, one after the other; what is left may mean nothing to a shell.
  const bare = remediation.command.replaceAll(/\$'(?:[^'\\]|\\[^\n])*'|'[^']*'|\\'/g, 'x');
  return /[$`"'\\;|&<>(){}*?!~#]/.test(bare) ? [`shell: ${bare.slice(0, 300)}`] : [];
}

async function faultsAfter({ record, what }: Mutated): Promise<readonly string[]> {
  try {
    const { alerts } = await told(record);
    return [...faultsOf(alerts), ...alerts.flatMap(shellFaults)].map((fault) => `${what}: ${fault}`);
  } catch (error) {
    return [`${what}: ${error instanceof Error ? error.stack : error}`];
  }
}

function recordIn(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

/** Where the record itself is, in whatever surrounds it. */
function callPath(record: unknown): Path {
  if (typeof record !== 'object' || record === null) return [];
  if ('detail' in record) return ['detail'];
  return 'Records' in record ? ['Records', '0'] : [];
}

describe('an event with a part taken away, or something odd in its place', () => {
  it.each(cases)('%s: is judged, and told with nothing active in it', async (name) => {
    const random = seeded(cases.indexOf(name) + 1);
    const record = recordIn(name);
    const all = mutationsOf(record, Object.keys(odd));
    const faults: string[] = [];

    for (const one of picked(all, 60, random)) faults.push(...(await faultsAfter(one)));

    expect(faults).toEqual([]);
  });

  it.each(cases)('%s: is no change where the call failed', async (name) => {
    const record = recordIn(name);
    const failed = withValue(record, [...callPath(record), 'errorCode'], 'AccessDenied');
    if (name.startsWith('guardduty')) return;

    expect((await told(failed)).alerts).toEqual([]);
  });
});

const lost: readonly (readonly [what: string, value: unknown])[] = [
  ['absent', undefined],
  ['null', null],
  ['hidden', '****'],
  ['a list', [{ dBClusterIdentifier: 'orders' }]],
  ['text', '{"dBClusterIdentifier":"orders"}'],
  ['left out for its length', { omitted: true, originalSize: 135_242, reason: 'requestParameters too large' }],
];

describe('an event whose parameters cannot be read is no pass', () => {
  it.each(lost)('requestParameters %s', async (_, value) => {
    const silent: string[] = [];
    for (const name of cases) {
      const record = recordIn(name);
      const before = (await told(record)).alerts.filter(({ check }) => check !== 'monitor-tampered' && check !== 'guardduty-login-anomaly');
      if (before.length === 0) continue;
      const { alerts } = await told(withValue(record, [...callPath(record), 'requestParameters'], value));
      const says = alerts.some(({ title, check }) => title === 'A change could not be read' || before.some((one) => one.check === check));
      if (!says) silent.push(name);
    }

    expect(silent).toEqual([]);
  });

  const rds = { dBClusterIdentifier: 'orders' };
  const group = { dBClusterParameterGroupName: 'orders-pg16' };
  it.each<[what: string, call: Call, reason: RegExp]>([
    [
      'a flag',
      { name: 'ModifyDBCluster', request: { ...rds, enableIAMDatabaseAuthentication: '****' } },
      /enableIAMDatabaseAuthentication/,
    ],
    ['a flag in a list', { name: 'ModifyDBCluster', request: { ...rds, deletionProtection: [false] } }, /deletionProtection/],
    ['a number', { name: 'ModifyDBCluster', request: { ...rds, backupRetentionPeriod: 'none' } }, /backupRetentionPeriod/],
    ['a flag of an instance', { name: 'ModifyDBInstance', request: { dBInstanceIdentifier: 'a', publiclyAccessible: {} } }, /publicly/],
    ['parameters', { name: 'ModifyDBClusterParameterGroup', request: { ...group, parameters: '****' } }, /parameters/],
    ['one parameter', { name: 'ModifyDBClusterParameterGroup', request: { ...group, parameters: [['rds.force_ssl', '0']] } }, /parameters/],
    ['log exports', { name: 'ModifyDBCluster', request: { ...rds, cloudwatchLogsExportConfiguration: '****' } }, /cloudwatchLogs/],
    [
      'whom it is shared with',
      {
        name: 'ModifyDBClusterSnapshotAttribute',
        request: { dBClusterSnapshotIdentifier: 'may', attributeName: 'restore', valuesToAdd: [{ all: true }] },
      },
      /valuesToAdd/,
    ],
    [
      'a policy',
      { source: 'iam.amazonaws.com', name: 'PutRolePolicy', request: { roleName: 'app', policyName: 'p', policyDocument: '****' } },
      /policyDocument/,
    ],
    [
      'rules',
      { source: 'ec2.amazonaws.com', name: 'AuthorizeSecurityGroupIngress', request: { groupId: 'sg-1', ipPermissions: ['tcp'] } },
      /ipPermissions/,
    ],
    [
      'changed rules',
      { source: 'ec2.amazonaws.com', name: 'ModifySecurityGroupRules', request: { ModifySecurityGroupRulesRequest: '****' } },
      /ModifySecurityGroupRulesRequest/,
    ],
    [
      'whom it is shared with, as a number',
      {
        name: 'ModifyDBSnapshotAttribute',
        request: { dBSnapshotIdentifier: 'may', attributeName: 'restore', valuesToAdd: [123456789012] },
      },
      /valuesToAdd/,
    ],
    [
      'a range',
      {
        source: 'ec2.amazonaws.com',
        name: 'AuthorizeSecurityGroupIngress',
        request: { groupId: 'sg-1', ipProtocol: 'tcp', fromPort: '5432', toPort: '5432', cidrIp: '****' },
      },
      /a range that cannot be read in to port 5432: \*{4}\. Which addresses \*{4} stands for is not known/,
    ],
    [
      'an entry of a prefix list',
      {
        source: 'ec2.amazonaws.com',
        name: 'ModifyManagedPrefixList',
        request: { ModifyManagedPrefixListRequest: { PrefixListId: 'pl-1', AddEntry: { Cidr: '****' } } },
      },
      /a range that cannot be read/,
    ],
  ])('%s', async (_, call, reason) => {
    const { alerts } = await told(recordOf(call));

    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({ severity: 'medium', reason: expect.stringMatching(reason) });
  });

  it.each<[what: string, call: Call]>([
    ['what is not there', { name: 'ModifyDBCluster', request: rds }],
    ['null', { name: 'ModifyDBCluster', request: { ...rds, deletionProtection: null, enableIAMDatabaseAuthentication: null } }],
    ['flags and numbers as text', { name: 'ModifyDBCluster', request: { ...rds, deletionProtection: 'True', backupRetentionPeriod: '7' } }],
    ['another engine', { name: 'ModifyDBCluster', request: { ...rds, deletionProtection: '****' }, response: { engine: 'aurora-mysql' } }],
    ['a call that only reads', { name: 'ModifyDBCluster', request: null, record: { readOnly: true } }],
    ['a call that nobody watches', { name: 'DescribeDBClusters', request: null }],
  ])('nothing is told of %s', async (_, call) => {
    expect((await told(recordOf(call))).alerts).toEqual([]);
  });
});

describe('odd forms that can be read', () => {
  const rule = (more: object): Call => ({
    source: 'ec2.amazonaws.com',
    name: 'AuthorizeSecurityGroupIngress',
    request: { groupId: 'sg-1', ...more },
  });
  it.each<[what: string, call: Call, check: string]>([
    ['flat rules', rule({ ipProtocol: 'tcp', fromPort: 5432, toPort: 5432, cidrIp: '0.0.0.0/0' }), 'ingress-opened'],
    [
      'nested rules',
      rule({
        ipPermissions: { items: [{ ipProtocol: 'tcp', fromPort: 5432, toPort: 5432, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }] },
      }),
      'ingress-opened',
    ],
    [
      'one item as an object, ports as text',
      rule({
        ipPermissions: { items: { ipProtocol: 'tcp', fromPort: '5432', toPort: '5432', ipRanges: { items: { cidrIp: '0.0.0.0/0' } } } },
      }),
      'ingress-opened',
    ],
    [
      'a flag as text in capitals',
      { name: 'ModifyDBCluster', request: { dBClusterIdentifier: 'orders', enableIAMDatabaseAuthentication: 'False' } },
      'iam-authentication-disabled',
    ],
    [
      'one parameter as an object',
      {
        name: 'ModifyDBClusterParameterGroup',
        request: { dBClusterParameterGroupName: 'g', parameters: { parameterName: 'rds.force_ssl', parameterValue: 0 } },
      },
      'tls-weakened',
    ],
  ])('%s', async (_, call, check) => {
    expect((await told(recordOf(call))).alerts.map((alert) => alert.check)).toEqual([check]);
  });

  it.each<[who: string, record: object]>([
    ['nobody', { userIdentity: undefined }],
    ['an unknown kind of identity', { userIdentity: { type: 'Starfish', principalId: '****' } }],
    ['a service', { userIdentity: { type: 'AWSService', invokedBy: 'rds.amazonaws.com' }, sourceIPAddress: 'rds.amazonaws.com' }],
    ['a role without a session', { userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/a/b' } }],
    ['an ARN that is none', { userIdentity: { type: 'AssumedRole', arn: 'arn:::' } }],
    ['another account', { userIdentity: { type: 'AWSAccount', accountId: '123456789012' }, recipientAccountId: '123456789012' }],
    ['another region', { awsRegion: 'xx-nowhere-9' }],
    ['no region', { awsRegion: undefined }],
  ])('a call by or in %s is told all the same', async (_, record) => {
    const request = { dBClusterIdentifier: 'orders', deletionProtection: false };

    const { alerts } = await told(recordOf({ name: 'ModifyDBCluster', request, record }));

    expect(alerts.map(({ check }) => check)).toEqual(['protection-removed']);
    expect(faultsOf(alerts)).toEqual([]);
  });

  it.each([
    ['no time', undefined],
    ['a time that is none', 'yesterday'],
    ['a number', 1_777_000_000],
  ])('an event with %s is named, not judged', async (_, eventTime) => {
    const { alerts, warnings } = await told(recordOf({ name: 'DeleteDBCluster', request: {}, record: { eventTime } }));

    expect(alerts).toEqual([]);
    expect(warnings.join(' ')).toMatch(/has (?:no eventTime|an eventTime that is no time)/);
  });
});
