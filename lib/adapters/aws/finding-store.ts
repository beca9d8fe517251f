import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { CloudTrailEvent } from '../../domain/event.ts';
import type { FindingStore, KnownFinding, StoredAlert } from '../../ports/finding-store.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** Where findings and alerts are kept. */
export interface StoreOptions {
  readonly access: AccountAccess;
  readonly region: string;
  readonly table: string;
  readonly signal?: AbortSignal;
}

type Everybody = Parameters<FindingStore['savePresent']>[0];

/** An event whose effect is awaited. */
interface Awaited {
  readonly event: CloudTrailEvent;
  readonly until: number;
}

/** A longer text is compressed: characters. */
const longText = 64_000;
const day = 86_400;
/** Seconds that things are kept: what passes is soon looked at again; what was told may be asked for by an auditor. */
const kept = { passing: 7 * day, resolved: 400 * day, alert: 400 * day };

/**
 * The store in one DynamoDB table: `pk`, `sk`, the thing itself as JSON in `body` (a long one compressed, as binary), and its `revision`, by which every
 * write is conditional.
 * The index `waiting` (attribute `waiting`: `open` or `unsent`) holds only what somebody must come back to.
 */
export function createFindingStore({ access, region, table, signal }: StoreOptions): FindingStore {
  const client = new DynamoDBClient(clientSettings(access, region));
  const sending = signal ? { abortSignal: signal } : {};

  const put = async (
    pk: string,
    sk: string,
    thing: KnownFinding | StoredAlert | Everybody | (Awaited & { readonly revision: number }),
    waiting: string | null,
    keepFor: number | null,
  ): Promise<boolean> => {
    const item: Record<string, AttributeValue> = {
      pk: { S: pk },
      sk: { S: sk },
      revision: { N: String(thing.revision) },
      body: written(JSON.stringify(thing)),
      ...(waiting === null ? {} : { waiting: { S: waiting } }),
      ...(keepFor === null ? {} : { expires: { N: String(Math.floor(Date.now() / 1000) + keepFor) } }),
    };
    const condition =
      thing.revision === 1
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'revision = :before', ExpressionAttributeValues: { ':before': { N: String(thing.revision - 1) } } };
    try {
      await client.send(new PutItemCommand({ TableName: table, Item: item, ...condition }), sending);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  const get = async (pk: string, sk: string): Promise<Record<string, AttributeValue> | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
      sending,
    );
    return Item;
  };

  const query = async <T>(input: { IndexName?: string; name: string; value: string }): Promise<T[]> => {
    const found: T[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        ...(input.IndexName ? { IndexName: input.IndexName } : { ConsistentRead: true }),
        KeyConditionExpression: '#name = :value',
        ExpressionAttributeNames: { '#name': input.name },
        ExpressionAttributeValues: { ':value': { S: input.value } },
      },
      sending,
    );
    for await (const page of pages) for (const item of page.Items ?? []) found.push(bodyOf<T>(item));
    return found;
  };

  return {
    async load(fingerprints) {
      const found = new Map<string, KnownFinding>();
      const left = [...new Set(fingerprints)];
      const batches = Array.from({ length: Math.ceil(left.length / 100) }, (_, n) => left.slice(n * 100, n * 100 + 100));
      for (const group of inGroups(batches, 8)) {
        await Promise.all(group.map((batch) => loadBatch(client, table, batch, found, sending)));
      }
      return found;
    },
    listOpen: () => query({ IndexName: 'waiting', name: 'waiting', value: 'open' }),
    save: (next) => {
      const waiting = next.state === 'open' || next.state === 'suppressed' || next.state === 'unseen' ? 'open' : null;
      const keepFor = next.state === 'passing' ? kept.passing : next.state === 'resolved' ? kept.resolved : null;
      return put(`finding#${next.fingerprint}`, 'finding', next, waiting, keepFor);
    },
    loadAlerts: (cause) => query({ name: 'pk', value: `cause#${cause}` }),
    listUnsent: () => query({ IndexName: 'waiting', name: 'waiting', value: 'unsent' }),
    saveAlert: (next) =>
      put(`cause#${next.cause}`, next.key, next, next.status === 'sent' || next.status === 'void' ? null : 'unsent', kept.alert),
    async present() {
      const item = await get('present', 'all');
      return item ? bodyOf<Everybody>(item) : { present: [], revision: 0 };
    },
    savePresent: (next) => put('present', 'all', next, null, null),
    async awaitEffect(event, until) {
      const keepFor = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      // Where it is there already, it stays as it is.
      await put('awaited', event.eventId, { event, until, revision: 1 }, null, keepFor);
    },
    async listAwaited(now) {
      const all = await query<Awaited>({ name: 'pk', value: 'awaited' });
      return all.filter(({ until }) => until > now).map(({ event }) => event);
    },
    async watermark(name) {
      const item = await get('watermark', name);
      return item?.reached?.S ?? null;
    },
    async moveWatermark(name, to) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { pk: { S: 'watermark' }, sk: { S: name } },
            UpdateExpression: 'SET reached = :to',
            ConditionExpression: 'attribute_not_exists(pk) OR reached < :to',
            ExpressionAttributeValues: { ':to': { S: to } },
          }),
          sending,
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

async function loadBatch(
  client: DynamoDBClient,
  table: string,
  fingerprints: readonly string[],
  found: Map<string, KnownFinding>,
  sending: { abortSignal?: AbortSignal },
): Promise<void> {
  let keys: Record<string, AttributeValue>[] = fingerprints.map((one) => ({ pk: { S: `finding#${one}` }, sk: { S: 'finding' } }));
  while (keys.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
      sending,
    );
    for (const item of Responses?.[table] ?? []) {
      const known = bodyOf<KnownFinding>(item);
      found.set(known.fingerprint, known);
    }
    keys = UnprocessedKeys?.[table]?.Keys ?? [];
  }
}

/** Only this adapter writes the table, so the body is what it wrote. */
function bodyOf<T>(item: Record<string, AttributeValue>): T {
  const text = item.body?.B ? brotliDecompressSync(item.body.B).toString('utf8') : (item.body?.S ?? 'null');
  return JSON.parse(text) as T;
}

/**
 * An item ends at 400 KB, and an alert names each of a group's clusters several times, in commands and ARNs. Brotli looks back over the whole text, where
 * gzip forgets after 32 KB: what is left is little more than the names themselves.
 */
function written(text: string): AttributeValue {
  if (text.length < longText) return { S: text };
  const parameters = {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return { B: brotliCompressSync(text, { params: parameters }) };
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}
