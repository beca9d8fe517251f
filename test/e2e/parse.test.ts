import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { readLoggedFile } from '../../lib/adapters/local/read-logged-file.ts';
import { RowFiles } from '../../lib/adapters/local/rows.ts';
import { deliver as deliveryOf, plainLog } from '../adapters/local/delivery.ts';
import { parse } from '../intake/postgresql-log/parse.ts';
import { describeWhere } from '../needs.ts';
import { account, whyNoMoto } from './moto.ts';
import { deliver, drain } from './stack.ts';
import { openWorld, region, type World } from './world.ts';

const long = 300_000;
const logs = `aurora-watch-prod-logs-${account}-${region}`;
const queries = `aurora-watch-prod-queries-${account}-${region}`;
const whole = { size: 50, documents: 100, newline: true, apart: false, members: false } as const;

type Row = Readonly<Record<string, unknown>>;

function rowsOf(text: string): readonly Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** Sorted, so that the order of files does not count. */
function inOrder(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** The rows that a scan makes of the same file. */
async function rowsOfScan(key: string, content: Buffer, table: 'login_record' | 'log_hour'): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'aurora-watch-scan-'));
  try {
    const path = join(folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    const rows = new RowFiles(folder, 0);
    await readLoggedFile({ kind: 'cloudwatch', name: key, path, bytes: content.length, cluster: '', instance: '' }, rows, {
      watches: () => false,
    });
    rows.flush();
    const files = (await readdir(folder)).filter((name) => name.startsWith(table));
    return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).flatMap(rowsOf);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describeWhere(whyNoMoto(), 'the logs that the stream delivers, through the parse function as it is packaged', () => {
  let world: World;
  let s3: S3Client;

  beforeAll(async () => {
    world = await openWorld();
    s3 = new S3Client({ ...world.settings, forcePathStyle: true });
  }, long);
  afterAll(async () => {
    await world?.stop();
  });
  beforeEach(async () => {
    for (const bucket of [logs, queries])
      for (const key of Object.keys(await list(bucket))) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    await drain(world.caller, world.queues.logObjects);
    await drain(world.caller, world.queues.dead);
  });

  /** Keys in a bucket, each with what tells its content. */
  async function list(Bucket: string): Promise<Readonly<Record<string, string>>> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    return Object.fromEntries(Contents.map(({ Key = '', ETag = '' }) => [Key, ETag]));
  }
  const put = (key: string, Body: Buffer) => s3.send(new PutObjectCommand({ Bucket: logs, Key: key, Body }));
  async function rows(prefix: string): Promise<readonly Row[]> {
    const keys = Object.keys(await list(queries)).filter((key) => key.startsWith(prefix));
    const texts = await Promise.all(
      keys.map(async (Key) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: queries, Key }));
        return gunzipSync((await Body?.transformToByteArray()) ?? '').toString();
      }),
    );
    return texts.flatMap(rowsOf);
  }
  const parseNext = () => deliver('LogObjects', world.queues.logObjects, world.caller, world.functions);
  const keyOf = (name: string, day = '2026/05/03') => `cloudwatch/${day}/10/aurora-watch-prod-logs-1-${name}.gz`;

  it(
    'become the rows that a scan makes of the same file, and say what the plain log says',
    async () => {
      const log = plainLog();
      const [content = Buffer.alloc(0)] = deliveryOf(log, whole);
      await put(keyOf('a'), content);
      const run = await parseNext();
      const records = await rows('login_record/2026/05/03/');

      expect(run?.answer).toEqual({ batchItemFailures: [] });
      expect(records.length).toBeGreaterThan(300);
      expect(inOrder(records)).toEqual(inOrder(await rowsOfScan(keyOf('a'), content, 'login_record')));
      expect(inOrder(await rows('log_hour/2026/05/03/'))).toEqual(inOrder(await rowsOfScan(keyOf('a'), content, 'log_hour')));
      expect(Object.keys(await list(queries)).sort()).toEqual(
        ['log_hour', 'log_object', 'login_record'].map((table) => `${table}/2026/05/03/2026-05-03-10-aurora-watch-prod-logs-1-a.gz`),
      );
      const said = ({ id, object, position, ...rest }: Row) =>
        Object.fromEntries(
          Object.entries(rest)
            .filter(([, value]) => value !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        );
      expect(inOrder(records.map(said))).toEqual(inOrder(parse(Buffer.from(log)).records.map((one) => said({ ...one }))));
    },
    long,
  );

  it(
    'become the same objects when they come twice, split over objects, and when the function is killed after any of its writes',
    async () => {
      const files = deliveryOf(plainLog(), { ...whole, documents: 2 });
      const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = files;
      await put(keyOf('first'), first);
      await put(keyOf('second'), second);
      await parseNext();
      const once = await list(queries);
      await put(keyOf('first'), first);
      await put(keyOf('second'), second);
      await parseNext();
      const twice = await list(queries);
      const killed: string[] = [];
      for (let write = 1; write <= 4; write++) {
        for (const key of Object.keys(await list(queries))) await s3.send(new DeleteObjectCommand({ Bucket: queries, Key: key }));
        await put(keyOf('first'), first);
        let writes = 0;
        world.front.done = ({ by, action, path }) => {
          if (by !== 'parse' || action !== 'PutObject' || ++writes !== write) return;
          killed.push(path.split('/')[2] ?? '');
          world.functions.kill('parse');
        };
        const dead = await parseNext();
        world.front.done = () => {};
        const again = await parseNext();
        await put(keyOf('second'), second);
        await parseNext();

        expect([dead?.killed, again?.answer]).toEqual([true, { batchItemFailures: [] }]);
        expect(await list(queries)).toEqual(once);
      }

      expect(Object.keys(once)).toHaveLength(6);
      expect(twice).toEqual(once);
      expect(killed.sort()).toEqual(['log_hour', 'log_object', 'log_object', 'login_record']);
    },
    long,
  );

  it(
    'are parted by the days that their records say, however many streams and days an object holds',
    async () => {
      const day = (date: string, stream: string) =>
        JSON.stringify({
          messageType: 'DATA_MESSAGE',
          owner: '111122223333',
          logGroup: '/aws/rds/cluster/orders/postgresql',
          logStream: stream,
          subscriptionFilters: ['aurora-watch-prod'],
          logEvents: [
            `${date} 23:59:59 UTC:192.0.2.7(13708):[unknown]@[unknown]:[835]:LOG:  connection received: host=192.0.2.7 port=13708`,
          ]
            .concat(`${date} 23:59:59 UTC:192.0.2.7(13708):app@orders:[835]:FATAL:  password authentication failed for user "app"`)
            .map((message, index) => ({ id: `${date}${stream}${index}`, timestamp: Date.parse(date), message })),
        });
      const documents = [
        day('2026-05-02', 'orders-1'),
        day('2026-05-03', 'orders-1'),
        day('2026-05-02', 'orders-2'),
        day('2019-01-01', 'orders-3'),
      ];
      await put(keyOf('days'), gzipSync(documents.join('\n')));
      await parseNext();
      const counted = async (date: string) =>
        (await rows(`login_record/${date}/`)).map(({ instance, kind, day: said }) => `${instance} ${kind} ${said}`).sort();

      expect(await counted('2026/05/02')).toEqual(
        ['orders-1', 'orders-2'].flatMap((one) => [`${one} failed 2026/05/02`, `${one} received 2026/05/02`]),
      );
      expect(await counted('2026/05/03')).toEqual(['orders-1 failed 2026/05/03', 'orders-1 received 2026/05/03']);
      expect(await rows('log_hour/2026/05/02/')).toHaveLength(2);
      // Nobody writes a log seven years before it arrives.
      expect(await rows('login_record/2019')).toEqual([]);
      expect(await rows('log_object/')).toMatchObject([
        { status: 'partial', detail: expect.stringContaining('3 rows of days far from its arrival'), rejected: 3 },
      ]);
    },
    long,
  );

  it(
    'are counted and named where they cannot be read, each for itself; of which nothing can be made go to the dead letters',
    async () => {
      const [content = Buffer.alloc(0)] = deliveryOf(plainLog(), whole);
      const other = JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: '/aws/lambda/x', logStream: 'y', logEvents: [] });
      const faults = {
        empty: Buffer.alloc(0),
        truncated: content.subarray(0, content.length - 400),
        other: gzipSync(other),
        foreign: gzipSync('GIF89a, or whatever this is\n'.repeat(100)),
        damaged: Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(500, 7)]),
        twice: gzipSync(gzipSync(gunzipSync(content))),
      };
      for (const [name, body] of Object.entries(faults)) await put(keyOf(name), body);
      await put('cloudwatch/by-hand', Buffer.from('x'));
      await put('errors/processing-failed/2026/05/03/10/aurora-watch-prod-logs-1-failed.gz', Buffer.from('{"attemptsMade": 4}'));
      const runs = [];
      for (let run = await parseNext(); run !== null; run = await parseNext()) runs.push(run);
      const found = Object.fromEntries(
        (await rows('log_object/')).map(({ source, status, detail, rejected }) => [
          /logs-1-(\w+)\.gz$/.exec(String(source))?.[1],
          [status, detail, rejected],
        ]),
      );
      const dead = (await drain(world.caller, world.queues.dead)).map(({ Body }) => JSON.parse(Body).Records[0].s3.object.key);

      expect(found).toEqual({
        empty: ['missing', 'the file is empty', 1],
        truncated: ['partial', expect.stringContaining('the gzip ends early'), expect.any(Number)],
        other: ['missing', 'a log group that is none of a cluster or instance', 1],
        foreign: ['missing', 'bytes that are no JSON document', expect.any(Number)],
        damaged: ['missing', expect.stringContaining('the gzip is damaged'), 1],
        failed: ['missing', 'the stream could not read what was sent to it', 1],
        twice: ['complete', '', 0],
      });
      expect(dead.map((key) => decodeURIComponent(key).replace(/^.*logs-1-/, '')).sort()).toEqual([
        'cloudwatch/by-hand',
        'damaged.gz',
        'failed.gz',
        'foreign.gz',
      ]);
      const truncated = await rows('login_record/2026/05/03/2026-05-03-10-aurora-watch-prod-logs-1-truncated.gz');
      expect(truncated.length).toBeGreaterThan(100);
    },
    long,
  );

  it(
    'are named while they cannot be fetched, and stand there rightly when they can',
    async () => {
      const [content = Buffer.alloc(0)] = deliveryOf(plainLog(), whole);
      await put(keyOf('late'), content);
      world.front.refuse = ({ action, path }) => (action === 'GetObject' && path.includes('/cloudwatch/') ? 'AccessDenied' : null);
      const refused = await parseNext();
      world.front.refuse = () => null;
      const named = await rows('log_object/');
      const run = await parseNext();

      expect(refused?.answer).toMatchObject({ batchItemFailures: [{}] });
      expect(named).toMatchObject([
        { status: 'missing', detail: expect.stringMatching(/not parsed .*not authorized/), rejected: 1, keys: [] },
      ]);
      expect(run?.answer).toEqual({ batchItemFailures: [] });
      expect(await rows('log_object/')).toMatchObject([{ status: 'complete', rejected: 0, keys: [{}, {}] }]);
    },
    long,
  );

  it(
    'are parsed again by one command, and rows that are not made any more go away',
    async () => {
      const [content = Buffer.alloc(0)] = deliveryOf(plainLog(), whole);
      for (const day of ['2026/05/02', '2026/05/03', '2026/05/04', '2026/05/05']) await put(keyOf(`of-${day.slice(-2)}`, day), content);
      for (let run = await parseNext(); run !== null; run = await parseNext());
      const before = await list(queries);
      // As if an earlier version had found a record of another day in it.
      const stale = 'login_record/2026/05/01/2026-05-03-10-aurora-watch-prod-logs-1-of-03.gz';
      const [known] = await rows('log_object/2026/05/03/');
      await s3.send(new PutObjectCommand({ Bucket: queries, Key: stale, Body: gzipSync('{}\n') }));
      await s3.send(
        new PutObjectCommand({
          Bucket: queries,
          Key: 'log_object/2026/05/03/2026-05-03-10-aurora-watch-prod-logs-1-of-03.gz',
          Body: gzipSync(JSON.stringify({ ...known, keys: [known?.keys, stale].flat() })),
        }),
      );
      const { answer } = await world.functions.run('parse', { reparse: { from: '2026/05/03', to: '2026/05/04' } });
      const runs = [];
      for (let run = await parseNext(); run !== null; run = await parseNext()) runs.push(run);

      expect(answer).toMatchObject({ sent: 2, next: null });
      expect(runs.map((run) => run.answer)).toEqual([{ batchItemFailures: [] }]);
      expect(await list(queries)).toEqual(before);
    },
    long,
  );

  it('needed nothing that the role does not grant, and was granted nothing that it did not need', () => {
    const byLambda = / logs:CreateLogStream$| logs:PutLogEvents$| on arn:aws:logs:/;

    expect(world.front.ungranted).toEqual([]);
    expect(world.grants.unused().filter((one) => one.startsWith('ParseRole ') && !byLambda.test(one))).toEqual([]);
  });
});
