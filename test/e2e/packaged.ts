// Packages the service as a deployment would, once for all tests that read what comes out.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './lock.ts';

const root = join(import.meta.dirname, '..', '..');
const packaged = join(root, '.cache', 'packaged');
/** The key that CloudTrail's files are encrypted with. */
export const trailKey = 'arn:aws:kms:eu-central-1:444455556666:key/11111111-2222-4333-8444-555555555555';
/** Everything that the package is made of. */
const sources = ['serverless.yml', 'package.json', 'aurora-watch.yaml', 'handlers', 'lib', 'resources', 'scripts', 'queries'];
/** The last file that packaging writes. */
const last = join(packaged, 'serverless-state.json');

/**
 * Runs `serverless package`, with everything that may be switched on, unless what it made before is newer than all sources. Test files that run at
 * the same time wait for each other.
 * @param folder gets a copy of template and bundles that nobody replaces
 */
export async function packageService(folder?: string): Promise<void> {
  await alone('packaging', () => {
    if (!existsSync(last) || statSync(last).mtimeMs < newestOf(sources.map((name) => join(root, name)))) {
      const serverless = join(root, 'node_modules', 'serverless', 'bin', 'serverless.js');
      const given = ['log-delivery=true', 'security-hub=true', 'trail-bucket=trail-files', `trail-key=${trailKey}`];
      const parameters = given.flatMap((one) => ['--param', one]);
      execFileSync(process.execPath, [serverless, 'package', ...parameters, '--package', packaged], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    }
    if (folder !== undefined) cpSync(packaged, folder, { recursive: true });
  });
}

function newestOf(paths: readonly string[]): number {
  const times = paths.filter(existsSync).map((path) => {
    const stat = statSync(path);
    return stat.isDirectory() ? newestOf(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs;
  });
  return Math.max(0, ...times);
}
