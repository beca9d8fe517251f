import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Report } from '../../lib/domain/report.ts';
import { describeWhere } from '../needs.ts';
import { createCaller } from './caller.ts';
import { type Call, type Front, startFront } from './front.ts';
import { fillGaps, gapActions, type Said } from './gaps.ts';
import { type Models, openModels } from './model.ts';
import { account, type MotoServer, startMoto, whyNoMoto } from './moto.ts';
import { aurora } from './person.ts';
import { type Settings, seed, seedClusters, seedSnapshots } from './seed.ts';
import { eventNow } from './world.ts';

const regions = ['eu-central-1', 'eu-west-1'] as const;
const inBoth = ['--region', ...regions];
const long = 120_000;

/** What two scans of the same account must agree on, whenever they looked: the moment itself is left out. */
function judged({ at, window, ...report }: Report): string {
  return JSON.stringify(report)
    .replaceAll(at ?? '', 'at')
    .replaceAll(window?.from ?? '', 'from')
    .replaceAll(window?.to ?? '', 'to');
}

function verdicts({ verdicts: all }: Report): Map<string, string> {
  return new Map(all.map(({ check, resource, verdict, reason }) => [`${check} ${resource.arn} ${resource.name}`, `${verdict}: ${reason}`]));
}

/** A change without the moment of the scan. */
function timeless({ at: _, delaySeconds: __, ...change }: Report['changes'][number]): object {
  return change;
}

/** Checks of which a verdict is another one than before. */
function changedChecks(before: Report, after: Report): string[] {
  const [was, is] = [verdicts(before), verdicts(after)];
  const keys = [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key));
  return [...new Set(keys.map((key) => key.slice(0, key.indexOf(' '))))].sort();
}

/** `aws rds describe-db-clusters --region eu-central-1`; IAM and STS have one region. */
function asCommand({ service, action, region }: Call): string {
  const name = action
    .replaceAll('DB', 'Db')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
  return `aws ${service} ${name}${service === 'iam' || service === 'sts' ? '' : ` --region ${region}`}`;
}

/** What makes a call another one: the mark of a page does. */
function identity({ service, action, region, path, parameters }: Call): string {
  return JSON.stringify([service, action, region, path, parameters]);
}

describeWhere(whyNoMoto(), 'a live account, over HTTP, through the command line', () => {
  let moto: MotoServer;
  let front: Front;
  let settings: Settings;
  let folder: string;
  let calm: Report;
  let calmCalls: readonly Call[];
  let models: Models;
  const said: Said = { events: [], pending: new Set(['billing']), fields: new Map([['orders', { HttpEndpointEnabled: 'true' }]]) };

  const run = (...args: readonly string[]) => aurora(front.endpoint, args);
  const scan = async (...args: readonly string[]): Promise<Report> => {
    const { stdout, stderr, status } = await run('scan', '--format', 'json', '--fail-on', 'never', ...args);
    if (status !== 0) throw new Error(`The scan ended with ${status}: ${stderr}`);
    return JSON.parse(stdout) as Report;
  };
  const live = (...args: readonly string[]) => scan('--live', ...inBoth, ...args);

  beforeAll(async () => {
    moto = await startMoto();
    models = openModels(moto.folder);
    front = await startFront(moto.port, fillGaps(said), () => null);
    settings = { endpoint: front.endpoint, region: regions[0], credentials: { accessKeyId: 'setting-the-scene', secretAccessKey: 'none' } };
    await seed(settings, account);
    await seedClusters({ ...settings, region: regions[1] }, ['archive']);
    await seedSnapshots(
      settings,
      'orders',
      Array.from({ length: 40 }, (_, index) => `before-${index}`),
    );
    folder = mkdtempSync(join(tmpdir(), 'aurora-watch-live-test-'));
    // The first credential report takes a while; from then on there is one.
    const scene = createCaller(front.endpoint, regions[0]);
    for (const _ of ['started', 'complete']) await scene.form('iam', 'GenerateCredentialReport', {});
    front.calls.length = 0;
    calm = await live();
    calmCalls = [...front.calls];
  }, long);
  afterEach(() => {
    front.refuse = () => null;
    front.delay = () => 0;
    front.done = () => {};
    front.calls.length = 0;
  });
  afterAll(async () => {
    await front?.stop();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is judged in every region, with passes, fails and nothing unknown but what no call can tell', () => {
    const unknown = calm.verdicts.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check);

    expect(calm.regions).toEqual(regions);
    expect([...new Set(unknown)]).toEqual(['database-users-in-step', 'password-managers-few']);
    expect(
      calm.verdicts.filter(({ check, verdict }) => check === 'tls-required' && verdict === 'fail').map((one) => one.resource.name),
    ).toEqual(['billing']);
    expect(
      calm.verdicts.filter(({ check, verdict }) => check === 'tls-required' && verdict === 'pass').map((one) => one.resource.name),
    ).toEqual(['orders', 'ledger', 'archive']);
  });

  it('asks no call twice, and a page only for what is on it', () => {
    const asked = calmCalls.map(identity);
    const pages = calmCalls
      .filter(({ action }) => action === 'DescribeDBClusterSnapshots')
      .map(({ region, parameters }) => `${region} ${parameters.Marker ?? 0}`);

    expect(asked.filter((one, index) => asked.indexOf(one) !== index)).toEqual([]);
    expect(pages).toEqual(['eu-central-1 0', 'eu-west-1 0', 'eu-central-1 20', 'eu-central-1 40']);
    expect(calm.verdicts.filter(({ check }) => check === 'snapshots-private')).toHaveLength(42);
  });

  it(
    'is judged the same from the folder that collect writes, by the calls that its dry run lists',
    async () => {
      const evidence = join(folder, 'evidence');
      const listed = await run('collect', ...inBoth, evidence, '--dry-run');
      expect(front.calls).toEqual([]);

      const collected = await run('collect', evidence, ...inBoth);
      const called = [...new Set(front.calls.map(asCommand))].sort();
      front.calls.length = 0;
      const report = await scan(evidence);

      expect(collected.status).toBe(0);
      expect(
        listed.stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.replace(/ +#.*/, ''))
          .filter((line) => !called.includes(line)),
      ).toEqual(uncalled);
      expect(called.filter((line) => !listed.stdout.includes(line))).toEqual([]);
      expect(front.calls).toEqual([]);
      expect(judged(report)).toBe(judged(calm));
      const parameters = readFileSync(join(evidence, 'inventory/eu-central-1/rds/describe-db-cluster-parameters/orders-pg16.json'), 'utf8');
      expect(JSON.parse(parameters).Parameters).toHaveLength(11);
    },
    long,
  );
  /** Nothing names a key for these: no instance of its own, snapshot, proxy, trail or detector in that region. */
  const uncalled = [
    'aws rds describe-db-parameters --region eu-west-1',
    'aws rds describe-db-cluster-snapshot-attributes --region eu-west-1',
    'aws rds describe-db-snapshot-attributes --region eu-west-1',
    'aws rds describe-db-proxy-targets --region eu-west-1',
    'aws cloudtrail get-trail-status --region eu-west-1',
    'aws cloudtrail get-event-selectors --region eu-west-1',
    'aws guardduty get-detector --region eu-west-1',
  ];

  it(
    'is judged the same where every call is slow, many at a time, and not too many',
    async () => {
      const running = new Map<string, number>();
      const most = new Map<string, number>();
      const place = ({ service, region }: Call): string => `${service} ${region}`;
      front.delay = (call) => {
        const now = (running.get(place(call)) ?? 0) + 1;
        running.set(place(call), now);
        most.set(place(call), Math.max(now, most.get(place(call)) ?? 0));
        return 100;
      };
      front.done = (call) => void running.set(place(call), (running.get(place(call)) ?? 0) - 1);

      const report = await live();

      expect(judged(report)).toBe(judged(calm));
      expect(most.get('rds eu-central-1')).toBe(20);
      expect([...most.values()].filter((count) => count > 20)).toEqual([]);
    },
    long,
  );

  it(
    'is judged the same where every service throttles twice and then answers; what never is answered is unknown, and says so',
    async () => {
      const refused = new Map<string, number>();
      front.refuse = ({ service, action, region }) => {
        const times = refused.get(`${service} ${region}`) ?? 0;
        refused.set(`${service} ${region}`, times + 1);
        return times < 2 || (action === 'DescribeRouteTables' && region === 'eu-central-1') ? 'Throttling' : null;
      };

      const report = await live('--check', ...chosen);

      const before = { ...calm, verdicts: calm.verdicts.filter(({ check }) => chosen.includes(check)) };
      expect(changedChecks(before, report)).toEqual(['subnets-private']);
      expect([...refused.values()].filter((times) => times <= 2)).toEqual([]);
      const unknown = report.verdicts.filter(({ verdict }) => verdict === 'unknown');
      expect(unknown.map(({ resource }) => resource.name)).toEqual(['billing', 'orders', 'ledger']);
      for (const { reason } of unknown) expect(reason).toMatch(/throttled.*ec2 describe-route-tables \(eu-central-1\)/);
    },
    long,
  );
  /** Of every service something, and not much: a throttled client goes slowly. */
  const chosen = ['subnets-private', 'guardduty-rds-protection', 'cloudtrail-recording', 'rds-admin-limited'];

  it.each([
    ['ec2', 'DescribeSecurityGroups', ['ingress-restricted']],
    ['guardduty', 'ListDetectors', ['guardduty-rds-protection']],
    ['secretsmanager', 'DescribeSecret', ['master-password-managed', 'proxy-secrets-rotated']],
  ])(
    'is unknown where %s:%s is denied, in the words of the account; nothing else changes',
    async (service, action, checks) => {
      front.refuse = (call) => (call.service === service && call.action === action ? 'AccessDenied' : null);

      const report = await live();

      expect(changedChecks(calm, report)).toEqual(checks);
      const unknown = report.verdicts.filter(({ check, verdict }) => checks.includes(check) && verdict === 'unknown');
      for (const { reason } of unknown) expect(reason).toMatch(/access denied to .*is not authorized to perform/);
      expect(unknown.length).toBeGreaterThan(1);
      expect(
        report.coverage.find(({ source }) => source.startsWith(`inventory:${service}:`) && source.endsWith(kebab(action)))?.status,
      ).toBe('denied');
    },
    long,
  );

  it(
    'shows who watches how far it is, on standard error, and takes it away',
    async () => {
      const { stdout, stderr } = await aurora(front.endpoint, ['scan', '--live', ...inBoth, '--format', 'json', '--fail-on', 'never'], {
        watched: true,
      });

      expect(stderr).toMatch(/questions: \d+ of \d+/);
      expect(stderr.endsWith('\r\u001b[2K')).toBe(true);
      expect(judged(JSON.parse(stdout))).toBe(judged(calm));
    },
    long,
  );

  it(
    'says with --history who did it, from the folder too; a region that denies it is named and keeps nothing back',
    async () => {
      const weakened = eventNow('rds/force-ssl-off.json', 'weakened', (text) => text.replaceAll('orders-pg16', 'billing-pg16'));
      said.events.push(weakened.detail as Record<string, unknown>);
      const checks = ['--check', 'tls-weakened', 'tls-required'];
      const evidence = join(folder, 'with-history');

      const report = await live('--history', '7', ...checks);
      await run('collect', evidence, ...inBoth, '--history', '7', ...checks);
      const fromFolder = await scan(evidence, ...checks);
      front.refuse = ({ action, region }) => (action === 'LookupEvents' && region === 'eu-west-1' ? 'AccessDenied' : null);
      const halfBlind = await live('--history', '7', ...checks);

      expect(report.changes.map(({ check, eventId, principal }) => [check, eventId, principal?.arn])).toEqual([
        ['tls-weakened', 'weakened', 'arn:aws:sts::123456789012:assumed-role/dba-oncall/alice'],
      ]);
      expect(fromFolder.changes.map(timeless)).toEqual(report.changes.map(timeless));
      expect(fromFolder.verdicts).toEqual(report.verdicts);
      expect(halfBlind.changes).toHaveLength(1);
      expect(halfBlind.coverage.find(({ source }) => source === 'cloudtrail:LookupEvents eu-west-1')).toMatchObject({ status: 'denied' });
    },
    long,
  );

  it('was answered, where the emulator cannot, only what AWS could answer', () => {
    const faults = front.made.flatMap(({ call, answer }) => models.ofWire(call.service, call.action, answer.body));

    expect([...new Set(front.made.map(({ call }) => call.action))].sort()).toEqual(gapActions);
    expect([...new Set(faults)]).toEqual([]);
  });
});

function kebab(action: string): string {
  return action.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
