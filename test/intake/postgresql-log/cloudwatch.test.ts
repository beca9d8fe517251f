import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, parseDelivery } from './parse.ts';
import { type Attempt, recordsOf, write } from './server.ts';

const attempt = (outcome: Attempt['outcome'], index = 0, names = { user: 'app', database: 'orders' }): Attempt => ({
  process: 835 + index,
  host: '192.0.2.7',
  port: 13708 + index,
  ...names,
  outcome,
});
const forgery = attempt('refused', 9, {
  user: 'a\n2026-01-01 00:00:00 UTC:192.0.2.200(1):ceo',
  database: 'p:[1]:FATAL:  PAM authentication failed for user "ceo"\n',
});
const log = [attempt('session'), attempt('password', 1), attempt('pam', 2), forgery, attempt('refused', 3)]
  .flatMap((one) => recordsOf(one).map(({ entry }) => write(entry, 'short')))
  .join('');
const plain = parse(log);
const withoutPlace = plain.records.map(({ id, position, object, ...rest }) => rest);

interface Event {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

const eventsOf = (messages: readonly string[], first = 0): Event[] =>
  // Event times are read from the lines, so that a forged line may carry a forged one: they say nothing here.
  messages.map((message, index) => ({ id: String(39_000_000 + first + index), timestamp: 1_777_800_000_000 - index * 1000, message }));
const lines = log.trimEnd().split('\n');
/** As CloudWatch may cut it: a continuation line is an event of its own, or not. */
const records = log.trimEnd().split(/\n(?!\t)/);

const document = (logEvents: readonly unknown[], fields: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/aws/rds/cluster/orders/postgresql',
    logStream: 'orders-1',
    subscriptionFilters: ['aurora-watch'],
    logEvents,
    ...fields,
  });
const control = document([], { messageType: 'CONTROL_MESSAGE', logGroup: '', logStream: '' });

function documentsOf(events: readonly Event[], size: number): string[] {
  return Array.from({ length: Math.ceil(events.length / size) }, (_, index) => document(events.slice(index * size, (index + 1) * size)));
}

describe('a delivery', () => {
  it.each([
    ['continuation lines as events of their own', [document(eventsOf(lines))]],
    ['continuation lines within an event', [document(eventsOf(records))]],
    ['a line feed at the end of each message', [document(eventsOf(lines.map((line) => `${line}\n`)))]],
    ['one event a document', documentsOf(eventsOf(lines), 1)],
    ['attempts that go over documents', documentsOf(eventsOf(records), 3)],
    ['control messages between', [control, ...documentsOf(eventsOf(lines), 2).flatMap((one) => [one, control])]],
    ['a document delivered twice', documentsOf(eventsOf(lines), 4).flatMap((one) => [one, one])],
    ['all delivered twice', [...documentsOf(eventsOf(lines), 4), ...documentsOf(eventsOf(lines), 4)]],
  ])('says the same as the plain log, with %s', (_, documents) => {
    for (const between of ['\n', '', '\r\n', ' \n\n']) {
      const { records: found, summary } = parseDelivery(documents.join(between));

      expect(found.map(({ id, position, object, ...rest }) => rest)).toEqual(withoutPlace);
      expect(summary).toMatchObject({ ...plain.summary, format: 'cloudwatch' });
    }
  });

  it('is read the same however the bytes are cut', () => {
    const odd = document(eventsOf(['\\"}{', '\u00fc\u2028\\\\"', '{"a":[1]}'], 500), { logStream: 'q\\"' });
    const delivery = Buffer.from([...documentsOf(eventsOf(lines), 3), odd].join('\n'));

    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 120 }), (sizes) => {
        expect(parseDelivery(delivery, sizes)).toEqual(parseDelivery(delivery));
      }),
      { numRuns: 60, seed: 20260503 },
    );
    expect(
      parseDelivery(
        delivery,
        Array.from(delivery, () => 1),
      ),
    ).toEqual(parseDelivery(delivery));
  });

  it('goes by the order of documents and events, whatever times they carry', () => {
    const events = eventsOf(lines).map((event, index) => ({ ...event, timestamp: index % 2 === 0 ? 4_000_000_000_000 : 0 }));

    expect(parseDelivery(document(events)).records.map(({ id, position, object, ...rest }) => rest)).toEqual(withoutPlace);
  });

  it('keeps streams apart that are delivered together', () => {
    const groups = [
      ['/aws/rds/cluster/orders/postgresql', 'orders-1', 'orders', 'orders-1'],
      ['/aws/rds/cluster/orders/postgresql', 'orders-2', 'orders', 'orders-2'],
      ['/aws/rds/cluster/orders/postgresql', 'orders-2.1', 'orders', 'orders-2'],
      ['/aws/rds/instance/reports/postgresql', 'reports', 'reports', 'reports'],
    ] as const;
    const woven = Array.from({ length: Math.ceil(records.length / 2) }, (_, index) =>
      groups.map(([logGroup, logStream]) => document(eventsOf(records, 0).slice(index * 2, index * 2 + 2), { logGroup, logStream })),
    ).flat();

    const { records: found, summary } = parseDelivery(woven.join('\n'));

    for (const [, logStream, cluster, instance] of groups) {
      const own = found.filter(({ object }) => object.endsWith(`/${logStream}`));
      expect(own.map(({ kind }) => kind)).toEqual(plain.records.map(({ kind }) => kind));
      expect(new Set(own.map((record) => `${record.cluster} ${record.instance}`))).toEqual(new Set([`${cluster} ${instance}`]));
    }
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    expect(summary.records).toBe(plain.summary.records * groups.length);
  });

  it('may hold errors of IAM authentication, which have a group of their own', () => {
    const message =
      "[ERROR] Failed to authorize the connection request for user 'app' because the IAM policy assumed by the caller 'arn:aws:sts::111122223333:assumed-role/db-access/jane' is not authorized. (Status Code: 403, Error Code: NotAuthorized)";
    const events = [
      { id: '1', timestamp: 1_777_802_400_123, message },
      { id: '2', timestamp: 1_777_802_400_124, message: '[INFO] started' },
    ];

    const { records: found, summary } = parseDelivery(document(events, { logGroup: '/aws/rds/cluster/orders/iam-db-auth-error' }));

    expect(found).toMatchObject([
      {
        kind: 'iam-error',
        ts_ms: 1_777_802_400_123,
        cluster: 'orders',
        instance: 'orders-1',
        user_name: 'app',
        identity: 'arn:aws:sts::111122223333:assumed-role/db-access/jane',
      },
    ]);
    expect(summary.rejected).toBe(0);
  });
});

describe('a bad delivery', () => {
  const good = documentsOf(eventsOf(lines), 5).join('\n');

  it.each([
    ['a document that is cut off', `${good}\n${good.slice(0, 300)}`, 'a document that is cut off'],
    ['something before it', `not JSON\n${good}`, 'bytes that are no JSON document'],
    ['a document that is no JSON', `${good}\n{"a":b}`, 'a document that is no JSON'],
    ['a document of another kind', `${good}\n{"Records":[]}`, 'a document that is none of CloudWatch Logs'],
    [
      'an event at a time that is no whole number',
      `${good}\n${document([{ id: '1', timestamp: 1.5, message: 'x' }])}`,
      'a log event without id, timestamp or message',
    ],
    ['an event without a message', `${good}\n${document([{ id: '1', timestamp: 1 }])}`, 'a log event without id, timestamp or message'],
    [
      'another log group',
      `${good}\n${document(eventsOf(['x'], 900), { logGroup: '/aws/lambda/x' })}`,
      'a log group that is none of a cluster or instance',
    ],
  ])('counts %s and reads the rest', (_, delivery, note) => {
    const { records: found, summary } = parseDelivery(delivery);

    expect(found).toHaveLength(plain.records.length);
    expect(summary).toMatchObject({ format: 'cloudwatch', rejected: 1, notes: [note] });
  });

  it('reads what stands behind a document that is cut off, wherever that is and however the bytes come', () => {
    const odd = document(eventsOf(['}"', '\\', '{"a":["', '{"messageType":"DATA_MESSAGE"}'], 700), { logStream: 'q\\"{' });
    const cuts = Array.from({ length: odd.length - 1 }, (_, index) => odd.slice(0, index + 1));
    for (const [index, cut] of cuts.entries()) {
      const separator = ['', '\n', ','][index % 3] ?? '';

      const { records: found, summary } = parseDelivery(`${cut}${separator}${good}`, [cut.length + (index % 17), 3]);

      expect([cut, found.length, summary.rejected]).toEqual([cut, plain.records.length, 1]);
    }
  });

  it('takes byte-order marks for none of it', () => {
    const marked = documentsOf(eventsOf(lines), 5)
      .map((one) => `\ufeff${one}`)
      .join('\n');

    expect(parseDelivery(marked).summary).toMatchObject({ ...plain.summary, format: 'cloudwatch', rejected: 0 });
  });

  it.each([
    ['nothing', ''],
    ['another kind of file', 'id,name\n1,app\n'],
    ['JSON of another kind', '{"Records":[]}'],
  ])('has no format where there is %s', (_, delivery) => {
    expect(parseDelivery(delivery)).toMatchObject({
      records: [],
      summary: { format: null, records: 0, rejected: delivery === '' ? 0 : 1 },
    });
  });

  it('reads names as they were although bytes that were not UTF-8 have been replaced', () => {
    const name = `${'x'.repeat(62)}\ufffd`;
    const message = `2026-05-03 10:00:00 UTC:192.0.2.7(13708):${name}@${name}:[835]:FATAL:  password authentication failed for user "${name}"`;

    expect(parseDelivery(document(eventsOf([message]))).records).toMatchObject([
      { kind: 'failed', user_name: name, database_name: name, forged: 0 },
    ]);
  });
});
