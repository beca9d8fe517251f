import { z } from 'zod/mini';
import type { LoginRecord, LogSource, LogSummary } from '../../domain/login-record.ts';
import { isIamAuthError, readIamAuthError, readLogGroup } from './iam-auth-error.ts';
import { JsonDocuments } from './json-documents.ts';
import { Recent } from './recent.ts';
import { encode, RecordWriter } from './record.ts';
import { TextLog } from './text.ts';

const documentSchema = z.object({
  messageType: z.string(),
  logGroup: z.string(),
  logStream: z.string(),
  logEvents: z.array(z.unknown()),
});

interface LogEvent {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

const lastTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** By hand: there are as many events as lines, and a schema takes longer than all the rest. */
function isEvent(value: unknown): value is LogEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { id, timestamp, message }: { id?: unknown; timestamp?: unknown; message?: unknown } = value;
  const isTime = typeof timestamp === 'number' && Number.isInteger(timestamp) && timestamp >= 0 && timestamp <= lastTime;
  return typeof id === 'string' && isTime && typeof message === 'string';
}

/** How many events back a repeated one is known; a delivery is repeated at once or soon. */
const mostSeen = 100_000;

/** One stream of a log group: one instance. */
interface Stream {
  readonly writer: RecordWriter;
  readonly log: 'postgresql' | 'iam-db-auth-error';
  readonly text: TextLog;
  readonly seen: Recent<string, true>;
  /** Bytes of the messages of `iam-db-auth-error` so far: the order of records. */
  offset: number;
}

/**
 * Reads what CloudWatch Logs → Firehose → S3 delivers (unzipped): JSON documents one after the other, of many groups and streams. The order of the
 * records is that of document and event, never the time, which a forged line can choose.
 */
export class CloudWatchLogParser {
  readonly #object: string;
  readonly #emit: (record: LoginRecord) => void;
  readonly #documents: JsonDocuments;
  readonly #streams = new Map<string, Stream | null>();
  readonly #notes = new Map<string, number>();
  #rejected = 0;
  #isKnown = false;

  constructor(object: string, emit: (record: LoginRecord) => void) {
    this.#object = object;
    this.#emit = emit;
    this.#documents = new JsonDocuments({
      document: (text) => this.#document(text),
      reject: (why) => this.#reject(why),
      begin: '{"messageType":',
    });
  }

  /** The next bytes; they are not kept. */
  write(bytes: Uint8Array): void {
    this.#documents.write(bytes);
  }

  /** Settles what is open and says what was there, all streams together. */
  end(): LogSummary {
    this.#documents.end();
    const summaries = [...this.#streams.values()].flatMap((stream) => {
      if (!stream) return [];
      stream.text.end();
      const summary = stream.writer.summary('cloudwatch');
      // An error of IAM authentication does not show that the log of PostgreSQL is there.
      return [stream.log === 'postgresql' ? summary : { ...summary, hours: [] }];
    });
    const times = (pick: 'from' | 'to'): number[] => summaries.map((one) => one[pick]).filter((time) => time !== null);
    const [from, to] = [times('from'), times('to')];
    const notes = [...this.#notes].map(([why, count]) => (count === 1 ? why : `${count} times: ${why}`));
    return {
      format: this.#isKnown ? 'cloudwatch' : null,
      records: summaries.reduce((sum, one) => sum + one.records, 0),
      rejected: this.#rejected + summaries.reduce((sum, one) => sum + one.rejected, 0),
      from: from.length === 0 ? null : Math.min(...from),
      to: to.length === 0 ? null : Math.max(...to),
      hours: summaries.flatMap(({ hours }) => hours),
      notes: [...notes, ...summaries.flatMap((one) => one.notes)].slice(0, 5),
    };
  }

  #document(text: string): void {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      this.#reject('a document that is no JSON');
      return;
    }
    const document = z.safeParse(documentSchema, json);
    if (!document.success) {
      this.#reject('a document that is none of CloudWatch Logs');
      return;
    }
    this.#isKnown = true;
    const { messageType, logGroup, logStream, logEvents } = document.data;
    if (messageType !== 'DATA_MESSAGE') return;
    const stream = this.#stream(logGroup, logStream);
    if (!stream) return;
    const events = logEvents.filter(isEvent);
    for (let bad = events.length; bad < logEvents.length; bad++) this.#reject('a log event without id, timestamp or message');
    take(
      stream,
      events.filter(({ id }) => isNew(stream, id)),
    );
  }

  #stream(logGroup: string, logStream: string): Stream | null {
    const key = JSON.stringify([logGroup, logStream]);
    const found = this.#streams.get(key);
    if (found !== undefined) return found;
    const named = readLogGroup(this.#object, logGroup, logStream);
    if (!named) this.#reject('a log group that is none of a cluster or instance');
    const stream = named && openStream(named.source, named.log, this.#emit);
    this.#streams.set(key, stream);
    return stream;
  }

  #reject(why: string): void {
    this.#rejected++;
    this.#notes.set(why, (this.#notes.get(why) ?? 0) + 1);
  }
}

function openStream(source: LogSource, log: Stream['log'], emit: (record: LoginRecord) => void): Stream {
  const writer = new RecordWriter(source, emit);
  return { writer, log, text: new TextLog(writer), seen: new Recent(mostSeen), offset: 0 };
}

/** False: the event was delivered before. */
function isNew({ seen }: Stream, id: string): boolean {
  if (seen.get(id)) return false;
  seen.set(id, true);
  return true;
}

function take(stream: Stream, events: readonly LogEvent[]): void {
  if (stream.log === 'postgresql') {
    const lines = events.map(({ message }) => message.replace(/\r?\n$/, ''));
    if (lines.length > 0) stream.text.write(encode(`${lines.join('\n')}\n`));
    return;
  }
  for (const { message, timestamp } of events) {
    const text = encode(message);
    for (const line of text.split('\n')) if (isIamAuthError(line)) readIamAuthError(stream.writer, stream.offset, line, timestamp);
    stream.offset += text.length + 1;
  }
}
