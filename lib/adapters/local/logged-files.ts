import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

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

/** Files below `logs/`, `cloudtrail/` and `cloudwatch/`, by name; and files of `logs/` that stand in no instance's folder. */
export async function listLoggedFiles(folder: string): Promise<{ readonly files: LoggedFile[]; readonly misplaced: string[] }> {
  const files: LoggedFile[] = [];
  const misplaced: string[] = [];
  for (const [kind, name] of [
    ['log', 'logs'],
    ['cloudtrail', 'cloudtrail'],
    ['cloudwatch', 'cloudwatch'],
  ] as const) {
    const entries = await readdir(join(folder, name), { withFileTypes: true, recursive: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isDirectory() || entry.name.startsWith('.')) continue;
      const path = join(entry.parentPath, entry.name);
      const parts = path
        .slice(folder.length)
        .split(/[\\/]/)
        .filter((part) => part !== '');
      const found = await stat(path).catch(() => null);
      if (found && !found.isFile()) continue;
      const [, cluster = '', instance = ''] = parts;
      if (kind === 'log' && parts.length < 4) misplaced.push(parts.join('/'));
      else {
        const place = kind === 'log' ? { cluster, instance } : { cluster: '', instance: '' };
        files.push({ kind, name: parts.join('/'), path, bytes: found?.size ?? 0, ...place });
      }
    }
  }
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)), misplaced: misplaced.sort() };
}
