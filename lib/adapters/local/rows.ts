import { appendFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoginRecord, LoginRecordKind } from '../../domain/login-record.ts';
import { loginRecordJson, type Row, type Table, tables, wellFormedJson } from './tables.ts';

/** No row is longer: each thread of the engine holds twice this while it reads. CloudTrail's records end at 256 KB. */
export const mostRowBytes = 2_000_000;
const mostBuffered = 1_000_000;
/** The same where login records are split: there are more buffers then. */
const mostBufferedOfSplit = 1 << 17;
/** Into so many parts login records are split, so that few of them must be grouped at a time. */
export const splits = 32;
/** Kinds of login records that only the extract `login` reads, and nearly all are of: they get files of their own. */
const ofSession = new Set<LoginRecordKind>(['received', 'authenticated', 'authorized', 'disconnected']);
const sessionsEnd = '-sessions.ndjson';
/** Of some days there are few rows. */
const leastBuffered = 1 << 14;
const lineFeed = 10;
/** Of a row that is too long, each text is cut to this; JSON in it is none any more, and tells nothing. */
const mostKept = 10_000;

/** The temporary folder takes no more rows. No fault of what is read: nothing can be judged then. */
export class RowsError extends Error {
  override readonly name = 'RowsError';
}

/** Where rows of the tables go. */
export interface Rows {
  add<Name extends Table>(table: Name, row: Row<Name>): void;
}

interface RowFile {
  readonly table: Table;
  readonly path: string;
  /** What is not written yet, as bytes: texts that are kept would be copied by each collection of garbage. */
  bytes: Buffer;
  length: number;
}

/** Writes rows of the tables as JSON, one a line, into files of a folder; `part` keeps writers of the same folder apart. */
export class RowFiles implements Rows {
  readonly #folder: string;
  readonly #part: number;
  readonly #splits: number;
  /** By the split; those of sessions behind the others. */
  readonly #files = new Map<Table, RowFile[]>();

  /** Login records are split into so many parts, those of one process into the same one. */
  constructor(folder: string, part: number, splits = 1) {
    this.#folder = folder;
    this.#part = part;
    this.#splits = splits;
  }

  /** Throws a RowsError when the disk is full. */
  add<Name extends Table>(table: Name, row: Row<Name>): void {
    const file = this.#file(table, table === 'login_record' && this.#splits > 1 ? this.#splitOf(row as LoginRecord) : 0);
    const whole = table === 'login_record' ? loginRecordJson(row as LoginRecord) : wellFormedJson(row);
    const line = whole.length * 3 > mostRowBytes ? wellFormedJson(row, mostKept) : whole;
    // So many bytes at most are a line in UTF-8.
    const most = line.length * 3 + 1;
    if (file.length + most > (this.#splits > 1 ? mostBufferedOfSplit : mostBuffered)) this.#write(file);
    if (file.length + most > file.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * file.bytes.length, file.length + most));
      file.bytes.copy(larger, 0, 0, file.length);
      file.bytes = larger;
    }
    file.length += file.bytes.write(line, file.length);
    file.bytes[file.length++] = lineFeed;
  }

  /** Writes what is buffered. Throws a RowsError when the disk is full. */
  flush(): void {
    for (const file of this.#all()) this.#write(file);
  }

  /** The files that rows were added to; `flush` comes before. */
  files(): readonly { readonly table: Table; readonly path: string }[] {
    return this.#all().map(({ table, path }) => ({ table, path }));
  }

  #splitOf({ process, kind, forged }: LoginRecord): number {
    const split = (process ?? 0) % this.#splits;
    return forged === 0 && ofSession.has(kind) ? this.#splits + split : split;
  }

  #file(table: Table, split: number): RowFile {
    let files = this.#files.get(table);
    if (!files) {
      files = [];
      this.#files.set(table, files);
    }
    files[split] ??= {
      table,
      path: join(this.#folder, `${table}-${this.#part}-${split % this.#splits}${split < this.#splits ? '.ndjson' : sessionsEnd}`),
      bytes: Buffer.allocUnsafe(leastBuffered),
      length: 0,
    };
    return files[split];
  }

  #all(): RowFile[] {
    // Of a split without rows there is no file.
    return [...this.#files.values()].flat();
  }

  #write(file: RowFile): void {
    if (file.length === 0) return;
    try {
      appendFileSync(file.path, file.bytes.subarray(0, file.length));
    } catch (cause) {
      throw new RowsError(
        `The temporary folder ${this.#folder} takes no more (${cause instanceof Error ? cause.message : cause}); TMPDIR names another.`,
        {
          cause,
        },
      );
    }
    file.length = 0;
  }
}

/** Names of the tables, in order. */
export const tableNames = Object.keys(tables) as readonly Table[];

/** The files of a table that writers left in a folder. */
export async function rowFiles(folder: string, table: Table): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.startsWith(`${table}-`) && name.endsWith('.ndjson')).map((name) => join(folder, name));
}

/** Files of login records in groups of about so many bytes, those of a split together. */
export async function rowFileGroups(files: readonly string[], bytes: number): Promise<string[][]> {
  const groups: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  let last = '';
  for (const { split, file } of files.map(splitOf).sort((a, b) => (a.split < b.split ? -1 : 1))) {
    if (size >= bytes && split !== last) {
      groups.push([]);
      size = 0;
    }
    last = split;
    size += (await stat(file)).size;
    groups.at(-1)?.push(file);
  }
  return groups;
}

function splitOf(file: string): { readonly split: string; readonly file: string } {
  const end = file.endsWith(sessionsEnd) ? file.length - sessionsEnd.length : file.lastIndexOf('.');
  return { split: file.slice(file.lastIndexOf('-', end - 1), end), file };
}

/** Of files with login records, those that hold what is not only of sessions. */
export function besideSessions(files: readonly string[]): string[] {
  return files.filter((file) => !file.endsWith(sessionsEnd));
}
