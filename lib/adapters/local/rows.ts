import { appendFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoginRecord } from '../../domain/login-record.ts';
import { loginRecordJson, type Row, type Table, tables, wellFormedJson } from './tables.ts';

/** No row is longer: each thread of the engine holds twice this while it reads. CloudTrail's records end at 256 KB. */
export const mostRowBytes = 2_000_000;
const mostBuffered = 1_000_000;
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

/** Writes rows of the tables as JSON, one a line, into files of a folder; `part` keeps writers of the same folder apart. */
export class RowFiles implements Rows {
  readonly #folder: string;
  readonly #part: number;
  /** What is not written yet, as bytes: texts that are kept would be copied by each collection of garbage. */
  readonly #buffers = new Map<Table, { bytes: Buffer; length: number }>();

  constructor(folder: string, part: number) {
    this.#folder = folder;
    this.#part = part;
  }

  /** Throws a RowsError when the disk is full. */
  add<Name extends Table>(table: Name, row: Row<Name>): void {
    let buffer = this.#buffers.get(table);
    if (!buffer) {
      buffer = { bytes: Buffer.allocUnsafe(leastBuffered), length: 0 };
      this.#buffers.set(table, buffer);
    }
    const whole = table === 'login_record' ? loginRecordJson(row as LoginRecord) : wellFormedJson(row);
    const line = whole.length * 3 > mostRowBytes ? wellFormedJson(row, mostKept) : whole;
    // So many bytes at most are a line in UTF-8.
    const most = line.length * 3 + 1;
    if (buffer.length + most > mostBuffered) this.#write(table, buffer);
    if (buffer.length + most > buffer.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * buffer.bytes.length, buffer.length + most));
      buffer.bytes.copy(larger, 0, 0, buffer.length);
      buffer.bytes = larger;
    }
    buffer.length += buffer.bytes.write(line, buffer.length);
    buffer.bytes[buffer.length++] = lineFeed;
  }

  /** Writes what is buffered. Throws a RowsError when the disk is full. */
  flush(): void {
    for (const [table, buffer] of this.#buffers) this.#write(table, buffer);
  }

  /** The files that rows were added to; `flush` comes before. */
  files(): readonly { readonly table: Table; readonly path: string }[] {
    return [...this.#buffers.keys()].map((table) => ({ table, path: this.#pathOf(table) }));
  }

  #pathOf(table: Table): string {
    return join(this.#folder, `${table}-${this.#part}.ndjson`);
  }

  #write(table: Table, buffer: { readonly bytes: Buffer; length: number }): void {
    if (buffer.length === 0) return;
    try {
      appendFileSync(this.#pathOf(table), buffer.bytes.subarray(0, buffer.length));
    } catch (cause) {
      throw new RowsError(`The temporary folder ${this.#folder} takes no more: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
    buffer.length = 0;
  }
}

/** Names of the tables, in order. */
export const tableNames = Object.keys(tables) as readonly Table[];

/** The files of a table that writers left in a folder. */
export async function rowFiles(folder: string, table: Table): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.startsWith(`${table}-`) && name.endsWith('.ndjson')).map((name) => join(folder, name));
}
