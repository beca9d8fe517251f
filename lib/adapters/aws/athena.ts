import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type Row,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { QueryError } from '../../domain/errors.ts';
import type { ExecutionState, Executions } from '../../ports/executions.ts';
import type { QueryRow } from '../../ports/query.ts';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** Where queries run, and what they read; the workgroup says where their results go. */
export interface AthenaOptions {
  readonly region: string;
  readonly workgroup: string;
  readonly database: string;
}

/** Queries on Athena. */
export function createExecutions(access: AccountAccess, { region, workgroup, database }: AthenaOptions): Executions {
  const client = new AthenaClient(clientSettings(access, region));
  const sending = (signal?: AbortSignal) => (signal ? { abortSignal: signal } : {});
  return {
    async start(sql, token, signal) {
      const wanted = {
        QueryString: sql,
        ClientRequestToken: token,
        WorkGroup: workgroup,
        QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: database },
      };
      const { QueryExecutionId } = await client.send(new StartQueryExecutionCommand(wanted), sending(signal));
      if (!QueryExecutionId) throw new QueryError('Athena started a query and did not say which.');
      return QueryExecutionId;
    },
    async state(id, signal) {
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }), sending(signal));
      const { State, StateChangeReason, AthenaError } = QueryExecution?.Status ?? {};
      const reason = StateChangeReason ?? AthenaError?.ErrorMessage ?? 'Athena does not say why.';
      return { state: states[State ?? ''] ?? 'running', reason };
    },
    async rows(id, most, signal) {
      const rows: QueryRow[] = [];
      let columns: readonly Column[] | null = null;
      for await (const { ResultSet } of paginateGetQueryResults({ client, pageSize: 1000 }, { QueryExecutionId: id }, sending(signal))) {
        const page = ResultSet?.Rows ?? [];
        // The names of the columns are the first row of the first page.
        const own = columns === null ? page.slice(1) : page;
        columns ??= (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '', Type = '' }) => ({ name: Name, type: Type }));
        for (const row of own) {
          if (rows.length === most) return { rows, all: false };
          rows.push(readRow(row, columns));
        }
      }
      return { rows, all: true };
    },
  };
}

const states: Readonly<Record<string, ExecutionState['state']>> = { SUCCEEDED: 'succeeded', FAILED: 'failed', CANCELLED: 'cancelled' };

interface Column {
  readonly name: string;
  readonly type: string;
}

const numbers: ReadonlySet<string> = new Set(['bigint', 'integer', 'smallint', 'tinyint']);

/** Every value comes as text; one that is not there is NULL. */
function readRow({ Data = [] }: Row, columns: readonly Column[]): QueryRow {
  return Object.fromEntries(
    columns.map(({ name, type }, index) => {
      const text = Data[index]?.VarCharValue;
      return [name, text === undefined ? null : numbers.has(type) ? Number(text) : text];
    }),
  );
}
