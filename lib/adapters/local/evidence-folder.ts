import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../domain/errors.ts';
import { momentOf } from '../../domain/moment.ts';
import type { Ask } from '../../ports/ask.ts';
import { askFolder, foldersRegions } from './answers.ts';
import { errorCode, isMissing } from './errors.ts';
import { readTextFile } from './text-file.ts';

/** An evidence folder, opened: what its `evidence.json` says, and its answers. */
export interface EvidenceFolder {
  readonly path: string;
  readonly account: string | null;
  /** Milliseconds since 1970. */
  readonly at: number | null;
  readonly regions: readonly string[];
  readonly ask: Ask;
  /** By cluster name: the text of `database/<cluster>/roles.json`, or why it cannot be read. */
  readonly databaseRoles: ReadonlyMap<string, { readonly file: string; readonly text: string | null }>;
}

const expected =
  'an evidence folder holds evidence.json, inventory/<region>/<service>/<command>.json, cloudtrail/, logs/<cluster>/<instance>/, cloudwatch/ or database/<cluster>/roles.json';

/**
 * Opens an evidence folder. Throws a UsageError with a sentence when it is not there, is no folder, holds nothing of the kind,
 * or when its `evidence.json` is wrong.
 */
export async function openEvidenceFolder(path: string): Promise<EvidenceFolder> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new UsageError(`There is no folder ${path}; ${expected}.`);
  if (!found.isDirectory()) throw new UsageError(`${path} is no folder; ${expected}.`);
  const about = await readAbout(join(path, 'evidence.json'));
  const databaseRoles = await readRoles(join(path, 'database'));
  if (!about.found && databaseRoles.size === 0 && !(await holdsEvidence(path))) {
    throw new UsageError(`Nothing in ${path} is evidence; ${expected}.`);
  }
  return { path, account: about.account, at: about.at, regions: await foldersRegions(path), ask: askFolder(path), databaseRoles };
}

async function holdsEvidence(path: string): Promise<boolean> {
  for (const folder of ['inventory', 'cloudtrail', 'logs', 'cloudwatch']) {
    const entries = await readdir(join(path, folder), { withFileTypes: true, recursive: true }).catch((error: unknown) =>
      isMissing(error) ? [] : null,
    );
    // What cannot be looked into is named by the coverage.
    if (entries === null) return true;
    if (entries.some((entry) => entry.isFile() && (folder !== 'inventory' || entry.name.endsWith('.json')))) return true;
  }
  return false;
}

async function readAbout(file: string): Promise<{ found: boolean; account: string | null; at: number | null }> {
  const text = await readTextFile(file).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw new UsageError(`${file} cannot be read (${errorCode(error) || 'error'}).`, { cause: error });
  });
  if (text === null) return { found: false, account: null, at: null };
  let about: unknown;
  try {
    about = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON; it may say {"account": "111122223333", "at": "2026-05-03T12:00:00Z"}.`, { cause: error });
  }
  if (typeof about !== 'object' || about === null || Array.isArray(about)) {
    throw new UsageError(`${file} must hold an object such as {"account": "111122223333", "at": "2026-05-03T12:00:00Z"}.`);
  }
  const account = 'account' in about && about.account !== null ? about.account : null;
  if (account !== null && !(typeof account === 'string' && /^\d{12}$/.test(account))) {
    throw new UsageError(`"account" in ${file} must be an account id of twelve digits, in quotes.`);
  }
  const at = 'at' in about && about.at !== null ? about.at : null;
  const moment = typeof at === 'string' ? momentOf(at) : Number.NaN;
  if (at !== null && Number.isNaN(moment)) throw new UsageError(`"at" in ${file} must be a time such as "2026-05-03T12:00:00Z".`);
  return { found: true, account, at: at === null ? null : moment };
}

async function readRoles(folder: string): Promise<Map<string, { file: string; text: string | null }>> {
  const roles = new Map<string, { file: string; text: string | null }>();
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((one) => one.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const text = await readTextFile(join(folder, entry.name, 'roles.json')).catch((error: unknown) =>
      isMissing(error) ? undefined : null,
    );
    if (text !== undefined) roles.set(entry.name, { file: `database/${entry.name}/roles.json`, text });
  }
  return roles;
}
