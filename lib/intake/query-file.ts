import { QueryError } from '../domain/errors.ts';

/** A file of `queries/`: its header of five lines, and the SQL below. */
export interface QueryFile {
  readonly id: string;
  readonly finds: string;
  /** Tables that it reads. */
  readonly reads: readonly string[];
  /** Names of its `?`, in their order. */
  readonly params: readonly string[];
  /** Columns of its rows. */
  readonly returns: readonly string[];
  readonly sql: string;
}

/** Reads a file of `queries/`. Throws a QueryError where its header is not complete. */
export function readQueryFile(text: string): QueryFile {
  const header = new Map<string, string>();
  const lines = text.split('\n');
  for (const line of lines.slice(0, 5)) {
    const match = /^-- (id|finds|reads|params|returns): ?(.*)$/.exec(line);
    if (match?.[1]) header.set(match[1], match[2] ?? '');
  }
  const list = (name: string): string[] => (header.get(name) ?? '').split(/,\s*/).filter((part) => part !== '');
  const id = header.get('id');
  if (id === undefined || header.size !== 5)
    throw new QueryError('A query must begin with the lines id, finds, reads, params and returns.');
  return {
    id,
    finds: header.get('finds') ?? '',
    reads: list('reads'),
    params: list('params'),
    returns: list('returns'),
    sql: lines.slice(5).join('\n').trim(),
  };
}

/** Values in the order of the query's `?`. Throws a QueryError where one is missing. */
export function valuesOf({ id, params }: QueryFile, parameters: Readonly<Record<string, string | number>>): (string | number)[] {
  return params.map((name) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined) throw new QueryError(`The query ${id} needs a value for ${name}.`);
    return value;
  });
}

/** A value as SQL text, the same for Athena and DuckDB: nothing but texts and whole numbers. Throws a QueryError otherwise. */
export function literal(value: string | number): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (!Number.isSafeInteger(value)) throw new QueryError('Only texts and whole numbers may stand in a query.');
  return String(value);
}

/** The query's SQL with each `?` replaced by its value; a `?` in a text or a comment is none. Throws a QueryError where a value is missing. */
export function withLiterals(query: QueryFile, parameters: Readonly<Record<string, string | number>>): string {
  const values = valuesOf(query, parameters).map(literal);
  let next = 0;
  return query.sql.replace(/'(?:[^']|'')*'|--[^\n]*|\?/g, (found) => (found === '?' ? (values[next++] ?? '?') : found));
}
