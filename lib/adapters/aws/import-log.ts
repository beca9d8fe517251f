import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import type { Imported, ImportLog } from '../../ports/security-hub.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** Seconds that it is remembered; what is active is told again before that. */
const kept = 120 * 86_400;

/** The log of what Security Hub was told, in the table of findings; what is active there is in its index `waiting` as `imported`. */
export function createImportLog(
  access: AccountAccess,
  { region, table, signal }: { readonly region: string; readonly table: string; readonly signal?: AbortSignal },
): ImportLog {
  const client = new DynamoDBClient(clientSettings(access, region));
  const sending = signal ? { abortSignal: signal } : {};
  return {
    async listActive() {
      const found: Imported[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          IndexName: 'waiting',
          KeyConditionExpression: 'waiting = :value',
          ExpressionAttributeValues: { ':value': { S: 'imported' } },
        },
        sending,
      );
      for await (const { Items = [] } of pages) for (const { body } of Items) found.push(JSON.parse(body?.S ?? 'null') as Imported);
      return found;
    },
    async save(next, before) {
      const condition =
        before === null
          ? { ConditionExpression: 'attribute_not_exists(pk) OR attribute_not_exists(waiting)' }
          : { ConditionExpression: 'told = :before', ExpressionAttributeValues: { ':before': { N: String(before.at) } } };
      try {
        await client.send(new PutItemCommand({ TableName: table, Item: itemOf(next), ...condition }), sending);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async forget(one) {
      await client.send(new PutItemCommand({ TableName: table, Item: itemOf({ ...one, content: '', archived: false }) }), sending);
    },
  };
}

function itemOf(imported: Imported): Record<string, AttributeValue> {
  return {
    pk: { S: `imported#${imported.fingerprint}` },
    sk: { S: 'security-hub' },
    body: { S: JSON.stringify(imported) },
    told: { N: String(imported.at) },
    expires: { N: String(Math.floor(imported.at / 1000) + kept) },
    ...(imported.archived ? {} : { waiting: { S: 'imported' } }),
  };
}
