// Packages the service as a deployment would, once for all that read what comes out.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RawTemplate } from '../template/specification.ts';
import { alone } from './lock.ts';
import { readTemplate, type Template, templateFile } from './template.ts';

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, '.cache', 'packaged');
/** The key that CloudTrail's files are encrypted with. */
export const trailKey = 'arn:aws:kms:eu-central-1:444455556666:key/11111111-2222-4333-8444-555555555555';
/** Everything that the package is made of. */
const sources = [
  'serverless.yml',
  'package.json',
  'package-lock.json',
  'aurora-watch.yaml',
  'handlers',
  'lib',
  'resources',
  'scripts',
  'queries',
];

/** What is given to the deployment: everything that may be switched on, all but a trail, an organization's trail, or nothing that may be left out. */
const parameters = {
  everything: ['log-delivery=true', 'security-hub=true', 'trail-bucket=trail-files', `trail-key=${trailKey}`],
  withoutTrail: ['log-delivery=true', 'security-hub=true'],
  organization: [
    'log-delivery=false',
    'trail-bucket=organization-trail',
    'trail-prefix=audit/AWSLogs/o-exampleorgid/111122223333/',
    'trail-regions=eu-central-1,eu-west-1',
  ],
  least: ['log-delivery=false', 'weekly-report=off'],
} as const;

/** The service as it is packaged. Nobody writes into the folder. */
export interface Packaged {
  /** Holds template and bundles. */
  readonly folder: string;
  /** The template's file in it. */
  readonly file: string;
  /** The template as it is deployed. */
  readonly raw: RawTemplate;
  /** The template with its references resolved, in one region of one account. */
  resolved(place?: { readonly account?: string; readonly region?: string; readonly endpoint?: string }): Template;
}

/** Runs `serverless package`, unless the same sources were packaged before. Test files that run at the same time wait for each other. */
export async function packageService(given: keyof typeof parameters = 'everything'): Promise<Packaged> {
  const version = join(cache, digestOf(sources));
  const folder = join(version, given);
  await alone('packaging', () => {
    if (existsSync(join(folder, templateFile)) && existsSync(join(folder, 'serverless-state.json'))) return;
    // Of sources that are no more.
    if (!existsSync(version)) rmSync(cache, { recursive: true, force: true });
    mkdirSync(version, { recursive: true });
    const serverless = join(root, 'node_modules', 'serverless', 'bin', 'serverless.js');
    const args = [serverless, 'package', ...parameters[given].flatMap((one) => ['--param', one]), '--package', folder];
    execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  });
  const file = join(folder, templateFile);
  return {
    folder,
    file,
    raw: JSON.parse(readFileSync(file, 'utf8')) as RawTemplate,
    resolved: ({ account = '123456789012', region = 'eu-central-1', endpoint = 'https://sqs' } = {}) =>
      readTemplate(folder, { account, region, endpoint }),
  };
}

/** SHA-256 of names and contents. */
function digestOf(names: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(`${relative(root, path)}\n`).update(readFileSync(path));
  };
  for (const name of names) add(join(root, name));
  return hash.digest('hex').slice(0, 16);
}
