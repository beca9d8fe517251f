import { describe, expect, it } from '@jest/globals';
import { checks } from '../../lib/checks/registry.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { apiCallMerge, printQueryText } from '../../lib/main/query-text.ts';

const now = Date.parse('2026-05-03T12:00:00Z');
const configuration = defaultConfiguration;
const ids = [...checks.filter(({ kind }) => kind === 'activity').map(({ id }) => id), 'database-use', 'role-use'];

describe('printQueryText', () => {
  it.each(ids)('prints %s whole: no value is missing, and every bracket closes', async (id) => {
    const text = await printQueryText(id, { now, configuration });

    const code = text.replace(/--[^\n]*/g, '').replace(/'(?:[^']|'')*'/g, "''");
    expect(text.startsWith(`-- ${id}: `)).toBe(true);
    expect(text.endsWith('\nSELECT * FROM result\n')).toBe(true);
    expect(code).not.toContain('?');
    expect(code.split('(').length).toBe(code.split(')').length);
  });

  it('has the tables of the stack and the attempts in front of a query that reads them, each once', async () => {
    const text = await printQueryText('failed-iam-logins', { now, configuration });

    expect(text.match(/^\w+ AS \(|^WITH \w+ AS \(/gm)?.slice(0, 2)).toEqual(['WITH login_record AS (', 'login AS (']);
    expect(text.match(/FROM login_record_log/g)).toHaveLength(1);
    expect(text).not.toContain('cloudtrail');
  });

  it('has no table in front that the query does not read', async () => {
    const text = await printQueryText('parameter-history', { now, configuration });

    expect(text).toContain('WITH result AS (');
    expect(text).toContain('FROM api_call');
  });

  it('names the days and moments of the window; for attempts at its edges a day more', async () => {
    const [from, to] = [Date.parse('2026-04-01T06:00:00Z'), Date.parse('2026-04-02T00:00:00Z')];

    const text = await printQueryText('plaintext-refused', { now, from, to, configuration });

    expect(text).toContain("WHERE day BETWEEN '2026/03/31' AND '2026/04/03'");
    expect(text).toContain("WHERE day BETWEEN '2026/04/01' AND '2026/04/02'");
    expect(text).toContain(`first_ms >= ${from}`);
    expect(text).toContain(`first_ms < ${to}`);
  });

  it('begins 90 days before its end, which is now', async () => {
    const text = await printQueryText('role-use', { now, configuration });

    expect(text).toContain(`ts_ms >= ${now - 90 * 86_400_000}`);
    expect(text).toContain(`ts_ms < ${now}`);
  });

  it('prints the statement that brings calls of CloudTrail into their table, for files that came too late for the schedule', async () => {
    const window = { from: Date.parse('2026-04-01T00:00:00Z'), to: Date.parse('2026-04-08T00:00:00Z') };

    const text = await printQueryText('api_call', { now, ...window, configuration });

    expect(text.split('\n').slice(0, 2)).toEqual([
      "-- api_call: adds what of the calls in CloudTrail's files is not there yet",
      'MERGE INTO api_call AS known',
    ]);
    expect(text).toContain("WHERE day BETWEEN '2026/04/01' AND '2026/04/08'");
    expect(text.endsWith(await apiCallMerge(window))).toBe(true);
  });

  it('takes thresholds from the configuration', async () => {
    const thresholds = { ...configuration.thresholds, failedLogins: 7, failedLoginWindow: 60_000 };

    const text = await printQueryText('failed-password-logins', { now, configuration: { ...configuration, thresholds } });

    expect(text).toContain('lag(first_ms, 6)');
    expect(text).toContain('lag(first_ms, 69)');
    expect(text).toContain('<= 60000');
  });

  it.each(['tls-required', '../extract/login', '__proto__', ''])('says which queries there are where there is no query %s', async (id) => {
    await expect(printQueryText(id, { now, configuration })).rejects.toThrow(
      `There is no query "${id}"; there are api_call, cross-account-access, database-use, denied-rds-calls`,
    );
  });
});
