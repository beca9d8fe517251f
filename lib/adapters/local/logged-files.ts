import { type Dirent, type Stats, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './errors.ts';

/** One file of what was logged. */
export interface LoggedFile {
  readonly kind: 'log' | 'cloudtrail' | 'cloudwatch';
  /** Path from the evidence folder, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** Of a log: from its folders; empty otherwise. */
  readonly cluster: string;
  readonly instance: string;
}

/** Something below the folders of what was logged that is not read, and why, in one clause. */
export interface Stray {
  readonly kind: LoggedFile['kind'];
  readonly name: string;
  readonly why: string;
}

/** Everything that stands in the folders of what was logged, by name. */
export interface LoggedFiles {
  readonly files: readonly LoggedFile[];
  readonly strays: readonly Stray[];
}

const folders = { log: 'logs', cloudtrail: 'cloudtrail', cloudwatch: 'cloudwatch' } as const;

/** Lists what is below `logs/`, `cloudtrail/` and `cloudwatch/`. Names with a dot in front are left out. */
export async function listLoggedFiles(folder: string): Promise<LoggedFiles> {
  const files: LoggedFile[] = [];
  const strays: Stray[] = [];
  for (const kind of ['log', 'cloudtrail', 'cloudwatch'] as const) {
    // Folders wait in a list: however deep they are, no call is inside another.
    const waiting: string[][] = [[folders[kind]]];
    for (let parts = waiting.pop(); parts; parts = waiting.pop()) {
      const entries = await listFolder(join(folder, ...parts));
      if (typeof entries === 'string') {
        strays.push({ kind, name: parts.join('/'), why: entries });
        continue;
      }
      for (const entry of entries) {
        if (entry.name.startsWith('.')) continue;
        const place = [...parts, entry.name];
        if (entry.isDirectory()) waiting.push(place);
        else {
          const found = describe(kind, folder, place);
          if ('why' in found) strays.push(found);
          else files.push(found);
        }
      }
    }
  }
  return { files: files.sort(byName), strays: strays.sort(byName) };
}

/** The entries of a folder; none where it is not there; else what is wrong with it. */
async function listFolder(path: string): Promise<readonly Dirent[] | string> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    const code = errorCode(error) || 'error';
    if (code === 'ENOENT') return [];
    return code === 'ENOTDIR' ? 'it is no folder' : `the folder cannot be read (${code})`;
  }
}

/** Without a promise, which takes ten times as long as the call itself: there may be hundreds of thousands. */
function describe(kind: LoggedFile['kind'], folder: string, parts: readonly string[]): LoggedFile | Stray {
  const name = parts.join('/');
  const path = join(folder, ...parts);
  const found = statOf(path);
  if (typeof found === 'string') return { kind, name, why: `the file cannot be read (${found})` };
  // A link may lead round in a circle, or out of the evidence.
  if (found.isDirectory()) return { kind, name, why: 'links to folders are not followed' };
  if (!found.isFile()) return { kind, name, why: 'it is no file' };
  const [, cluster = '', instance = ''] = parts;
  if (kind !== 'log') return { kind, name, path, bytes: found.size, cluster: '', instance: '' };
  if (parts.length < 4) return { kind, name, why: 'not below logs/<cluster>/<instance>/, so nothing tells whose log it is' };
  return { kind, name, path, bytes: found.size, cluster, instance };
}

/** What the disk says of a file, or the code of the error. */
function statOf(path: string): Stats | string {
  try {
    return statSync(path);
  } catch (error) {
    return errorCode(error) || 'error';
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
