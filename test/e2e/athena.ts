// Athena, played by a real Trino: it executes the text that it is sent, over the tables that it has.
import type { TrinoServer } from '../trino/server.ts';
import type { Answer, Call, Gap } from './front.ts';

/** What the test may do to Athena, and see. */
export interface FakeAthena {
  readonly gap: Gap;
  /** Every execution, in the order in which they were started. */
  readonly executions: readonly Execution[];
  /** Until it is taken back, executions do not begin, and count as running. */
  hold: boolean;
  /** Why an execution fails that is started from now on; null: it is run. */
  failing: (sql: string) => string | null;
  /** Waits until all executions have ended, and gives the events of those that ended since the last time. */
  ended(): Promise<readonly object[]>;
}

/** An execution as Athena knows it. */
export interface Execution {
  readonly id: string;
  readonly token: string;
  readonly sql: string;
  readonly workgroup: string;
  state: 'QUEUED' | 'SUCCEEDED' | 'FAILED';
  reason: string;
  result: Awaited<ReturnType<TrinoServer['run']>>;
}

/** Rows on a page: few, so that paging happens. */
const pageSize = 3;

/** Athena with one workgroup and one database. */
export function createAthena(
  trino: TrinoServer,
  { workgroup, database }: { readonly workgroup: string; readonly database: string },
): FakeAthena {
  const executions: Execution[] = [];
  const running = new Set<Promise<void>>();
  const told = new Set<string>();
  const held: (() => void)[] = [];
  let isHeld = false;

  const execute = async (execution: Execution): Promise<void> => {
    if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
    try {
      const failure = athena.failing(execution.sql);
      if (failure !== null) throw new Error(failure);
      for (const statement of translated(execution.sql)) execution.result = await trino.run(statement);
      execution.state = 'SUCCEEDED';
    } catch (error) {
      execution.state = 'FAILED';
      execution.reason = String(error instanceof Error ? error.message : error);
    }
  };

  const start = ({ parameters }: Call): Answer => {
    const { QueryString: sql, ClientRequestToken: token, WorkGroup, QueryExecutionContext } = parameters as Record<string, string>;
    const context = QueryExecutionContext as unknown as { Database?: string };
    if (WorkGroup !== workgroup) return refused(`WorkGroup ${WorkGroup} is not found.`);
    if (context?.Database !== database) return refused(`Database ${context?.Database} is not found.`);
    if (!sql || Buffer.byteLength(sql) > 262_144 || !token || token.length < 32 || token.length > 128) return refused('The query is none.');
    const same = executions.find((one) => one.token === token);
    if (same && same.sql !== sql) return refused('Idempotent parameters do not match');
    if (same) return json({ QueryExecutionId: same.id });
    const id = `00000000-0000-4000-8000-${String(executions.length + 1).padStart(12, '0')}`;
    const execution: Execution = { id, token, sql, workgroup, state: 'QUEUED', reason: '', result: { columns: [], types: [], rows: [] } };
    executions.push(execution);
    const run = execute(execution);
    running.add(run);
    void run.finally(() => running.delete(run));
    return json({ QueryExecutionId: id });
  };

  const answer = (call: Call): Answer => {
    if (call.action === 'StartQueryExecution') return start(call);
    const { QueryExecutionId, NextToken } = call.parameters as Record<string, string>;
    const execution = executions.find(({ id }) => id === QueryExecutionId);
    if (!execution) return refused(`QueryExecution ${QueryExecutionId} was not found`);
    const { id, state, reason, result } = execution;
    if (call.action === 'GetQueryExecution')
      return json({
        QueryExecution: { QueryExecutionId: id, Status: { State: state, ...(reason === '' ? {} : { StateChangeReason: reason }) } },
      });
    if (state !== 'SUCCEEDED') return refused(`Query has not yet finished. Current state: ${state}`);
    const texts = [result.columns, ...result.rows].map((row) => ({
      Data: row.map((value) => (value === null ? {} : { VarCharValue: String(value) })),
    }));
    const from = Number(NextToken ?? 0);
    const ColumnInfo = result.columns.map((name, index) => ({ Name: name, Type: (result.types[index] ?? '').replace(/\(.*/, '') }));
    const more = from + pageSize < texts.length ? { NextToken: String(from + pageSize) } : {};
    return json({ ResultSet: { Rows: texts.slice(from, from + pageSize), ResultSetMetadata: { ColumnInfo } }, ...more });
  };

  const athena: FakeAthena = {
    gap: async (call) => (call.service === 'athena' ? answer(call) : null),
    executions,
    get hold() {
      return isHeld;
    },
    set hold(value) {
      isHeld = value;
      if (!value) for (const resume of held.splice(0)) resume();
    },
    failing: () => null,
    async ended() {
      while (running.size > 0) await Promise.all(running);
      const fresh = executions.filter(({ id, state }) => state !== 'QUEUED' && !told.has(id));
      for (const { id } of fresh) told.add(id);
      return fresh.map(eventOf);
    },
  };
  return athena;
}

/** As Athena's documentation of its events has it. */
function eventOf({ id, state, workgroup }: Execution): object {
  return {
    source: 'aws.athena',
    'detail-type': 'Athena Query State Change',
    detail: {
      versionId: '0',
      currentState: state,
      previousState: 'RUNNING',
      statementType: 'DML',
      queryExecutionId: id,
      workgroupName: workgroup,
      sequenceNumber: '3',
    },
  };
}

/** Statements that Trino calls otherwise. */
function translated(sql: string): readonly string[] {
  const optimize = /^OPTIMIZE (\w+) REWRITE DATA USING BIN_PACK(?: WHERE (.+))?$/.exec(sql);
  if (optimize) return [`ALTER TABLE ${optimize[1]} EXECUTE optimize${optimize[2] === undefined ? '' : ` WHERE ${optimize[2]}`}`];
  const vacuum = /^VACUUM (\w+)$/.exec(sql);
  if (vacuum) return [`ALTER TABLE ${vacuum[1]} EXECUTE expire_snapshots(retention_threshold => '7d')`];
  return [sql];
}

function json(body: object): Answer {
  return { status: 200, type: 'application/x-amz-json-1.1', body: JSON.stringify(body) };
}

function refused(message: string): Answer {
  const body = JSON.stringify({ __type: 'InvalidRequestException', Message: message });
  return { status: 400, type: 'application/x-amz-json-1.1', body };
}
