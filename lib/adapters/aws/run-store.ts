import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { QueryRun, RunStore } from '../../ports/run-store.ts';
import { clientSettings } from './account.ts';
import type { StoreOptions } from './finding-store.ts';

/** Runs of queries in the table of findings: one item each, `pk` is `run`, `sk` the query; `revision` makes every write conditional. */
export function createRunStore({ access, region, table, signal }: StoreOptions): RunStore {
  const client = new DynamoDBClient(clientSettings(access, region));
  const sending = signal ? { abortSignal: signal } : {};
  return {
    async list() {
      const found: QueryRun[] = [];
      const all = {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :run',
        ExpressionAttributeValues: { ':run': { S: 'run' } },
      };
      // Only this adapter writes such items, so the body is what it wrote.
      for await (const { Items = [] } of paginateQuery({ client }, all, sending))
        for (const { body } of Items) found.push(JSON.parse(body?.S ?? 'null') as QueryRun);
      return found;
    },
    async save(next) {
      const Item = {
        pk: { S: 'run' },
        sk: { S: next.query },
        revision: { N: String(next.revision) },
        body: { S: JSON.stringify(next) },
      };
      const condition =
        next.revision === 1
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : { ConditionExpression: 'revision = :before', ExpressionAttributeValues: { ':before': { N: String(next.revision - 1) } } };
      try {
        await client.send(new PutItemCommand({ TableName: table, Item, ...condition }), sending);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
