import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from './parse.ts';

/** Logs of real servers, the same session in each form: extra cases where they are there. */
const folder = process.env.POSTGRESQL_CORPORA ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpora', 'postgres');
const versions = existsSync(folder) ? readdirSync(folder) : [];
const suite = versions.length > 0 ? describe : describe.skip;

suite('logs of real servers', () => {
  it.each(versions)('say the same in every form: %s', (version) => {
    const logs = readdirSync(join(folder, version)).map((file) => parse(readFileSync(join(folder, version, file))));

    const said = logs.map(({ records }) =>
      // The text is to the second, and tells the application only where a message does.
      records.map(({ id, position, object, ts_ms, application, ...rest }) => ({ ...rest, second: Math.floor(ts_ms / 1000) })),
    );

    expect(logs.map(({ summary }) => summary.rejected)).toEqual(logs.map(() => 0));
    expect(said[0]?.length).toBeGreaterThan(50);
    for (const other of said) expect(other).toEqual(said[0]);
  });
});
