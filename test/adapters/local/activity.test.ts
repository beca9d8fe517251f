import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openActivity } from '../../../lib/adapters/local/activity.ts';
import type { Coverage } from '../../../lib/domain/report.ts';
import { windowParameters } from '../../../lib/evidence/window.ts';
import type { Activity } from '../../../lib/ports/activity.ts';
import type { QueryRow } from '../../../lib/ports/query.ts';
import { cloudWatchDocument, csvFailure, textFailure, textLine, textReceipt, textSession } from './logs.ts';

let folder: string;
let opened: Activity[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-watch-activity-'));
  opened = [];
});
afterEach(async () => {
  for (const activity of opened) await activity.close();
  await rm(folder, { recursive: true, force: true });
});

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

async function open(options: Partial<Parameters<typeof openActivity>[0]> = {}): Promise<Activity> {
  const watched = { named: ['rds.amazonaws.com ModifyDBCluster'], changesOf: [] };
  const activity = await openActivity({ folder, watched, ...options });
  opened.push(activity);
  return activity;
}

function line({ coverage }: Activity, source: string): Coverage | undefined {
  return coverage.find((one) => one.source === source);
}

const window = {
  from_day: '2026/05/01',
  to_day: '2026/05/04',
  from_ms: Date.parse('2026-05-01T00:00:00Z'),
  to_ms: Date.parse('2026-05-04T00:00:00Z'),
};

function failures(activity: Activity): Promise<readonly QueryRow[]> {
  return activity.run('failed-password-logins', { ...window, before_threshold: 4, before_tenfold: 49, window_ms: 300_000 });
}

function call(override: object = {}): object {
  return {
    eventVersion: '1.08',
    eventID: 'e1',
    eventTime: '2026-05-03T09:00:00Z',
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: 'eu-central-1',
    recipientAccountId: '111122223333',
    sourceIPAddress: '192.0.2.40',
    userAgent: 'aws-cli/2.17',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/ci-runner/build-4711',
      accountId: '111122223333',
      sessionContext: { sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/ci-runner' } },
    },
    requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/orders-app', roleSessionName: 'x' },
    responseElements: null,
    ...override,
  };
}

const change = call({ eventID: 'e2', eventTime: '2026-05-03T08:00:00Z', eventSource: 'rds.amazonaws.com', eventName: 'ModifyDBCluster' });
const ten = '2026-05-03T10:00:00Z';

/** In how many hours of the day which instance wrote. */
function reachOf(activity: Activity) {
  return activity.run('log-reach', windowParameters({ from: Date.parse('2026-05-03T00:00:00Z'), to: Date.parse('2026-05-04T00:00:00Z') }));
}

describe('openActivity', () => {
  it('says of a folder without logs that nothing was collected, and answers every query with nothing', async () => {
    await put('evidence.json', '{}');

    const activity = await open();

    expect(activity.coverage).toEqual(
      ['log', 'cloudtrail', 'cloudwatch'].map((source) => ({
        source,
        status: 'missing',
        detail: 'not collected',
        from: null,
        to: null,
        records: 0,
        rejected: 0,
      })),
    );
    expect(activity).toMatchObject({
      events: [],
      newestEvent: null,
      newestLogRecord: null,
      account: null,
      holds: { logs: false, trail: false },
    });
    expect(await failures(activity)).toEqual([]);
  });

  it('reads a log and says how far it reaches', async () => {
    await put(
      'logs/orders/orders-1/postgresql.log.2026-05-03-1000',
      textFailure({ time: ten }) + textSession({ time: '2026-05-03T11:30:00Z' }),
    );

    const activity = await open();

    expect(await failures(activity)).toMatchObject([
      {
        cluster: 'orders',
        user_name: 'app',
        database_name: 'orders',
        host: '192.0.2.7',
        attempts: 1,
        unconfirmed: 0,
        first_ms: Date.parse(ten),
      },
    ]);
    const reach = { status: 'complete', records: 5, rejected: 0, from: '2026-05-03T10:00:00.000Z', to: '2026-05-03T11:30:00.000Z' };
    expect(line(activity, 'log:logs/orders/orders-1/postgresql.log.2026-05-03-1000')).toMatchObject(reach);
    expect(line(activity, 'log')).toMatchObject({ ...reach, detail: '1 file' });
    expect(activity.newestLogRecord).toBe(Date.parse('2026-05-03T11:30:00Z'));
    const [first_hour, last_hour] = [Date.parse(ten), Date.parse('2026-05-03T11:00:00Z')];
    const hours = { hours: 2, first_hour, last_hour, unbroken_hour: first_hour };
    expect(await reachOf(activity)).toEqual([{ cluster: 'orders', instance: 'orders-1', records: 5, rejected: 0, ...hours }]);
  });

  it.each(['.', './', 'a/..', ''])('names files from the evidence folder, however that is written: %s', async (way) => {
    await put('a/ignored', '');
    await put('logs/orders/orders-1/deeper/still/postgresql.log', textFailure({ time: ten }));
    const written = `${relative(process.cwd(), folder)}/${way}`;

    const activity = await open({ folder: written });

    expect(activity.coverage.map(({ source }) => source)).toContain('log:logs/orders/orders-1/deeper/still/postgresql.log');
    expect(await failures(activity)).toMatchObject([{ cluster: 'orders' }]);
  });

  it('counts the same attempt once, whatever files and forms it is in', async () => {
    const text = textFailure({ time: ten });
    await put('logs/orders/orders-1/postgresql.log', text);
    await put('logs/orders/orders-1/again/postgresql.log.gz', gzipSync(text));
    await put('logs/orders/orders-1/postgresql.log.csv', csvFailure({ time: '2026-05-03T10:00:00.731Z' }));
    await put('cloudwatch/2026/05/03/10/part-1.gz', gzipSync(cloudWatchDocument(text)));

    const activity = await open();

    expect(await failures(activity)).toMatchObject([{ attempts: 1, unconfirmed: 0 }]);
  });

  it('counts it once where the clocks of the forms stand in two seconds', async () => {
    await put('logs/orders/orders-1/postgresql.log', textFailure({ time: '2026-05-03T09:59:59Z' }));
    await put('logs/orders/orders-1/postgresql.log.csv', csvFailure({ time: '2026-05-03T10:00:00.003Z' }));

    const activity = await open();

    expect(await failures(activity)).toMatchObject([{ attempts: 1 }]);
  });

  it('joins an attempt over the border of two files', async () => {
    const [received = '', ...rest] = textFailure({ time: ten }).split(/(?<=\n)/);
    await put('logs/orders/orders-1/postgresql.log.2026-05-03-0900', received);
    await put('logs/orders/orders-1/postgresql.log.2026-05-03-1000', rest.join(''));

    const activity = await open();

    expect(await failures(activity)).toMatchObject([{ attempts: 1, unconfirmed: 0 }]);
  });

  it('keeps instances apart, and counts what has no receipt as unconfirmed', async () => {
    await put('logs/orders/orders-1/postgresql.log', textFailure({ time: ten }));
    await put('logs/orders/orders-2/postgresql.log', textFailure({ time: ten }).replace(/^.*\n/, ''));

    const activity = await open();

    expect(await failures(activity)).toMatchObject([{ attempts: 2, unconfirmed: 1 }]);
  });

  it('reads documents of CloudWatch Logs without anything between them, in gzip members one after the other', async () => {
    const [first, second] = ['2026-05-03T10:00:00Z', '2026-05-03T10:00:01Z'].map((time, index) =>
      cloudWatchDocument(textFailure({ time, port: 5000 + index, process: 900 + index }), { first: index * 10 }),
    );
    const control = JSON.stringify({ messageType: 'CONTROL_MESSAGE', owner: 'CloudWatchLogs', logGroup: '', logStream: '', logEvents: [] });
    await put('cloudwatch/2026/05/03/10/a.gz', Buffer.concat([gzipSync(`${control}${first}`), gzipSync(second ?? '')]));

    const activity = await open();

    expect(await failures(activity)).toMatchObject([{ attempts: 2 }]);
    expect(line(activity, 'cloudwatch:cloudwatch/2026/05/03/10/a.gz')).toMatchObject({ status: 'complete', records: 6, rejected: 0 });
  });

  it('reads documents that CloudWatch Logs zipped and Firehose zipped again', async () => {
    await put('cloudwatch/a.gz', gzipSync(gzipSync(cloudWatchDocument(textFailure({ time: ten })))));

    const activity = await open();

    expect(await failures(activity)).toMatchObject([{ attempts: 1, unconfirmed: 0 }]);
    expect(line(activity, 'cloudwatch')).toMatchObject({ status: 'complete', records: 3, rejected: 0 });
  });

  it('does not take errors of IAM authentication for the log of PostgreSQL', async () => {
    const error =
      "2026-05-03 10:00:00 UTC [ERROR] Failed to authenticate the connection request for user 'app' because the token is invalid. (Status Code: 400, Error Code: InvalidToken)\n";
    await put('logs/orders/orders-1/iam-db-auth-error.log', error);
    await put('cloudwatch/a.json', cloudWatchDocument(error, { group: '/aws/rds/cluster/orders/iam-db-auth-error' }));

    const activity = await open();

    expect(await reachOf(activity)).toEqual([]);
    expect(line(activity, 'log')).toMatchObject({ records: 1 });
    expect(line(activity, 'cloudwatch')).toMatchObject({ records: 1 });
  });
});

describe('what cannot be read', () => {
  const good = textFailure({ time: ten });

  it.each<[name: string, content: string | Buffer, expected: Partial<Coverage>]>([
    ['an empty file', '', { status: 'missing', records: 0, rejected: 1, detail: 'the file is empty' }],
    ['the log of another program', '[error] worker 7 died\n'.repeat(3), { status: 'missing', records: 0, rejected: 1 }],
    ['bytes of no kind', Buffer.from([0, 255, 254, 10, 0, 1, 2, 3]), { status: 'missing', records: 0, rejected: 1 }],
    ['a gzip that is none', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]), { status: 'missing', records: 0, detail: 'the gzip is damaged' }],
  ])('is named, and the rest is judged: %s', async (_name, content, expected) => {
    await put('logs/orders/orders-1/bad', content);
    await put('logs/orders/orders-1/good', good);

    const activity = await open();

    expect(line(activity, 'log:logs/orders/orders-1/bad')).toMatchObject(expected);
    expect(line(activity, 'log')).toMatchObject({ status: 'partial', records: 3, detail: '2 files, 1 of them not whole' });
    expect(await failures(activity)).toMatchObject([{ attempts: 1 }]);
  });

  it('keeps what a truncated gzip gave, and calls the log of that cluster torn', async () => {
    const lines = Array.from({ length: 4000 }, (_, index) => textFailure({ time: ten, port: 1025 + index, process: 1000 + index }));
    const zipped = gzipSync(lines.join(''));
    await put('logs/orders/orders-1/postgresql.log.gz', zipped.subarray(0, zipped.length / 2));
    await put('logs/ledger/ledger-1/postgresql.log', good);

    const activity = await open();
    const rows = await failures(activity);

    expect(line(activity, 'log:logs/orders/orders-1/postgresql.log.gz')).toMatchObject({
      status: 'partial',
      detail: expect.stringMatching(/^the gzip ends early/),
    });
    expect(Number(rows.find(({ cluster }) => cluster === 'orders')?.attempts)).toBeGreaterThan(1000);
    expect([...activity.torn]).toEqual(['orders']);
  });

  it.each<[name: string, path: string, content: string | Buffer, torn: readonly string[], lost: string | null]>([
    ['a log of another program', 'logs/orders/orders-1/a.log', 'GET / HTTP/1.1\n', ['orders'], null],
    ['a log in UTF-16', 'logs/orders/orders-1/a.log', Buffer.from(`\ufeff${good}`, 'utf16le'), ['orders'], null],
    ['an empty log, as of an hour without a record', 'logs/orders/orders-1/a.log', '', [], null],
    ['a log in no folder of an instance', 'logs/a.log', good, [], '1 file of logs could not be read'],
    ['what Firehose delivered, damaged', 'cloudwatch/a.gz', Buffer.from([0x1f, 0x8b, 1, 2]), [], '1 file of logs could not be read'],
    ['what Firehose delivered, empty', 'cloudwatch/a.gz', '', [], '1 file of logs could not be read'],
    ['a file of CloudTrail', 'cloudtrail/a.gz', Buffer.from([0x1f, 0x8b, 1, 2]), [], null],
  ])('may be the log of a login that nobody saw: %s', async (_name, path, content, torn, lost) => {
    await put('logs/ledger/ledger-1/postgresql.log', good);
    await put('cloudwatch/good.json', cloudWatchDocument(good));
    await put(path, content);

    const activity = await open();

    expect([...activity.torn]).toEqual(torn);
    expect(activity.lost).toBe(lost);
  });

  it('names what stands in no folder of an instance', async () => {
    await put('logs/orders/postgresql.log', good);
    await put('logs/orders/orders-1/postgresql.log', good);

    const activity = await open();

    expect(line(activity, 'log:logs/orders/postgresql.log')).toMatchObject({ status: 'missing', rejected: 1 });
    expect(line(activity, 'log:logs/orders/postgresql.log')?.detail).toMatch(/^not below logs\/<cluster>\/<instance>/);
    expect(await failures(activity)).toMatchObject([{ attempts: 1 }]);
  });

  it.each(['logs', 'cloudtrail', 'cloudwatch'])('names a file where the folder %s should be', async (name) => {
    await put(name, 'x');

    const [, source = ''] = /^(log|cloudtrail|cloudwatch)/.exec(name) ?? [];
    expect(line(await open(), `${source}:${name}`)).toMatchObject({ status: 'missing', rejected: 1, detail: 'it is no folder' });
  });

  it('follows no link to a folder, and names it', async () => {
    await put('logs/orders/orders-1/postgresql.log', good);
    await symlink('..', join(folder, 'logs', 'orders', 'orders-1', 'round'));

    const activity = await open();

    expect(line(activity, 'log:logs/orders/orders-1/round')).toMatchObject({
      status: 'missing',
      detail: 'links to folders are not followed',
    });
    expect(await failures(activity)).toMatchObject([{ attempts: 1 }]);
  });

  it('does not stumble over a text of nine million control characters', async () => {
    const session = textSession({ time: ten }).replace(/ SSL enabled.*/, ` application_name=${'\u0001'.repeat(9_000_000)}`);
    await put('logs/orders/orders-1/postgresql.log', session);

    // So much is not looked at: a report of TLS may have stood behind it.
    expect(await (await open()).run('database-use', window)).toMatchObject([{ user_name: 'app', sessions: 1, plaintext_sessions: 0 }]);
  });

  it('counts what is of another time zone, and reads the rest', async () => {
    const elsewhere = textFailure({ time: ten, user: 'batch', port: 5000, process: 900 }).replaceAll(' UTC', ' CEST');
    await put('logs/orders/orders-1/postgresql.log', elsewhere + good);

    const activity = await open();

    expect(line(activity, 'log:logs/orders/orders-1/postgresql.log')).toMatchObject({
      status: 'partial',
      records: 6,
      rejected: 3,
      detail: '3 times: a time that is not UTC, or none at all',
    });
    expect(await failures(activity)).toMatchObject([{ user_name: 'app', attempts: 1 }]);
  });

  it('reads a file that grows while it is read', async () => {
    const path = 'logs/orders/orders-1/postgresql.log';
    const filler = textLine({ time: ten }, 'LOG', `checkpoint ${'x'.repeat(200)}`).repeat(5000);
    await put(path, good + filler);
    let grown = 0;

    const activity = await open({
      progress: () => {
        grown++;
        if (grown < 20)
          appendFileSync(join(folder, path), textFailure({ time: ten, port: 5000 + grown, process: 900 + grown }).slice(0, -40));
      },
    });

    expect(grown).toBeGreaterThan(0);
    expect(Number(line(activity, `log:${path}`)?.records)).toBeGreaterThanOrEqual(5003);
    expect((await failures(activity)).reduce((sum, { attempts }) => sum + Number(attempts), 0)).toBeGreaterThanOrEqual(1);
  });

  it('leaves out files with a dot in front', async () => {
    await put('logs/.DS_Store', 'x');
    await put('cloudtrail/.keep', '');

    expect((await open()).coverage).toHaveLength(3);
  });

  it('keeps what a record tells when a name in it is no UTF-8', async () => {
    const [received = '', fatal = ''] = good.split(/(?<=\n)/);
    const cut = Buffer.from(fatal.replaceAll('app', 'caf\u00e9'), 'latin1');
    await put('logs/orders/orders-1/postgresql.log', Buffer.concat([Buffer.from(received), cut]));

    expect(await failures(await open())).toMatchObject([{ user_name: 'caf\ufffd', attempts: 1 }]);
  });
});

describe('CloudTrail', () => {
  const roleUse = (activity: Activity): Promise<readonly QueryRow[]> => activity.run('role-use', window);

  it.each<[name: string, text: string]>([
    ['as it is delivered', JSON.stringify({ Records: [call(), change] })],
    ['one record a line, with CR LF', `${JSON.stringify(call())}\r\n${JSON.stringify(change)}\r\n`],
    ['with a byte-order mark', `\ufeff${JSON.stringify({ Records: [call(), change] })}`],
    ['an array', JSON.stringify([call(), change])],
    ['the same record twice', JSON.stringify({ Records: [call(), change, call(), change] })],
  ])('reads records %s', async (_name, text) => {
    await put('cloudtrail/2026/05/03/a.json', text);
    await put('cloudtrail/2026/05/03/b.json.gz', gzipSync(text));

    const activity = await open();

    expect(await roleUse(activity)).toEqual([
      {
        role: 'arn:aws:iam::111122223333:role/orders-app',
        uses: 1,
        first_ms: Date.parse('2026-05-03T09:00:00Z'),
        last_ms: Date.parse('2026-05-03T09:00:00Z'),
        callers: 'arn:aws:iam::111122223333:role/ci-runner',
      },
    ]);
    expect(activity.events.map(({ eventId }) => eventId)).toEqual(['e2']);
    expect(activity.newestEvent).toBe(Date.parse('2026-05-03T09:00:00Z'));
    expect(activity.account).toBe('111122223333');
    expect(line(activity, 'cloudtrail:cloudtrail/2026/05/03/a.json')).toMatchObject({
      status: 'complete',
      from: '2026-05-03T08:00:00.000Z',
      to: '2026-05-03T09:00:00.000Z',
    });
  });

  it('tells no account where the events are of several', async () => {
    await put('cloudtrail/a.json', JSON.stringify({ Records: [call(), call({ eventID: 'e3', recipientAccountId: '444455556666' })] }));

    expect((await open()).account).toBeNull();
  });

  it.each<[name: string, content: string | Buffer, expected: Partial<Coverage>]>([
    ['an empty file', '', { status: 'missing', records: 0, rejected: 1, detail: 'the file is empty' }],
    ['no JSON', 'eventName,eventTime', { status: 'missing', records: 0, rejected: 1 }],
    [
      'a record without eventTime',
      JSON.stringify({ Records: [call(), call({ eventTime: undefined })] }),
      { status: 'partial', records: 1, rejected: 1 },
    ],
    [
      'a year of five digits',
      JSON.stringify({ Records: [call(), call({ eventTime: '+012026-05-03T09:00:00.000Z' })] }),
      { status: 'partial', records: 1, rejected: 1 },
    ],
    ['a file that was cut', JSON.stringify({ Records: [call(), change] }).slice(0, -200), { status: 'partial', records: 1, rejected: 1 }],
    ['a gzip that was cut', gzipSync(JSON.stringify({ Records: [call(), change] })).subarray(0, -9), { status: 'partial', rejected: 1 }],
    [
      'a digest',
      JSON.stringify({ digestStartTime: '2026-05-03T08:00:00Z', digestEndTime: '2026-05-03T09:00:00Z', logFiles: [] }),
      { status: 'complete', records: 0, rejected: 0, detail: 'a digest, which holds no events' },
    ],
  ])('names %s, and reads the rest', async (_name, content, expected) => {
    await put('cloudtrail/bad.json', content);
    await put('cloudtrail/good.json', JSON.stringify(call({ eventID: 'e9' })));

    const activity = await open();

    expect(line(activity, 'cloudtrail:cloudtrail/bad.json')).toMatchObject(expected);
    expect(Number((await roleUse(activity))[0]?.uses)).toBeGreaterThanOrEqual(1);
  });

  it.each<[name: string, override: object]>([
    [
      'half a character',
      { userAgent: 'x\ud800y', requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/orders-app', '\udc00': '\ud800' } },
    ],
    ['a zero byte', { userAgent: 'x\u0000y', errorMessage: '\u0000' }],
    ['a day that the month has not', { eventTime: '2026-02-31T09:00:00Z' }],
    ['an hour that ends the day', { eventTime: '2026-05-03T24:00:00Z' }],
    ['names that mean something to JavaScript', { requestParameters: JSON.parse('{"__proto__": {"roleArn": 1}, "constructor": 1}') }],
  ])('does not stumble over %s', async (_name, override) => {
    await put('cloudtrail/odd.json', JSON.stringify({ Records: [call({ ...override, eventID: 'odd' }), call()] }));

    const rows = await roleUse(await open());

    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ role: 'arn:aws:iam::111122223333:role/orders-app' });
  });

  it.each([
    ['that a query reads', 'rds.amazonaws.com', 'DescribeDBClusters'],
    ['that is watched', 'rds.amazonaws.com', 'ModifyDBCluster'],
  ])('names a call %s and that is nested too deeply, and reads the rest, in threads too', async (_name, eventSource, eventName) => {
    const deep = JSON.stringify(call({ eventID: 'deep', eventSource, eventName, requestParameters: { x: 'DEEP' } })).replace(
      '"DEEP"',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    );
    await put('cloudtrail/deep.json', `{"Records":[${JSON.stringify(call())},${deep},${JSON.stringify(change)}]}`);
    await put('cloudtrail/large.json', JSON.stringify(call({ additionalEventData: 'x'.repeat(9_000_000) })));

    const activity = await open();

    expect(line(activity, 'cloudtrail:cloudtrail/deep.json')).toMatchObject({
      status: 'partial',
      records: 2,
      rejected: 1,
      detail: '1 nested too deeply',
    });
    expect(await roleUse(activity)).toMatchObject([{ uses: 1 }]);
    expect(activity.events.map(({ eventId }) => eventId)).toEqual(['e2']);
  });

  it('names a record without an id that is nested too deeply, and reads the rest', async () => {
    const deep = JSON.stringify({ ...call({ eventID: undefined }), requestParameters: 'DEEP' }).replace(
      '"DEEP"',
      `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    );
    await put('cloudtrail/deep.json', `{"Records":[${JSON.stringify(call())},${deep},${JSON.stringify(change)}]}`);

    const activity = await open();

    expect(line(activity, 'cloudtrail:cloudtrail/deep.json')).toMatchObject({
      status: 'partial',
      records: 2,
      rejected: 1,
      detail: 'Record 2 has no eventID and is nested too deeply.',
    });
    expect(await roleUse(activity)).toMatchObject([{ uses: 1 }]);
  });

  it.each(['{"Records": {"eventName": "x"}}', '{"Records": null}', '{"Events": "x"}'])('says of %s that it holds no list', async (text) => {
    await put('cloudtrail/bad.json', text);

    expect(line(await open(), 'cloudtrail:cloudtrail/bad.json')).toMatchObject({
      status: 'missing',
      rejected: 1,
      detail: 'Its records are no list.',
    });
  });

  it('reads on behind a record that is cut off in a file of more than one text can hold', async () => {
    const padding = 'x'.repeat(3_000_000);
    const records = Array.from({ length: 14 }, (_, index) => JSON.stringify(call({ eventID: `r${index}`, additionalEventData: padding })));
    const cut = records.map((record, index) => (index === 12 ? record.slice(0, -1000) : record));
    await put('cloudtrail/large.json', `${cut.join('\n')}\n`);

    const activity = await open();

    expect(line(activity, 'cloudtrail')).toMatchObject({ status: 'partial', records: 13, rejected: 1 });
    expect(await roleUse(activity)).toMatchObject([{ uses: 13 }]);
  });

  it.each<[name: string, head: string, between: string, tail: string]>([
    ['in one list', '{"Records":[', ',', ']}'],
    ['one a line', '', '\n', '\n'],
  ])('reads a file of more than one text can hold, %s', async (_name, head, between, tail) => {
    const padding = 'x'.repeat(3_000_000);
    const records = Array.from({ length: 12 }, (_, index) => JSON.stringify(call({ eventID: `r${index}`, additionalEventData: padding })));
    await put('cloudtrail/large.json', `${head}${[...records, '{"eventID": 1}'].join(between)}${tail}`);

    const activity = await open();

    expect(line(activity, 'cloudtrail')).toMatchObject({ status: 'partial', records: 12, rejected: 1 });
    expect(line(activity, 'cloudtrail:cloudtrail/large.json')?.detail).toMatch(/^After 12 events: .* has no eventTime/);
    expect(await roleUse(activity)).toMatchObject([{ uses: 12 }]);
  });
});

describe('much to read', () => {
  const noise = (count: number): string =>
    Array.from({ length: count }, (_, index) =>
      textLine({ time: ten, port: 20_000 }, 'LOG', `checkpoint ${index} ${'x'.repeat(200)}`),
    ).join('');

  it('reads in threads what it reads without, in the same order, and says how far it is', async () => {
    for (const instance of ['orders-1', 'orders-2', 'orders-3']) {
      await put(`logs/orders/${instance}/postgresql.log`, `${textFailure({ time: ten })}${noise(15_000)}`);
    }
    await put('cloudtrail/a.json', JSON.stringify({ Records: [call(), change] }));
    for (let index = 0; index < 30; index++) await put(`logs/orders/orders-1/small-${index}`, textReceipt({ time: ten }));
    const told: [number, number][] = [];
    const warned: string[] = [];
    const warn = (warning: Error): void => void warned.push(warning.name);
    process.on('warning', warn);

    const activity = await open({ progress: (done, total) => told.push([done, total]) });
    process.off('warning', warn);

    expect(await failures(activity)).toMatchObject([{ attempts: 3, unconfirmed: 0 }]);
    expect(activity.events).toHaveLength(1);
    const sources = activity.coverage.map(({ source }) => source).filter((source) => source.startsWith('log:'));
    expect(sources).toEqual([...sources].sort());
    expect(sources).toHaveLength(33);
    const [done, total] = told.at(-1) ?? [0, 1];
    expect(done).toBe(total);
    // Of the three large files, each half a megabyte.
    expect(told.length).toBeGreaterThan(18);
    expect(told.every(([before], index) => before <= (told[index + 1]?.[0] ?? total))).toBe(true);
    expect(warned).toEqual([]);
  }, 30_000);

  it.each([
    ['before it begins', 0, 40_000],
    ['while threads work', 20, 40_000],
    ['while small files are read', 20, 10],
  ])(
    'ends with the reason of the abort, %s',
    async (_name, after, lines) => {
      for (const instance of ['orders-1', 'orders-2']) await put(`logs/orders/${instance}/postgresql.log`, noise(lines));
      const stop = new AbortController();
      const reason = new Error('enough');
      if (after === 0) stop.abort(reason);

      const opening = openActivity({
        folder,
        watched: { named: [], changesOf: [] },
        signal: stop.signal,
        progress: () => stop.abort(reason),
      });

      await expect(opening).rejects.toBe(reason);
    },
    30_000,
  );
});

describe('run', () => {
  it('refuses a query that is not there, and a parameter that is missing', async () => {
    await put('logs/orders/orders-1/postgresql.log', textFailure({ time: ten }));
    const activity = await open();

    await expect(activity.run('../extract/login', window)).rejects.toThrow('The id of a query is made of small letters');
    await expect(activity.run('nobody-wrote-it', window)).rejects.toThrow('There is no query check/nobody-wrote-it.sql');
    await expect(activity.run('failed-password-logins', window)).rejects.toThrow('needs a value for before_threshold');
  });

  it('binds names as data', async () => {
    await put('logs/orders/orders-1/postgresql.log', textFailure({ time: ten }));
    const activity = await open();

    expect(await activity.run('database-use', { ...window, from_day: "2026/01/01' OR '1'='1", to_day: '2026/01/02' })).toEqual([]);
  });

  it('stops at an abort', async () => {
    await put('logs/orders/orders-1/postgresql.log', textFailure({ time: ten }));
    const activity = await open();

    await expect(activity.run('database-use', window, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(await failures(activity)).toHaveLength(1);
  });

  it.each([
    ['once it is closed', "const activity = await openActivity(options); await activity.run('role-use', window); await activity.close();"],
    [
      'when it was aborted',
      "const stop = new AbortController(); await openActivity({ ...options, signal: stop.signal, progress: () => stop.abort('enough') }).then(() => { throw new Error('It went on.'); }, () => undefined);",
    ],
  ])('leaves nothing behind %s', async (_name, script) => {
    await put('logs/orders/orders-1/postgresql.log', textFailure({ time: ten }));
    await put('logs/orders/orders-2/postgresql.log', textLine({ time: ten }, 'LOG', 'x'.repeat(9_000_000)));

    expect(await leftBy(script)).toEqual([]);
  });
});

/** What is in the temporary folder of a process of its own, after it ran `script`: all tests share that of this one. */
async function leftBy(script: string): Promise<string[]> {
  const own = join(folder, 'tmp');
  await mkdir(own);
  const source = new URL('../../../lib/adapters/local/activity.ts', import.meta.url).href;
  const given = JSON.stringify({ options: { folder, watched: { named: [], changesOf: [] } }, window });
  const text = `import { openActivity } from ${JSON.stringify(source)}; const { options, window } = ${given}; ${script}`;
  // A file: threads take over the options of their process, and --eval is none that they may have.
  await put('script.mjs', text);
  await promisify(execFile)(process.execPath, ['--no-warnings', join(folder, 'script.mjs')], { env: { ...process.env, TMPDIR: own } });
  return readdir(own);
}
