// `npm run bench`: what a scan costs, each beside a floor measured in the same run. Ratios matter, not seconds.
// `npm run bench -- live` runs one part; there are logs, cloudtrail, folder and live. With `--large` the logs go up to 100 million lines
// and 5 million events.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterAnswers } from './evidence.ts';
import { live } from './live.ts';
import { cloudTrail, logs } from './logs.ts';

const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-bench-'));
const launcher = join(import.meta.dirname, '..', 'bin', 'aurora-watch.js');

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

console.log(`Node.js ${process.versions.node}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}\n`);
const isLarge = process.argv.includes('--large');
const parts: Readonly<Record<string, () => void | Promise<void>>> = {
  logs: () => logs(folder, launcher, isLarge),
  cloudtrail: () => cloudTrail(folder, launcher, isLarge),
  folder: () => [10, 100, 500].forEach(clusters),
  live: () => live(folder, launcher),
};

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
try {
  for (const [name, run] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
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

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function seconds(value: number): string {
  return `${value.toFixed(2).padStart(7)} s`;
}
