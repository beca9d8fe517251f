import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { QueryError } from '../../domain/errors.ts';
import { type QueryFile, readQueryFile } from '../../intake/query-file.ts';
import { isMissing } from './errors.ts';

const queries = join(dirname(createRequire(import.meta.url).resolve('#package')), 'queries');

/** Reads `queries/<folder>/<id>.sql`. Rejects with a QueryError where there is none. */
export async function loadQuery(folder: 'check' | 'extract', id: string): Promise<QueryFile> {
  if (!/^[a-z_-]+$/.test(id)) throw new QueryError('The id of a query is made of small letters.');
  return readQueryFile(await loadText(join(folder, `${id}.sql`)));
}

/** The text of `queries/layer/<engine>.sql`: what differs by engine. */
export async function loadLayer(engine: 'athena' | 'duckdb'): Promise<string> {
  return loadText(join('layer', `${engine}.sql`));
}

async function loadText(path: string): Promise<string> {
  return readFile(join(queries, path), 'utf8').catch((error: unknown) => {
    if (isMissing(error)) throw new QueryError(`There is no query ${path}.`, { cause: error });
    throw error;
  });
}
