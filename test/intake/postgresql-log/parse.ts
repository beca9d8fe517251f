import type { LoginRecord, LogSummary } from '../../../lib/domain/login-record.ts';
import { CloudWatchLogParser } from '../../../lib/intake/postgresql-log/cloudwatch.ts';
import { PostgresqlLogParser } from '../../../lib/intake/postgresql-log/index.ts';

/** What a parser gave. */
export interface Parsed {
  readonly records: readonly LoginRecord[];
  readonly summary: LogSummary;
}

const source = { object: 'postgresql.log', cluster: 'orders', instance: 'orders-1' };

/** Parses a log given as bytes or as latin1 text, in pieces of the given sizes and the rest at once. */
export function parse(log: string | Uint8Array, sizes: readonly number[] = []): Parsed {
  const records: LoginRecord[] = [];
  const parser = new PostgresqlLogParser(source, (record) => records.push(record));
  writeInPieces(parser, typeof log === 'string' ? Buffer.from(log, 'latin1') : log, sizes);
  return { records, summary: parser.end() };
}

/** Parses what Firehose delivers. */
export function parseDelivery(delivery: string | Uint8Array, sizes: readonly number[] = []): Parsed {
  const records: LoginRecord[] = [];
  const parser = new CloudWatchLogParser('delivery', (record) => records.push(record));
  writeInPieces(parser, typeof delivery === 'string' ? Buffer.from(delivery, 'utf8') : delivery, sizes);
  return { records, summary: parser.end() };
}

function writeInPieces(parser: { write(bytes: Uint8Array): void }, bytes: Uint8Array, sizes: readonly number[]): void {
  // One buffer for all pieces, as a stream may use it: what a parser keeps it must copy.
  const piece = new Uint8Array(Math.max(1, ...sizes));
  let from = 0;
  for (const size of sizes) {
    const part = bytes.subarray(from, from + size);
    piece.set(part);
    parser.write(piece.subarray(0, part.length));
    from += size;
  }
  parser.write(bytes.subarray(from));
}
