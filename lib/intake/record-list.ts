/** What a record of CloudTrail says of itself on its outermost level, in plain texts. */
export interface RecordHead {
  readonly eventType: string;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  /** `recipientAccountId` */
  readonly account: string;
}

/** Where a record stands: its first byte, and the one after its last. */
export interface RecordPlace {
  readonly start: number;
  readonly end: number;
  /** Null: the record must be parsed to know, because something is not there, is no plain text, or it is no call. */
  readonly head: RecordHead | null;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** What makes a record something else than a call comes first. */
const keys = ['detail-type', 'CloudTrailEvent', 'eventType', 'eventTime', 'eventSource', 'eventName', 'recipientAccountId'].map((name) =>
  Buffer.from(name),
);
const hasLengthOfKey = new Uint8Array(64);
for (const { length } of keys) hasLengthOfKey[length] = 1;
const calls = new Set(['AwsApiCall', 'AwsServiceEvent', 'AwsConsoleSignIn', 'AwsConsoleAction']);

/** What may stand outside of texts: white space, signs, and the letters of numbers, true, false and null. */
const isBetweenTexts = new Uint8Array(256);
for (const character of ' \t\r\n{}[],:+-.0123456789eEtrufalsn') isBetweenTexts[character.charCodeAt(0)] = 1;

/**
 * Finds the records of `{"Records":[…]}` without parsing them: most events are read by no check, and their heads are enough. Null: the bytes are not
 * such a list, whole and alone. A record is found by the nesting of its braces and texts, so nothing that stands in it can pass for another one;
 * beyond that, it may still be no JSON.
 */
export function listRecords(bytes: Buffer): RecordPlace[] | null {
  const begin = /^(?:\u00ef\u00bb\u00bf)?[ \t\r\n]{0,100}\{[ \t\r\n]{0,100}"Records"[ \t\r\n]{0,100}:[ \t\r\n]{0,100}\[/.exec(
    bytes.toString('latin1', 0, 500),
  );
  if (begin === null) return null;
  const places: RecordPlace[] = [];
  let head: RecordHead = { eventType: '', eventTime: '', eventSource: '', eventName: '', account: '' };
  let at = afterSpace(bytes, begin[0].length);
  while (bytes[at] === openBrace) {
    const place = readPlace(bytes, at, head);
    if (place === null) return null;
    places.push(place);
    head = place.head ?? head;
    at = afterSpace(bytes, place.end);
    if (bytes[at] !== comma) break;
    at = afterSpace(bytes, at + 1);
  }
  if (bytes[at] !== closeBracket) return null;
  at = afterSpace(bytes, at + 1);
  if (bytes[at] !== closeBrace) return null;
  return afterSpace(bytes, at + 1) === bytes.length ? places : null;
}

/** The record whose brace opens at `start`; null where it does not end, or holds what is no JSON. */
function readPlace(bytes: Buffer, start: number, before: RecordHead): RecordPlace | null {
  const values = [-1, -1, -1, -1, -1, -1, -1];
  const length = bytes.length;
  let depth = 0;
  for (let at = start; at < length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) {
      const begin = ++at;
      for (; at < length; at++) {
        const inner = bytes[at];
        if (inner === quote) break;
        if (inner === backslash) at++;
      }
      if (depth === 1 && bytes[at + 1] === colon && hasLengthOfKey[at - begin] === 1) {
        const key = indexOfKey(bytes, begin, at);
        if (key !== -1) values[key] = at + 2;
      }
    } else if (byte === openBrace || byte === openBracket) depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      depth--;
      if (depth === 0) return { start, end: at + 1, head: headOf(bytes, values, before) };
    } else if (isBetweenTexts[byte] === 0) return null;
  }
  return null;
}

/** Which of the {@link keys} stands there; -1: none. */
function indexOfKey(bytes: Buffer, start: number, end: number): number {
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? Buffer.of();
    if (key.length !== end - start) continue;
    let at = 0;
    while (at < key.length && bytes[start + at] === key[at]) at++;
    if (at === key.length) return index;
  }
  return -1;
}

/** A text without escapes and of ASCII alone; null where something else stands. Texts of records that follow each other are mostly the same. */
function plainText(bytes: Buffer, start: number, before: string): string | null {
  if (bytes[start] !== quote) return null;
  const begin = start + 1;
  let at = begin;
  while (at - begin < before.length && bytes[at] === before.charCodeAt(at - begin)) at++;
  if (at - begin === before.length && bytes[at] === quote) return before;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) return bytes.toString('latin1', begin, at);
    if (byte === backslash || byte < 0x20 || byte > 0x7e) return null;
  }
  return null;
}

/** The head of a call; null where one of its texts is not there or not plain, or it is something else. */
function headOf(bytes: Buffer, values: readonly number[], before: RecordHead): RecordHead | null {
  const [detailType = -1, inner = -1, type = -1, time = -1, source = -1, name = -1, account = -1] = values;
  if (detailType !== -1 || inner !== -1) return null;
  const eventType = plainText(bytes, type, before.eventType);
  if (eventType === null || !calls.has(eventType)) return null;
  const eventTime = plainText(bytes, time, before.eventTime);
  const eventSource = plainText(bytes, source, before.eventSource);
  const eventName = plainText(bytes, name, before.eventName);
  const recipient = plainText(bytes, account, before.account);
  return eventTime && eventSource && eventName && recipient ? { eventType, eventTime, eventSource, eventName, account: recipient } : null;
}

function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
  }
  return at;
}
