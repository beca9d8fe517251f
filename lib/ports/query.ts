/** A value in SQL: nothing but strings and whole numbers ever become a literal. */
export type QueryParameter = string | number;

/** One row; every column is a string or a whole number, on both engines. */
export type QueryRow = Readonly<Record<string, string | number | null>>;

/**
 * Runs the query `queries/check/<id>.sql` over what was logged, with parameters by the names in its header, and resolves with its rows.
 * Rejects with a QueryError when the engine refuses it, or when `signal` aborts (the running query is then stopped first).
 */
export type RunQuery = (
  id: string,
  parameters: Readonly<Record<string, QueryParameter>>,
  signal?: AbortSignal,
) => Promise<readonly QueryRow[]>;
