import { describe, expect, it } from '@jest/globals';
import { readCloudTrailBytes, readCloudTrailDocument } from '../../lib/intake/cloudtrail.ts';
import { listRecords, type RecordHead } from '../../lib/intake/record-list.ts';

/** A record with its keys in CloudTrail's order. */
function record(id: number, source: string, more: object = {}): Record<string, unknown> {
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ada', accountId: '111122223333' },
    eventTime: `2026-05-03T09:00:${String(id % 60).padStart(2, '0')}Z`,
    eventSource: source,
    eventName: source.startsWith('rds') ? 'ModifyDBCluster' : 'ListBuckets',
    requestParameters: { name: 'orders' },
    eventID: `event-${id}`,
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    ...more,
  };
}

const file = (...records: readonly unknown[]): Buffer => Buffer.from(JSON.stringify({ Records: records }));
/** What a scan does: events of other services are not parsed. */
const skips = ({ eventSource }: RecordHead): boolean => eventSource !== 'rds.amazonaws.com';

/** Whatever is skipped, the events that are not must be those that parsing the whole file finds. */
function expectSame(bytes: Buffer): void {
  const whole = readCloudTrailDocument(bytes.toString('utf8'));
  const { events, skipped, ...rest } = readCloudTrailBytes(bytes, skips);
  const isRds = ({ eventSource }: { eventSource: string }): boolean => eventSource === 'rds.amazonaws.com';
  expect(events.filter(isRds)).toEqual(whole.events.filter(isRds));
  expect(events.length + skipped).toBe(whole.events.length);
  expect(rest).toEqual({ rejected: whole.rejected, digest: whole.digest, notes: whole.notes });
}

const s3 = record(1, 's3.amazonaws.com');
const rds = record(2, 'rds.amazonaws.com');

describe('a list of records', () => {
  it('is gone through without parsing what is skipped', () => {
    const { events, skipped } = readCloudTrailBytes(file(s3, rds, record(3, 'ec2.amazonaws.com')), skips);

    expect(events.map(({ eventId }) => eventId)).toEqual(['event-2']);
    expect(skipped).toBe(2);
  });

  it('tells the head of each', () => {
    expect(listRecords(file(s3))?.map(({ head }) => head)).toEqual([
      {
        eventType: 'AwsApiCall',
        eventTime: '2026-05-03T09:00:01Z',
        eventSource: 's3.amazonaws.com',
        eventName: 'ListBuckets',
        account: '111122223333',
      },
    ]);
  });

  it.each<[what: string, bytes: Buffer]>([
    ['white space everywhere', Buffer.from(JSON.stringify({ Records: [s3, rds] }, null, 2))],
    ['a byte-order mark', Buffer.concat([Buffer.from('\ufeff'), file(s3, rds)])],
    ['no records', file()],
    ['a whole record within a record', file(record(3, 's3.amazonaws.com', { requestParameters: { list: [rds, rds, s3] } }), rds)],
    ['a whole record within a text', file(record(3, 's3.amazonaws.com', { userAgent: `"}},${JSON.stringify(rds)},{"a":"` }), rds)],
    ['texts that end in backslashes', file(record(3, 's3.amazonaws.com', { userAgent: 'C:\\', errorMessage: '\\"}' }), rds)],
    ['the source only inside', file(record(3, 's3.amazonaws.com', { eventSource: undefined, requestParameters: rds }), rds)],
    [
      'the same key twice, of which the last counts',
      Buffer.from(`{"Records":[${JSON.stringify(s3).slice(0, -1)},"eventSource":"rds.amazonaws.com"}]}`),
    ],
    ['an escaped letter in the source', Buffer.from(`{"Records":[${JSON.stringify(rds).replace('rds.', '\\u0072ds.')}]}`)],
    ['an escaped letter in a key', Buffer.from(`{"Records":[${JSON.stringify(rds).replace('"eventSource"', '"event\\u0053ource"')}]}`)],
    ['a source that is no text', file(record(3, 's3.amazonaws.com', { eventSource: ['rds.amazonaws.com'] }), rds)],
    ['a record without its time', file(record(3, 's3.amazonaws.com', { eventTime: undefined }), rds)],
    ['a time that is none', file(record(3, 's3.amazonaws.com', { eventTime: 'yesterday' }), rds)],
    ['an insight', file(record(3, 's3.amazonaws.com', { eventType: 'AwsCloudTrailInsight' }), rds)],
    ['an event of EventBridge', file({ 'detail-type': 'AWS API Call via CloudTrail', detail: rds }, { ...s3, 'detail-type': 'other' })],
    ['an entry of LookupEvents', file({ CloudTrailEvent: JSON.stringify(rds), EventId: 'x' }, s3)],
    ['values that are no records', file(s3, 1, rds)],
    ['a list within the list', file([rds], s3)],
    ['something after the list', Buffer.from(`{"Records":[${JSON.stringify(s3)}],"Records":[${JSON.stringify(rds)}]}`)],
    ['two documents', Buffer.concat([file(s3), file(rds)])],
    ['bytes that are not UTF-8', Buffer.from(file(s3, rds).toString('latin1').replace('orders', '\xff\xfe'), 'latin1')],
  ])('gives the same events with %s', (_what, bytes) => {
    expectSame(bytes);
  });

  it('gives the same events wherever it is cut off', () => {
    const bytes = file(s3, rds, s3, rds);
    for (let length = 0; length < bytes.length; length++) expectSame(bytes.subarray(0, length));
  });

  it('reads on after a record that is no JSON, and says which it is', () => {
    const bad = JSON.stringify(rds).replace('"ModifyDBCluster"', 'nulll');

    const document = readCloudTrailBytes(Buffer.from(`{"Records":[${JSON.stringify(s3)},${bad},${JSON.stringify(rds)}]}`), skips);

    expect(document).toMatchObject({ skipped: 1, rejected: 1, notes: ['Record 2 is not JSON.'] });
    expect(document.events.map(({ eventId }) => eventId)).toEqual(['event-2']);
  });

  it('gives the same events of random nests of records, keys and signs', () => {
    const random = seeded(20260503);
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
    const value = (depth: number): unknown => {
      const kind = depth > 3 ? 0 : Math.floor(random() * 6);
      if (kind === 1) return [value(depth + 1), value(depth + 1)];
      if (kind === 2) return { [pick(['eventSource', 'eventTime', 'x', 'Records'])]: value(depth + 1) };
      if (kind === 3) return record(3, pick(['s3.amazonaws.com', 'rds.amazonaws.com']), { requestParameters: value(depth + 1) });
      return pick<unknown>(['"', '\\', '\\"}', ']},{', '{"eventVersion":"', 'rds.amazonaws.com', '\u2028é', 1.5e-7, true, null]);
    };
    for (let round = 0; round < 500; round++) {
      const records = Array.from({ length: 4 }, (_, id) =>
        record(id, pick(['s3.amazonaws.com', 'rds.amazonaws.com']), {
          requestParameters: value(0),
          [pick(['userAgent', 'eventName', 'eventType', 'recipientAccountId', 'CloudTrailEvent'])]: value(2),
        }),
      );
      expectSame(file(...records));
    }
  });
});

/** Numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
