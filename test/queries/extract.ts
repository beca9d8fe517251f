import { openTables } from '../../lib/adapters/local/duckdb.ts';
import { loadQuery } from '../../lib/adapters/local/query-files.ts';
import { valuesOf } from '../../lib/intake/query-file.ts';
import type { QueryRow } from '../../lib/ports/query.ts';
import { type Logged, withRows } from './rows.ts';

/** The rows that `queries/extract/<id>.sql` makes of what was logged between two days (`YYYY/MM/DD`), in the order of their text. */
export async function extract(
  id: 'login' | 'api_call',
  logged: Logged,
  days: { readonly from_day: string; readonly to_day: string } = { from_day: '0000/00/00', to_day: '9999/99/99' },
): Promise<QueryRow[]> {
  const query = await loadQuery('extract', id);
  return withRows(logged, async (folder) => {
    const tables = await openTables(folder);
    try {
      const rows = await tables.query(query.sql, valuesOf(query, days));
      return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    } finally {
      tables.close();
    }
  });
}
