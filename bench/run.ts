// `npm run bench`: what a scan costs, each beside a floor measured in the same run. Ratios matter, not seconds.
// `npm run bench -- live` runs one part; there are logs, cloudtrail, folder and live.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cloudTrailFile, clusterAnswers, logFile } from './evidence.ts';
import { live } from './live.ts';

const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-bench-'));
const launcher = join(import.meta.dirname, '..', 'bin', 'aurora-watch.js');

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

console.log(`Node.js ${process.versions.node}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}\n`);
const parts: Readonly<Record<string, () => void | Promise<void>>> = {
  logs,
  cloudtrail: cloudTrail,
  folder: () => [10, 100, 500].forEach(clusters),
  live: () => live(folder, launcher),
};

const wanted = process.argv.slice(2);
try {
  for (const [name, run] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function logs(): void {
  const evidence = join(folder, 'logs-evidence');
  const raw = logFile(120_000_000);
  for (const [index, name] of ['orders-1', 'orders-2', 'billing-1', 'billing-2'].entries()) {
    const at = join(evidence, 'logs', name.slice(0, -2), name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, `postgresql.log.2026-05-03-0${index}00.gz`), gzipSync(raw, { level: 6 }));
  }
  compare(`PostgreSQL logs, ${mega(raw.length * 4)} in 4 files`, evidence, raw.length * 4);
}

function cloudTrail(): void {
  const evidence = join(folder, 'cloudtrail-evidence');
  const at = join(evidence, 'cloudtrail');
  mkdirSync(at, { recursive: true });
  let bytes = 0;
  for (let file = 0; file < 40; file++) {
    const text = cloudTrailFile(file, 2_500);
    bytes += text.length;
    writeFileSync(join(at, `part-${file}.json.gz`), gzipSync(text));
  }
  compare(`CloudTrail, 100 000 events, ${mega(bytes)} in 40 files`, evidence, bytes);
}

/** A scan beside the bare decompression of the same files. */
function compare(title: string, evidence: string, bytes: number): void {
  const floor = decompress(evidence);
  const scan = measure(evidence);
  console.log(title);
  console.log(`  floor: zcat | wc -l, two at a time  ${seconds(floor)}`);
  console.log(
    `  scan                                ${seconds(scan.seconds)}  ${(scan.seconds / floor).toFixed(1)} × the floor, ${mega(bytes / scan.seconds)}/s, ${scan.megabytes} MB at most\n`,
  );
}

/** A scan beside the reading and parsing of the same answers, nothing judged. */
function clusters(count: number): void {
  const evidence = join(folder, `clusters-${count}`);
  for (const [path, text] of clusterAnswers(count)) {
    const file = join(evidence, 'inventory', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  const began = performance.now();
  for (const file of filesBelow(evidence)) JSON.parse(readFileSync(file, 'utf8'));
  const floor = (performance.now() - began) / 1000;
  const scan = measure(evidence);
  console.log(`${count} clusters from a folder, ${filesBelow(evidence).length} answers`);
  console.log(`  floor: read and parse   ${seconds(floor)}`);
  console.log(
    `  scan                    ${seconds(scan.seconds)}  ${(scan.seconds / floor).toFixed(1)} × the floor, ${scan.megabytes} MB at most\n`,
  );
}

function measure(evidence: string): Measured {
  const began = performance.now();
  const time = [
    '-f',
    '%M',
    process.execPath,
    launcher,
    'scan',
    evidence,
    '--format',
    'json',
    '--output',
    join(folder, 'report.json'),
    '--fail-on',
    'never',
  ];
  const { status, stderr } = spawnSync('/usr/bin/time', time, { encoding: 'utf8' });
  const direct = status === null ? spawnSync(process.execPath, time.slice(3), { encoding: 'utf8' }) : null;
  if ((direct?.status ?? status) !== 0) throw new Error(`The scan failed: ${direct?.stderr ?? stderr}`);
  return {
    seconds: (performance.now() - began) / 1000,
    megabytes: direct ? Number.NaN : Math.round(Number(stderr.trim().split('\n').at(-1)) / 1024),
  };
}

/** `zcat | wc -l` of every file, two at a time: what nothing that reads the bytes can beat. */
function decompress(evidence: string): number {
  const began = performance.now();
  const { status } = spawnSync('xargs', ['-P2', '-n1', 'sh', '-c', 'zcat "$0" | wc -l'], {
    input: filesBelow(evidence).join('\n'),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('zcat failed');
  return (performance.now() - began) / 1000;
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function mega(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function seconds(value: number): string {
  return `${value.toFixed(2).padStart(7)} s`;
}
