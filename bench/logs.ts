import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cloudTrailFile, logLines } from './evidence.ts';

/** What one command took: seconds on the clock, seconds of all processors, megabytes at most. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly megabytes: number;
}

/** A program that reads the same files: its name, and the command for some of them. */
interface Peer {
  readonly name: string;
  readonly command: string;
  /** More rows take it too long. */
  readonly most: number;
}

/** Scans of logs of several sizes beside the bare decompression of the same files by two processes; a table for docs/benchmarks.md. */
export async function logs(folder: string, launcher: string, isLarge: boolean): Promise<void> {
  const peer = { name: 'pgbadger', command: 'pgbadger -q -f stderr -o /dev/null "$@"', most: 1e6 };
  printHead('PostgreSQL logs', 'lines');
  for (const count of [1e6, 10e6, ...(isLarge ? [100e6] : [])])
    await measure(folder, launcher, count, (evidence) => writeLogs(evidence, count), peer);
}

/** The same of CloudTrail's files; at last of many small ones, as it writes them every five minutes for each region. */
export async function cloudTrail(folder: string, launcher: string, isLarge: boolean): Promise<void> {
  const peer = {
    name: 'jq',
    command: 'zcat "$@" | jq -c ".Records[] | select(.eventSource == \\"sts.amazonaws.com\\")" | wc -l',
    most: 1e5,
  };
  printHead('CloudTrail', 'events');
  const sizes = [[1e5, 2500], [1e6, 2500], ...(isLarge ? [[5e6, 2500]] : []), [1e6, 20]] as const;
  for (const [count, ofFile] of sizes) await measure(folder, launcher, count, (evidence) => writeEvents(evidence, count, ofFile), peer);
}

function printHead(title: string, rows: string): void {
  console.log(`${title}, from gzip to findings; in brackets the time of all processors\n`);
  console.log(`| ${rows} | files | zcat, two processes | scan | × zcat | ${rows} a second | memory | beside it |`);
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
}

async function measure(
  folder: string,
  launcher: string,
  count: number,
  write: (evidence: string) => Promise<void>,
  peer: Peer,
): Promise<void> {
  const evidence = join(folder, `rows-${count}`);
  try {
    await write(evidence);
    const files = filesBelow(evidence);
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    // Once unmeasured, so that both find the files in memory.
    byTwo(files, floor);
    const bare = byTwo(files, floor);
    const report = ['--format', 'json', '--output', join(folder, 'report.json'), '--fail-on', 'never'];
    const scan = timed(process.execPath, [launcher, 'scan', evidence, ...report]);
    const isThere = count <= peer.most && spawnSync('sh', ['-c', `command -v ${peer.name}`]).status === 0;
    const cells = [
      millions(count),
      `${files.length}, ${Math.round(bytes / 1e6)} MB`,
      costText(bare),
      costText(scan),
      `${(scan.wall / bare.wall).toFixed(1)} (${(scan.cpu / bare.cpu).toFixed(1)})`,
      `${Math.round(count / scan.wall / 1000)} thousand`,
      `${scan.megabytes} MB`,
      isThere ? `${peer.name}: ${costText(byTwo(files, peer.command))}` : '',
    ];
    console.log(`| ${cells.join(' | ')} |`);
  } finally {
    rmSync(evidence, { recursive: true, force: true });
  }
}

function costText({ wall, cpu }: Cost): string {
  return `${wall.toFixed(1)} s (${cpu.toFixed(1)})`;
}

function millions(count: number): string {
  return `${count / 1e6} million`;
}

/** Logs of four instances, an hour's worth a file as RDS cuts them. */
async function writeLogs(evidence: string, count: number): Promise<void> {
  const names = ['orders-1', 'orders-2', 'billing-1', 'billing-2'];
  const ofFile = Math.min(250_000, count / 4);
  for (let file = 0; file * ofFile < count; file++) {
    const name = names[file % names.length] ?? '';
    const folder = join(evidence, 'logs', name.slice(0, -2), name);
    const hour = new Date(Date.UTC(2026, 4, 3) + Math.floor(file / names.length) * 3_600_000).toISOString().slice(0, 13).replace('T', '-');
    await writeZipped(folder, `postgresql.log.${hour}00.gz`, logLines(file * ofFile, ofFile));
  }
}

async function writeEvents(evidence: string, count: number, ofFile: number): Promise<void> {
  for (let file = 0; file * ofFile < count; file++) {
    const day = new Date(Date.UTC(2026, 4, 3) + file * ofFile * 500).toISOString().slice(0, 10).replaceAll('-', '/');
    await writeZipped(join(evidence, 'cloudtrail', day), `part-${file}.json.gz`, [cloudTrailFile(file, ofFile)]);
  }
}

async function writeZipped(folder: string, name: string, pieces: Iterable<string>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const zip = createGzip();
  const file = zip.pipe(createWriteStream(join(folder, name)));
  for (const piece of pieces) if (!zip.write(piece)) await new Promise((resolve) => zip.once('drain', resolve));
  zip.end();
  await finished(file);
}

/** What nothing that reads the bytes can beat. */
const floor = 'zcat "$@" | wc -l';

/** A command for the files, in two processes at a time. */
function byTwo(files: readonly string[], command: string): Cost {
  return timed('xargs', ['-P2', `-n${Math.ceil(files.length / 2)}`, 'sh', '-c', command, 'sh'], files.join('\n'));
}

function timed(command: string, args: readonly string[], input = ''): Cost {
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', command, ...args], {
    input,
    stdio: ['pipe', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  const [wall = 0, user = 0, system = 0, kilobytes = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wall, cpu: user + system, megabytes: Math.round(kilobytes / 1024) };
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
