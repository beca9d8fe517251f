import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type Row,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { BusyError, QueryError } from '../../domain/errors.ts';
import { isThrottled } from '../../intake/answer-error.ts';
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
      const asking = client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }), sending(signal));
      const { QueryExecution } = await asking.catch((error: unknown) => rethrow(error, signal));
      const { State, StateChangeReason, AthenaError } = QueryExecution?.Status ?? {};
      const reason = StateChangeReason ?? AthenaError?.ErrorMessage ?? 'Athena does not say why.';
      return { state: states[State ?? ''] ?? 'running', reason };
    },
    rows: createResults(access, { region }).rows,
  };
}

/** Rows of queries that ran on Athena. */
export function createResults(access: AccountAccess, { region }: { readonly region: string }): Pick<Executions, 'rows'> {
  const client = new AthenaClient(clientSettings(access, region));
  const sending = (signal?: AbortSignal) => (signal ? { abortSignal: signal } : {});
  return {
    async rows(id, most, signal) {
      try {
        return await readPages(id, most, signal);
      } catch (error) {
        return rethrow(error, signal);
      }
    },
  };

  async function readPages(id: string, most: number, signal?: AbortSignal): Promise<Awaited<ReturnType<Executions['rows']>>> {
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
  }
}

/** What passes by itself (throttled, a fault of the service's own, not reached) as a BusyError; the SDK has tried six times by then. */
function rethrow(error: unknown, signal?: AbortSignal): never {
  signal?.throwIfAborted();
  const { name = '', message = '', code = '', $fault } = error as { name?: string; message?: string; code?: string; $fault?: string };
  const isNotReached = name === 'TimeoutError' || /^E(?:CONN|TIMEDOUT|PIPE|AI_AGAIN|HOSTUNREACH|NETUNREACH)/.test(code);
  if ($fault !== 'server' && !isThrottled(name) && !isNotReached) throw error;
  throw new BusyError(`${name}: ${message}`, { cause: error });
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
