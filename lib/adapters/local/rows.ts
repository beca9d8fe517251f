import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Row, type Table, tables } from './tables.ts';

const mostBuffered = 4_000_000;

/** Writes rows of the tables as JSON, one a line, into files of a folder; `part` keeps writers of the same folder apart. */
export class RowFiles {
  readonly #folder: string;
  readonly #part: number;
  readonly #buffers = new Map<Table, { lines: string[]; length: number }>();

  constructor(folder: string, part: number) {
    this.#folder = folder;
    this.#part = part;
  }

  add<Name extends Table>(table: Name, row: Row<Name>): void {
    const buffer = this.#buffers.get(table) ?? { lines: [], length: 0 };
    this.#buffers.set(table, buffer);
    const line = JSON.stringify(row);
    buffer.lines.push(line);
    buffer.length += line.length;
    if (buffer.length > mostBuffered) this.#write(table, buffer);
  }

  /** Writes what is buffered. */
  flush(): void {
    for (const [table, buffer] of this.#buffers) this.#write(table, buffer);
  }

  #write(table: Table, buffer: { lines: string[]; length: number }): void {
    if (buffer.lines.length === 0) return;
    appendFileSync(join(this.#folder, `${table}-${this.#part}.ndjson`), `${buffer.lines.join('\n')}\n`);
    buffer.lines = [];
    buffer.length = 0;
  }
}

/** Names of the tables, in order. */
export const tableNames = Object.keys(tables) as readonly Table[];
