// Runs the tests on Node.js 24, whatever Node.js is installed, and ends with one line that counts them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bundled = join('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const major = Number.parseInt(process.versions.node, 10);
const node = major >= 24 ? process.execPath : bundled;
if (!existsSync(node)) {
  console.error('The tests need Node.js 24. "npm ci" brings it; it was run with --ignore-scripts, or not at all.');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-tests-'));
const results = join(folder, 'results.json');
const jest = join('node_modules', 'jest', 'bin', 'jest.js');
const { status } = spawnSync(
  node,
  ['--experimental-vm-modules', '--no-warnings', jest, '--json', `--outputFile=${results}`, ...process.argv.slice(2)],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
if (existsSync(results)) {
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
  rmSync(folder, { recursive: true });
  if (numRuntimeErrorTestSuites > 0) console.log(`${numRuntimeErrorTestSuites} suites could not run`);
  console.log(`Tests: ${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed, ${numPendingTests} skipped`);
}
process.exit(status ?? 2);
