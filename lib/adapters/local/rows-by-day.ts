import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { RowFiles, type Rows } from './rows.ts';
import type { Row, Table } from './tables.ts';

/** Gzipped rows of one table and one day. */
export interface RowsOfDay {
  readonly table: Table;
  /** `YYYY/MM/DD` */
  readonly day: string;
  readonly path: string;
}

/** Writes rows into files of a folder, those of each day apart. */
export class RowsByDay implements Rows {
  readonly #folder: string;
  readonly #from: string;
  readonly #to: string;
  readonly #days = new Map<string, RowFiles>();

  /** Rows of days outside of from and to (`YYYY/MM/DD`) that were not kept: whoever can make a log say any time must not make files without end. */
  outside = 0;

  constructor(folder: string, { from, to }: { readonly from: string; readonly to: string }) {
    this.#folder = folder;
    this.#from = from;
    this.#to = to;
  }

  /** Throws a RowsError when the disk is full. */
  add<Name extends Table>(table: Name, row: Row<Name>): void {
    const day = String(row.day);
    if (day < this.#from || day > this.#to) {
      this.outside++;
      return;
    }
    let files = this.#days.get(day);
    if (!files) {
      files = new RowFiles(this.#folder, this.#days.size);
      this.#days.set(day, files);
    }
    files.add(table, row);
  }

  /** Zips what was written: the same rows give the same bytes. Rejects when the disk is full or `signal` aborts. */
  async zip(signal?: AbortSignal): Promise<readonly RowsOfDay[]> {
    const zipped: RowsOfDay[] = [];
    for (const [day, files] of this.#days) {
      files.flush();
      for (const { table, path } of files.files()) {
        const gzip = `${path}.gz`;
        // One member: some readers of gzip end after the first.
        await pipeline(createReadStream(path), createGzip(), createWriteStream(gzip), signal ? { signal } : {});
        zipped.push({ table, day, path: gzip });
      }
    }
    return zipped;
  }
}
