// `node bench/logs.ts [--large]`: what a scan of logs and of CloudTrail costs, from gzip to findings, beside the bare decompression of the same files by two
// processes. Wall time on a busy machine says little: the time of the processors is printed beside it.
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cloudTrailFile, logLines } from './evidence.ts';

const launcher = join(import.meta.dirname, '..', 'bin', 'aurora-watch.js');

/** What one command took: seconds on the clock, seconds of all processors, megabytes at most. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly megabytes: number;
}

const sizes = process.argv.includes('--large') ? { lines: [1, 10, 100], events: [0.1, 1, 5] } : { lines: [1, 10], events: [0.1, 1] };
const only = process.argv.find((argument) => /^(?:logs|cloudtrail)$/.test(argument));

console.log(`Node.js ${process.versions.node}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`);
console.log('\n| rows | gzip | zcat, two processes: wall, CPU | scan: wall, CPU | × wall | × CPU | rows/s | memory |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
if (only !== 'cloudtrail') for (const millions of sizes.lines) await measure(`${millions} million lines`, millions * 1e6, writeLogs);
if (only !== 'logs') for (const millions of sizes.events) await measure(`${millions} million events`, millions * 1e6, writeEvents);

async function measure(title: string, count: number, write: (folder: string, count: number) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-bench-'));
  try {
    const evidence = join(folder, 'evidence');
    await write(evidence, count);
    const files = filesBelow(evidence);
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    // Once unmeasured, so that both find the files in memory.
    decompress(files);
    const floor = decompress(files);
    const scan = timed(process.execPath, [
      launcher,
      'scan',
      evidence,
      '--format',
      'json',
      '--output',
      join(folder, 'report.json'),
      '--fail-on',
      'never',
    ]);
    const cells = [
      title,
      `${Math.round(bytes / 1e6)} MB in ${files.length} files`,
      `${floor.wall.toFixed(1)} s, ${floor.cpu.toFixed(1)} s`,
      `${scan.wall.toFixed(1)} s, ${scan.cpu.toFixed(1)} s`,
      (scan.wall / floor.wall).toFixed(1),
      (scan.cpu / floor.cpu).toFixed(1),
      `${Math.round(count / scan.wall / 1000)} thousand`,
      `${scan.megabytes} MB`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

async function writeEvents(evidence: string, count: number): Promise<void> {
  const ofFile = 2500;
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

/** `zcat | wc -l` of every file, two at a time: what nothing that reads the bytes can beat. */
function decompress(files: readonly string[]): Cost {
  return timed('xargs', ['-P2', '-n1', 'sh', '-c', 'zcat "$0" | wc -l'], files.join('\n'));
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
