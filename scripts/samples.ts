// Writes samples/logs and samples/cloudwatch again. A real PostgreSQL writes the records; this script moves their times to the day of the
// story and their addresses (127.0.0.x) to documentation addresses, and adds what only RDS writes: see samples/README.md.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Login, logIn, type MajorVersion, type PostgresqlServer, sendStartup, startPostgresql } from './postgresql.ts';

const samples = join(import.meta.dirname, '..', 'samples');
const day = '2026-05-03';

/** Local address → the address that the sample shows. */
const addresses: Readonly<Record<string, string>> = {
  '127.0.0.10': '192.0.2.10',
  '127.0.0.11': '192.0.2.11',
  '127.0.0.31': '192.0.2.31',
  '127.0.0.40': '192.0.2.40',
  '127.0.0.66': '203.0.113.66',
};

/** Members of rds_iam: RDS names their method `pam`. */
const iamUsers = ['app_catalog', 'app_orders', 'app_customers', 'reporting'];

const hba = ['host all +plain 127.0.0.0/8 scram-sha-256', 'hostssl all all 127.0.0.0/8 scram-sha-256'];
const roles = `
  CREATE ROLE plain NOLOGIN; CREATE ROLE app_catalog LOGIN PASSWORD 'p'; CREATE ROLE app_orders LOGIN PASSWORD 'p'; CREATE ROLE app_customers LOGIN PASSWORD 'p';
  CREATE ROLE reporting LOGIN PASSWORD 'p'; CREATE ROLE invoices LOGIN PASSWORD 'p' IN ROLE plain;
  CREATE ROLE auditor LOGIN PASSWORD 'p';`;

/** Something that happens at a time of the day: by a real client, or lines after the pattern. */
interface Scene {
  readonly time: string;
  readonly act: (server: PostgresqlServer) => Promise<unknown> | string;
}

function session(time: string, login: Omit<Login, 'password'>): Scene {
  return { time, act: (server) => logIn(server, { ...login, password: 'p' }) };
}

function hourly(login: Omit<Login, 'password'>): Scene[] {
  return ['06', '07', '08', '09', '10', '11'].flatMap((hour) => [
    { time: `${hour}:00:00`, act: (server: PostgresqlServer) => server.run('CHECKPOINT') },
    session(`${hour}:05:30`, login),
  ]);
}

/** After the pattern: what RDS writes when IAM refuses a login. */
function refusedByIam(time: string, source: string, port: number, process: number, user: string, database: string): Scene {
  const prefix = (who: string): string => `${day} ${time} UTC:${source}(${port}):${who}:[${process}]:`;
  const lines = [
    `${prefix('[unknown]@[unknown]')}LOG:  connection received: host=${source} port=${port}`,
    '* Connected to rdsauthproxy (127.0.0.1) port 1108 (#0)',
    '> POST /authenticateRequest HTTP/1.1',
    '< HTTP/1.1 403 Forbidden',
    `${prefix(`${user}@${database}`)}LOG:  pam_authenticate failed: Permission denied`,
    `${prefix(`${user}@${database}`)}FATAL:  PAM authentication failed for user "${user}"`,
    `${prefix(`${user}@${database}`)}DETAIL:  Connection matched file "/rdsdbdata/config/pg_hba.conf" line 13: "hostssl    all             +rds_iam             all                     pam"`,
  ];
  return { time, act: () => `${lines.join('\n')}\n` };
}

const failures: readonly Scene[] = ['09:41:02', '09:41:09', '09:41:31', '09:42:04', '09:42:40', '09:43:15', '09:44:01'].map((time, index) =>
  refusedByIam(time, '198.51.100.23', 51_812 + index, 7001 + index, 'app_orders', 'orders'),
);

const forgery: Scene = {
  time: '10:17:44',
  act: (server) =>
    sendStartup(server, {
      from: '127.0.0.66',
      user: Buffer.from(`a\n${day} 10:17:00 UTC:192.0.2.10(4711):ceo`),
      database: Buffer.from('orders:[4242]:FATAL:  PAM authentication failed for user "ceo"\n'),
    }),
};

const orders = { user: 'app_orders', database: 'orders', from: '127.0.0.10', tls: true, application: 'checkout' };
const invoices = { user: 'invoices', database: 'billing', from: '127.0.0.31', application: 'legacy-erp' };
const auditor = { user: 'auditor', database: 'billing', from: '127.0.0.40', tls: true, application: 'psql' };
const catalog = { user: 'app_catalog', database: 'catalog', from: '127.0.0.10', tls: true, application: 'catalog' };
const customers = { user: 'app_customers', database: 'customers', from: '127.0.0.11', tls: true, application: 'crm' };
const reports = { user: 'reporting', database: 'customers', from: '127.0.0.11', tls: true, application: 'dbt' };
const ledger = { user: 'auditor', database: 'ledger', from: '127.0.0.40', tls: true, application: 'psql' };

const instances: readonly { path: string; version: MajorVersion; form: 'text' | 'csv'; scenes: readonly Scene[] }[] = [
  {
    path: 'orders/orders-1',
    version: 16,
    form: 'text',
    scenes: [...hourly(orders), ...failures, refusedByIam('10:03:20', '203.0.113.50', 40_022, 7101, 'reporting', 'orders'), forgery],
  },
  { path: 'orders/orders-2', version: 16, form: 'text', scenes: hourly({ ...orders, application: 'catalogue' }) },
  {
    path: 'billing/billing-1',
    version: 15,
    form: 'text',
    scenes: [
      ...hourly({ ...invoices, tls: true }),
      session('09:20:11', invoices),
      session('10:20:12', invoices),
      session('11:20:10', invoices),
      session('11:48:00', auditor),
    ],
  },
  { path: 'catalog/catalog-1', version: 16, form: 'text', scenes: hourly(catalog) },
  { path: 'catalog/catalog-2', version: 16, form: 'text', scenes: hourly({ ...catalog, application: 'search' }) },
  { path: 'customers/customers-1', version: 16, form: 'text', scenes: hourly(customers) },
  { path: 'customers/customers-2', version: 16, form: 'text', scenes: hourly(reports) },
  { path: 'ledger/ledger-1', version: 16, form: 'csv', scenes: hourly(ledger) },
];

await rm(join(samples, 'logs'), { recursive: true, force: true });
await rm(join(samples, 'cloudwatch'), { recursive: true, force: true });
for (const version of [15, 16] as const) {
  const server = await startPostgresql(version, { hba, settings: { log_destination: 'stderr,csvlog', log_checkpoints: 'on' } });
  await server.run(roles);
  for (const database of ['orders', 'billing', 'catalog', 'customers', 'ledger']) await server.run(`CREATE DATABASE ${database}`);
  for (const { path, form, scenes } of instances.filter((one) => one.version === version)) {
    const name = form === 'csv' ? `postgresql.log.${day}.csv` : `postgresql.log.${day}`;
    await save(join('logs', path, name), await film(server, form, scenes));
  }
  await server.stop();
}
await save(join('cloudwatch', '2026', '05', '03', '09', 'orders-iam-db-auth-error-1.gz'), gzipSync(iamErrors()));

/** Lets the scenes happen one after the other and resolves with what the server logged, at the times of the story. */
async function film(server: PostgresqlServer, form: 'text' | 'csv', scenes: readonly Scene[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const { time, act } of [...scenes].sort((a, b) => (a.time < b.time ? -1 : 1))) {
    const before = (await settled(server, form)).length;
    const began = Math.floor(Date.now() / 1000) * 1000;
    const written = await act(server);
    if (typeof written === 'string') parts.push(Buffer.from(written));
    const text = (await settled(server, form)).subarray(before).toString('latin1');
    parts.push(Buffer.from(retold(text, Date.parse(`${day}T${time}Z`) - began), 'latin1'));
  }
  return Buffer.concat(parts);
}

/** The log when nothing was added to it for a moment. */
async function settled(server: PostgresqlServer, form: 'text' | 'csv'): Promise<Buffer> {
  let log = await server.log(form);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    const later = await server.log(form);
    if (later.length === log.length) return later;
    log = later;
  }
}

/** Moves times and addresses, and leaves out what was said over the Unix socket, which only this script uses. */
function retold(text: string, shift: number): string {
  const own = /^.*(?:UTC:\[local\]:|"\[local\]"|,,,\d+,"\[local\]).*\n/gm;
  const moved = text.replace(own, '').replace(/2026-\d\d-\d\d \d\d:\d\d:\d\d(?=(?:\.\d{3})? UTC)/g, (found) => {
    const time = Date.parse(`${found.replace(' ', 'T')}Z`);
    if (Math.abs(Date.now() - time) > 3_600_000) return found;
    return new Date(time + shift).toISOString().slice(0, 19).replace('T', ' ');
  });
  const renamed = moved
    .replace(/127\.0\.0\.\d+/g, (address) => addresses[address] ?? address)
    .replace(/"?\/[^\s":]*\/pg_hba\.conf/g, (path) => `${path.startsWith('"') ? '"' : ''}/rdsdbdata/config/pg_hba.conf`);
  return iamUsers.reduce((all, user) => all.replaceAll(new RegExp(`(identity="+${user}"+ method=)scram-sha-256`, 'g'), '$1pam'), renamed);
}

/** After the pattern: the lines of `iam-db-auth-error` that go with the failures, as Firehose delivers them. */
function iamErrors(): string {
  const caller = 'arn:aws:sts::111122223333:assumed-role/ci-runner/build-4711';
  const logEvents = failures.map(({ time }, index) => ({
    id: String(38_400_000_000_000_000_000_000n + BigInt(index)),
    timestamp: Date.parse(`${day}T${time}Z`),
    message: `${day}T${time}Z [ERROR] Failed to authorize the connection request for user 'app_orders' because the IAM identity ${caller} is not authorized to perform \`rds-db:connect\` on the DB instance. (Status Code: 403, Error Code: NotAuthorized)`,
  }));
  const document = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/aws/rds/cluster/orders/iam-db-auth-error',
    logStream: 'orders-1',
    subscriptionFilters: ['aurora-watch-prod-logs'],
    logEvents,
  };
  return `${JSON.stringify(document)}\n`;
}

async function save(path: string, bytes: Buffer): Promise<void> {
  const file = join(samples, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  console.error(`${bytes.length} bytes ${path}`);
}
