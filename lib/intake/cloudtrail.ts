import { createHash } from 'node:crypto';
import type { CloudTrailEvent, UserIdentity } from '../domain/event.ts';
import { readGuardDutyFinding } from './guardduty.ts';
import { listRecords, type RecordHead } from './record-list.ts';

/** What one text held: a file of CloudTrail, an event of EventBridge, an answer of LookupEvents, records in an array or one a line. */
export interface CloudTrailDocument {
  readonly events: CloudTrailEvent[];
  /** Records, or pieces of text, that could not be read. */
  readonly rejected: number;
  /** True: it is (or holds) a digest file of CloudTrail's log file validation, which has no events and is no fault. */
  readonly digest: boolean;
  /** What went wrong, a sentence each; few. Hostile text may be in them. */
  readonly notes: string[];
}

type JsonObject = Readonly<Record<string, unknown>>;

/** What surrounds a record in EventBridge and LookupEvents, and stands in where the record says nothing. */
interface Envelope {
  readonly eventId: string | null;
  readonly account: string | null;
  readonly region: string | null;
}

const noEnvelope: Envelope = { eventId: null, account: null, region: null };
const mostNotes = 20;
const calls = new Set(['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail', 'AWS Console Sign In via CloudTrail']);

/**
 * Reads every record of a text: `{"Records": […]}`, a JSON array, one record, an EventBridge event, LookupEvents' answer, JSON values one after
 * the other. A byte-order mark and CR LF are accepted. What cannot be read is counted and named; the rest is there. Never throws.
 */
export function readCloudTrailDocument(text: string): CloudTrailDocument {
  const document = new DocumentReader();
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const whole = parse(body);
  if (whole.ok) document.addValue(whole.value);
  else readPieces(body, document);
  return document.result();
}

/**
 * The same of bytes in UTF-8. Of a file as CloudTrail delivers it, records of whose head `skips` says true are not parsed: they count in `skipped`, and are not
 * among the events. The head's `eventTime` is as in an event.
 */
export function readCloudTrailBytes(
  bytes: Buffer,
  skips: (head: RecordHead) => boolean,
): CloudTrailDocument & { readonly skipped: number } {
  const places = listRecords(bytes);
  if (places === null) return { ...readCloudTrailDocument(bytes.toString('utf8')), skipped: 0 };
  const document = new DocumentReader();
  let skipped = 0;
  for (const { start, end, head } of places) {
    const eventTime = head && readTime(head.eventTime);
    if (eventTime && skips({ ...head, eventTime })) {
      document.skipRecord();
      skipped += 1;
    } else document.addText(bytes.toString('utf8', start, end));
  }
  return { ...document.result(), skipped };
}

/**
 * Reads one record: a bare one, or one in an EventBridge event or an entry of LookupEvents; a GuardDuty finding on EventBridge too.
 * Null: it is none, or has no eventTime or eventName.
 */
export function readCloudTrailRecord(record: unknown): CloudTrailEvent | null {
  const read = readRecord(record);
  return typeof read === 'string' ? null : read;
}

class DocumentReader {
  readonly #events: CloudTrailEvent[] = [];
  readonly #notes: string[] = [];
  #rejected = 0;
  #records = 0;
  #digest = false;

  /** Adds all records of a JSON value. */
  addValue(value: unknown): void {
    if (Array.isArray(value)) {
      this.#addAll(value);
      return;
    }
    if (isObject(value)) {
      const records = value.Records ?? value.Events;
      if (Array.isArray(records)) {
        this.#addAll(records);
        return;
      }
      if (('Records' in value || 'Events' in value) && value.eventTime === undefined) {
        this.reject('Its records are no list.');
        return;
      }
      if (isDigest(value)) {
        this.#digest = true;
        return;
      }
    }
    this.addRecord(value);
  }

  addRecord(record: unknown): void {
    this.#records += 1;
    const read = readRecord(record);
    if (typeof read !== 'string') this.#events.push(read);
    else if (read !== insight) this.reject(`Record ${this.#records}${recordName(record)} ${read}.`);
  }

  /** Adds a record of a list; when it is no JSON, the others are none the worse. */
  addText(text: string): void {
    const value = parse(text);
    if (value.ok) this.addRecord(value.value);
    else {
      this.skipRecord();
      this.reject(`Record ${this.#records} is not JSON.`);
    }
  }

  /** Counts a record that is not read. */
  skipRecord(): void {
    this.#records += 1;
  }

  reject(note: string): void {
    this.#rejected += 1;
    if (this.#notes.length < mostNotes) this.#notes.push(note);
  }

  isEmpty(): boolean {
    return this.#records === 0 && this.#rejected === 0;
  }

  result(): CloudTrailDocument {
    const more = this.#rejected - this.#notes.length;
    const notes = more > 0 ? [...this.#notes, `And ${more} more.`] : this.#notes;
    return { events: this.#events, rejected: this.#rejected, digest: this.#digest, notes };
  }

  #addAll(records: readonly unknown[]): void {
    for (const record of records) this.addRecord(record);
  }
}

/** One value a line, values that span lines, and what is whole of a list that was cut off. */
function readPieces(text: string, document: DocumentReader): void {
  // Looking for the end of a value that spans lines could start again at every line, so all searches together may read the text a few times only.
  let budget = 4 * text.length + 1000;
  let at = startOfList(text);
  let line = 1;
  let newline = text.indexOf('\n');
  while (at < text.length) {
    const code = text.charCodeAt(at);
    while (newline !== -1 && newline < at) {
      line += 1;
      newline = text.indexOf('\n', newline + 1);
    }
    // White space, commas, byte-order marks, and the end of a list that was stepped into.
    if (code <= 0x20 || code === 0x2c || code === 0xfeff || code === 0x5d || code === 0x7d) {
      at += 1;
      continue;
    }
    const endOfLine = newline === -1 ? text.length : newline;
    const end = budget > 0 ? endOfValue(text, at, Math.min(text.length, at + budget)) : -1;
    budget -= (end === -1 ? text.length : end) - at;
    const value = end === -1 ? parse(text.slice(at, endOfLine)) : parse(text.slice(at, end));
    if (value.ok) {
      document.addValue(value.value);
      at = end === -1 ? endOfLine : end;
    } else {
      document.reject(
        end === -1 && newline === -1 && !document.isEmpty() ? `Line ${line} ends within a record.` : `Line ${line} is not JSON.`,
      );
      at = endOfLine;
    }
  }
  if (document.isEmpty()) document.reject('There is no record in it.');
}

/** Where the first record may start in a text that is no JSON as a whole: after `{"Records":[` or `[`, else at the beginning. */
function startOfList(text: string): number {
  const head = /^\s{0,1000}(?:\{\s{0,1000}"(?:Records|Events)"\s{0,1000}:\s{0,1000})?\[/.exec(text.slice(0, 4000));
  return head ? head[0].length : 0;
}

/** The index after the object or array that starts at `from`, or -1 where it does not end before `limit`. */
function endOfValue(text: string, from: number, limit: number): number {
  let depth = 0;
  let inString = false;
  for (let at = from; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
      if (depth <= 0) return depth === 0 ? at + 1 : -1;
    }
    if (depth === 0 && !inString) return -1;
  }
  return -1;
}

/** CloudTrail Insights' records are no calls, and no fault. */
const insight = 'is an insight';

/** The event, or the end of the sentence that says why there is none. */
function readRecord(record: unknown): CloudTrailEvent | string {
  if (!isObject(record)) return 'is not an object';
  const detailType = record['detail-type'];
  if (typeof detailType === 'string') {
    if (detailType === 'GuardDuty Finding') return readGuardDutyFinding(record) ?? 'is a GuardDuty finding without id, type or time';
    if (!calls.has(detailType)) return 'is an event of another kind';
    return readCall(record.detail, { eventId: text(record.id), account: text(record.account), region: text(record.region) });
  }
  const inner = record.CloudTrailEvent;
  if (typeof inner === 'string') {
    const parsed = parse(inner);
    if (!parsed.ok) return 'holds a CloudTrailEvent that is not JSON';
    return readCall(parsed.value, { ...noEnvelope, eventId: text(record.EventId) });
  }
  return readCall(record, noEnvelope);
}

function readCall(record: unknown, envelope: Envelope): CloudTrailEvent | string {
  if (!isObject(record)) return 'has no detail';
  const eventName = text(record.eventName);
  const eventTime = readTime(record.eventTime);
  if (record.eventType === 'AwsCloudTrailInsight' && eventTime !== null) return insight;
  if (eventTime === null) return record.eventTime === undefined ? 'has no eventTime' : 'has an eventTime that is no time';
  if (eventName === null) return 'has no eventName';
  const userIdentity = readUserIdentity(record.userIdentity);
  const eventId = text(record.eventID) ?? envelope.eventId ?? idOf(record);
  if (eventId === null) return 'has no eventID and is nested too deeply';
  return {
    eventId,
    eventTime,
    eventSource: text(record.eventSource) ?? '',
    eventName,
    region: text(record.awsRegion) ?? envelope.region ?? '',
    account: text(record.recipientAccountId) ?? envelope.account ?? userIdentity.accountId,
    sourceAddress: text(record.sourceIPAddress),
    userAgent: text(record.userAgent),
    errorCode: text(record.errorCode),
    errorMessage: text(record.errorMessage),
    readOnly: readFlag(record.readOnly),
    userIdentity,
    requestParameters: objectOrNull(record.requestParameters),
    responseElements: objectOrNull(record.responseElements),
  };
}

const nobody: UserIdentity = {
  type: null,
  arn: null,
  accountId: null,
  principalId: null,
  userName: null,
  invokedBy: null,
  issuerArn: null,
  issuerType: null,
  sourceIdentity: null,
};

function readUserIdentity(identity: unknown): UserIdentity {
  if (!isObject(identity)) return nobody;
  const context = objectOrNull(identity.sessionContext);
  const issuer = objectOrNull(context?.sessionIssuer);
  return {
    type: text(identity.type),
    arn: text(identity.arn),
    accountId: text(identity.accountId),
    principalId: text(identity.principalId),
    userName: text(identity.userName),
    invokedBy: text(identity.invokedBy),
    issuerArn: text(issuer?.arn),
    issuerType: text(issuer?.type),
    sourceIdentity: text(context?.sourceIdentity),
  };
}

const lastTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The last minute that was found to be one, up to its seconds: events of one minute follow each other. */
let lastMinute = '-';

function readTime(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  if (value.length === 20 && value.startsWith(lastMinute) && /^[0-5]\dZ$/.test(value.slice(17))) return value;
  const time = Date.parse(value);
  // A year of five digits is no time that the engines know, and none before 1970 is one of an event.
  if (Number.isNaN(time) || time < 0 || time > lastTime) return null;
  // CloudTrail writes whole seconds in UTC; everything else is brought to ISO 8601.
  if (!(value.length === 20 && value.charCodeAt(19) === 0x5a && value.charCodeAt(10) === 0x54)) return new Date(time).toISOString();
  // A copy that keeps no document alive.
  lastMinute = new Date(Math.floor(time / 60_000) * 60_000).toISOString().slice(0, 17);
  return value;
}

function readFlag(value: unknown): boolean | null {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : null;
}

/** The same record always gets the same id, so that met twice it counts once. Null: it is nested too deeply to be written again. */
function idOf(record: JsonObject): string | null {
  try {
    return createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, 32);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function recordName(record: unknown): string {
  const id = isObject(record) ? text(record.eventID) : null;
  return id === null ? '' : ` (${id.slice(0, 64)})`;
}

function isDigest(value: JsonObject): boolean {
  return 'digestStartTime' in value && 'digestEndTime' in value;
}

function parse(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOrNull(value: unknown): JsonObject | null {
  return isObject(value) ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
