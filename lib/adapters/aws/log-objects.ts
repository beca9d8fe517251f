import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { LogObject } from '../../domain/log-object.ts';
import type { LogObjects, ParsedLogObject } from '../../ports/log-objects.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** The bucket that the stream writes to, and the one of rows. */
export interface LogObjectsOptions {
  readonly region: string;
  readonly logs: string;
  readonly queries: string;
}

/** The row of the table `log_object`: its columns are these names. */
interface LogObjectRow {
  readonly source: string;
  readonly status: ParsedLogObject['coverage']['status'];
  readonly detail: string;
  readonly first_time: string | null;
  readonly last_time: string | null;
  readonly records: number;
  readonly rejected: number;
  readonly torn: readonly string[];
  readonly keys: readonly string[];
}

/** The stream's objects in S3, and what was made of them. `fetch` writes an object into a file. */
export function createLogObjects(
  access: AccountAccess,
  { region, logs, queries }: LogObjectsOptions,
): LogObjects & { fetch(key: string, path: string, signal?: AbortSignal): Promise<void> } {
  // An emulator has no name for each bucket.
  const client = new S3Client({ ...clientSettings(access, region), forcePathStyle: access.endpoint !== undefined });
  const sending = (signal?: AbortSignal) => (signal ? { abortSignal: signal } : {});
  const placeOf = ({ day, name }: LogObject) => ({ Bucket: queries, Key: `log_object/${day}/${name}` });
  return {
    async list(after, signal) {
      const page = new ListObjectsV2Command({ Bucket: logs, Prefix: 'cloudwatch/', StartAfter: after });
      const { Contents = [] } = await client.send(page, sending(signal));
      return Contents.flatMap(({ Key }) => Key ?? []);
    },
    async fetch(key, path, signal) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: logs, Key: key }), sending(signal));
      // On Node the body is a stream of Node's.
      await pipeline(Body as Readable, createWriteStream(path), signal ? { signal } : {});
    },
    async known(object, signal) {
      try {
        const { Body } = await client.send(new GetObjectCommand(placeOf(object)), sending(signal));
        return read(gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString());
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },
    async keep(object, parsed, signal) {
      const Body = gzipSync(`${JSON.stringify(rowOf(parsed))}\n`);
      await client.send(new PutObjectCommand({ ...placeOf(object), Body }), sending(signal));
    },
    async keepRows({ key, path }, signal) {
      const { size } = await stat(path);
      const rows = { Bucket: queries, Key: key, Body: createReadStream(path), ContentLength: size };
      await client.send(new PutObjectCommand(rows), sending(signal));
    },
    async removeRows(key, signal) {
      await client.send(new DeleteObjectCommand({ Bucket: queries, Key: key }), sending(signal));
    },
  };
}

function rowOf({ coverage, torn, keys }: ParsedLogObject): LogObjectRow {
  const { source, status, detail, from, to, records, rejected } = coverage;
  return { source, status, detail, first_time: from, last_time: to, records, rejected, torn, keys };
}

/** Only this adapter writes such objects, so they are what it wrote. */
function read(text: string): ParsedLogObject {
  const { torn, keys, first_time, last_time, ...coverage } = JSON.parse(text) as LogObjectRow;
  return { coverage: { ...coverage, from: first_time, to: last_time }, torn, keys };
}
