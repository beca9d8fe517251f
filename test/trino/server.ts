// A real Trino, Athena's engine, from Maven Central: it runs the files under queries/ as they are.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.ts';
import { alone } from '../e2e/lock.ts';

const version = '476';
const cache = join(import.meta.dirname, '..', '..', '.cache', 'trino', version);

/** A server that runs until `stop`. */
export interface TrinoServer {
  /** Runs one statement; the rows as JSON values in the order of the columns. Throws with Trino's message. */
  run(sql: string): Promise<Result>;
  /** Where its tables' files are: `local:///` in a statement. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** What a statement gave; `types` as Trino names them: `bigint`, `varchar`. */
export interface Result {
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Catalogs: tables in memory; Iceberg's, which `MERGE` needs, in files; or files as they are, as Athena reads them. */
const catalogs = {
  memory: () => ['connector.name=memory'],
  iceberg: (folder: string) => [
    'connector.name=iceberg',
    'iceberg.catalog.type=TESTING_FILE_METASTORE',
    'hive.metastore.catalog.dir=local:///metastore',
    'fs.native-local.enabled=true',
    `local.location=${folder}`,
  ],
  hive: (folder: string) => [
    'connector.name=hive',
    'hive.metastore=file',
    'hive.metastore.catalog.dir=local:///metastore',
    'hive.non-managed-table-writes-enabled=true',
    'hive.ignore-absent-partitions=true',
    'hive.recursive-directories=true',
    'fs.native-local.enabled=true',
    `local.location=${folder}`,
  ],
} satisfies Record<string, (folder: string) => readonly string[]>;

/** Why Trino with this catalog cannot be had on this machine; null: it can. */
export function whyNoTrino(catalog: keyof typeof catalogs = 'memory'): string | null {
  if (java() === null) return 'Java 24 or later, which Trino needs, is not there';
  if (existsSync(pluginOf(catalog))) return null;
  try {
    execFileSync('mvn', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'Maven, which brings Trino, is not there';
  }
}

/** Starts Trino with one catalog, whose schema `default` statements mean. Downloads it once into `.cache/`. */
export async function startTrino(catalog: keyof typeof catalogs = 'memory'): Promise<TrinoServer> {
  const binary = java();
  if (binary === null) throw new Error(whyNoTrino() ?? 'no Java');
  await alone('trino', () => install(catalog));
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'aurora-watch-trino-'));
  for (const folder of ['catalog', 'tables']) mkdirSync(join(home, folder));
  writeFileSync(join(home, 'catalog', `${catalog}.properties`), `${catalogs[catalog](join(home, 'tables')).join('\n')}\n`);
  writeFileSync(
    join(home, 'config.properties'),
    `${[
      'coordinator=true',
      'node-scheduler.include-coordinator=true',
      `http-server.http.port=${port}`,
      `discovery.uri=http://127.0.0.1:${port}`,
      'node.internal-address=127.0.0.1',
      'query.max-memory-per-node=300MB',
      'catalog.management=static',
      'task.concurrency=1',
    ].join('\n')}\n`,
  );
  const options = [
    '-Xmx1G',
    '-XX:+UseSerialGC',
    // Each query runs once: what compiles fast wins.
    '-XX:TieredStopAtLevel=1',
    `-Dconfig=${join(home, 'config.properties')}`,
    `-Dcatalog.config-dir=${join(home, 'catalog')}`,
    `-Dplugin.dir=${dirname(pluginOf(catalog))}`,
    '-Dnode.environment=test',
    '-Dnode.id=local',
    `-Dnode.data-dir=${join(home, 'data')}`,
  ];
  const server = spawn(binary, [...options, '-cp', join(cache, 'lib', '*'), 'io.trino.server.TrinoServer'], { cwd: home, stdio: 'ignore' });
  process.once('exit', () => server.kill('SIGKILL'));
  const run = (sql: string): Promise<Result> => statement(`http://127.0.0.1:${port}`, catalog, sql);
  await ready(server, run);
  if (catalog !== 'memory') await run('CREATE SCHEMA "default"');
  return {
    run,
    folder: join(home, 'tables'),
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Runs a statement; one that found no node yet to run on, which a catalog may say for a while after the server is ready, did nothing and is repeated. */
async function statement(server: string, catalog: string, sql: string, attempts = 120): Promise<Result> {
  const rows: unknown[][] = [];
  let columns: NonNullable<Page['columns']> = [];
  let answer = await page(`${server}/v1/statement`, catalog, { method: 'POST', body: sql });
  for (;;) {
    if (answer.error?.errorName === 'NO_NODES_AVAILABLE' && attempts > 1) {
      await sleep(500);
      return statement(server, catalog, sql, attempts - 1);
    }
    if (answer.error) throw new Error(answer.error.message);
    if (answer.columns) columns = answer.columns;
    rows.push(...(answer.data ?? []));
    if (answer.nextUri === undefined) return { columns: columns.map(({ name }) => name), types: columns.map(({ type }) => type), rows };
    answer = await page(answer.nextUri, catalog, {});
  }
}

interface Page {
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly unknown[][];
  readonly nextUri?: string;
  readonly error?: { readonly message: string; readonly errorName?: string };
}

async function page(address: string, catalog: string, request: RequestInit): Promise<Page> {
  const headers = { 'X-Trino-User': 'test', 'X-Trino-Catalog': catalog, 'X-Trino-Schema': 'default', 'X-Trino-Time-Zone': 'UTC' };
  const response = await fetch(address, { ...request, headers });
  if (!response.ok) throw new Error(`Trino answered ${response.status}`);
  return (await response.json()) as Page;
}

/** `/v1/info` says ready too early: a scan that works is the proof. */
async function ready(server: ChildProcess, run: TrinoServer['run']): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    if (server.exitCode !== null) throw new Error('Trino did not start.');
    const works = await run('SELECT count(*) FROM system.runtime.nodes').then(
      ({ rows }) => rows.length === 1,
      () => false,
    );
    if (works) return;
    await sleep(500);
  }
  throw new Error('Trino did not answer within two minutes.');
}

/** The server loads every plugin that is in the same folder, so each has one of its own. */
function pluginOf(catalog: string): string {
  return join(cache, `plugin-${catalog}`, catalog);
}

/** Brings what is not there yet: the server, and the plugin of the catalog. */
function install(catalog: string): void {
  const wanted = [
    { id: 'trino-server-core', type: 'tar.gz', from: join(`trino-server-core-${version}`, 'lib'), to: join(cache, 'lib') },
    { id: `trino-${catalog}`, type: 'zip', from: `trino-${catalog}-${version}`, to: pluginOf(catalog) },
  ].filter(({ to }) => !existsSync(to));
  if (wanted.length === 0) return;
  const work = `${cache}.part`;
  rmSync(work, { recursive: true, force: true });
  for (const folder of [work, dirname(pluginOf(catalog))]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(work, 'pom.xml'), pomOf(wanted.map(({ id, type }) => artifact(id, type))));
  execFileSync('mvn', ['-q', '-B', 'dependency:unpack@all'], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const { id, from, to } of wanted) renameSync(join(work, 'target', id, from), to);
  rmSync(work, { recursive: true, force: true });
}

function artifact(id: string, type: string): string {
  return `<artifactItem><groupId>io.trino</groupId><artifactId>${id}</artifactId><version>${version}</version><type>${type}</type><outputDirectory>target/${id}</outputDirectory></artifactItem>`;
}

function pomOf(artifacts: readonly string[]): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>aurora-watch</groupId><artifactId>trino-for-tests</artifactId><version>1</version><packaging>pom</packaging>
<build><plugins><plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version>
<executions><execution><id>all</id><goals><goal>unpack</goal></goals><configuration><artifactItems>
${artifacts.join('\n')}
</artifactItems></configuration></execution></executions></plugin></plugins></build></project>
`;
}

/** A Java that Trino runs on: of JAVA_HOME, of the PATH, or of the system's folder; null: none. */
function java(): string | null {
  const homes = existsSync('/usr/lib/jvm') ? readdirSync('/usr/lib/jvm').map((name) => join('/usr/lib/jvm', name)) : [];
  const candidates = [...(process.env.JAVA_HOME ? [process.env.JAVA_HOME] : []), ...homes].map((home) => join(home, 'bin', 'java'));
  return [...candidates, 'java'].find((path) => majorOf(path) >= 24) ?? null;
}

function majorOf(path: string): number {
  if (path !== 'java' && !existsSync(path)) return 0;
  const said = spawnSync(path, ['-XshowSettings:properties', '-version'], { encoding: 'utf8' });
  return Number(/java\.specification\.version = (\d+)/.exec(said.stderr ?? '')?.[1] ?? 0);
}
