import { describe, expect, it } from '@jest/globals';
import stringWidth from 'string-width';
import { UsageError } from '../../lib/domain/errors.ts';
import { renderExplanation } from '../../lib/render/explain.ts';
import { comparedReport, exampleCatalogue, exampleReport } from './example-report.ts';
import { nastyStrings, poison } from './nasty.ts';

const options = { colour: false, width: 100, catalogue: exampleCatalogue };
const tlsOff = '1c52d9a0e6b14f6f8d2a3b4c5d6e7f80';
const failedLogins = 'e3b0c44298fc1c149afbf4c8996fb924';
const neverUsed = 'b5bb9d8014a0f9b1d61e21e796d78dcc';
const suppressed = 'a3a5e715f0cc574a73c3f9bebb6bc24f';

describe('renderExplanation', () => {
  it.each([
    ['the check', tlsOff, 'high tls-required on billing'],
    ['how it is judged', tlsOff, 'How it is judged: Reads rds.force_ssl of the cluster parameter group, and whether the group is in'],
    ['the resource', tlsOff, 'arn:aws:rds:eu-central-1:111122223333:cluster:billing'],
    ['the answer, by the file that holds it', tlsOff, '✔ inventory/eu-central-1/rds/describe-db-clusters.json (complete)'],
    [
      'the answer about the named group',
      tlsOff,
      '✔ inventory/eu-central-1/rds/describe-db-cluster-parameters/billing-aurora-pg15.json (answered)',
    ],
    ['the log files of its cluster', failedLogins, '✔ logs/orders/orders-1/postgresql.log.2026-05-03-00 (complete, 34,087 records)'],
    ['how to see its lines', failedLogins, '$ zgrep -nF -- 198.51.100.23 logs/orders/orders-1/postgresql.log.2026-05-03-00'],
    ['the query that gave the row', failedLogins, 'queries/check/failed-iam-logins.sql, from 2026-02-02 12:00 to 2026-05-03 12:00 UTC'],
    ['each fact', failedLogins, 'source       198.51.100.23'],
    ['what is not known as such', neverUsed, 'lastUsed       not known'],
    ['each sign of use', neverUsed, 'cloudtrail: no AssumeRole in 90 days'],
    ['the verdict', tlsOff, 'rds.force_ssl is 0 in billing-aurora-pg15: sessions without TLS are accepted.'],
    ['who did it', tlsOff, 'Changed by alice (role/dba-oncall) with the console from 203.0.113.40 at 2026-04-28 09:12 UTC'],
    ['which event says so', tlsOff, '(CloudTrail event 7b1c1f3e-9a55-4d42-8c1b-3f0e9f6a2b02)'],
    ['the severity', tlsOff, 'high, as usual for this check.'],
    [
      'who suppressed it, until when',
      suppressed,
      'It is suppressed by jane until 2026-09-30, so it does not count for the exit status: The',
    ],
    ['the command', neverUsed, "$ aws iam delete-role-policy --role-name 'pg-migration-2024' --policy-name 'connect-everywhere'\n"],
    ['when it is no problem', neverUsed, 'No problem when: A break-glass role that is meant to rest: suppress it with a date.'],
  ])('tells %s', (_, fingerprint, expected) => {
    expect(renderExplanation(exampleReport, fingerprint, options)).toContain(expected);
  });

  it('leaves out the logs of other clusters', () => {
    const explained = renderExplanation(exampleReport, failedLogins, options);

    expect(explained).not.toContain('logs/billing/');
  });

  it('names no log for what the calls alone told', () => {
    const [login] = exampleReport.findings.filter(({ fingerprint }) => fingerprint === failedLogins);
    const file = {
      source: 'cloudtrail:cloudtrail/a.json',
      status: 'complete',
      detail: '',
      from: null,
      to: null,
      records: 1,
      rejected: 0,
    } as const;
    const byCalls = {
      ...exampleReport,
      findings: login ? [{ ...login, evidence: { principal: 'arn:aws:iam::111122223333:role/app' } }] : [],
      coverage: [...exampleReport.coverage, file],
    };

    const explained = renderExplanation(byCalls, failedLogins, options);

    expect(explained).toContain('✔ cloudtrail/a.json');
    expect(explained).not.toMatch(/ (?:logs|cloudwatch)\//);
  });

  it('says that a severity is not the usual one', () => {
    const info = exampleReport.findings.find(({ check, severity }) => check === 'failed-iam-logins' && severity === 'info');

    const explained = renderExplanation(exampleReport, info?.fingerprint ?? '', options);

    expect(explained).toContain('info; medium is usual for this check');
  });

  it('says whether it is new', () => {
    expect(renderExplanation(comparedReport, tlsOff, options)).toContain('It is new since 2026-04-26 12:00 UTC.');
    expect(renderExplanation(comparedReport, neverUsed, options)).toContain('It is unchanged since 2026-04-26 12:00 UTC.');
  });

  it('knows less without a catalogue, and says so', () => {
    const explained = renderExplanation(exampleReport, tlsOff, { colour: false, width: 100 });

    expect(explained).toContain('its coverage names no source of this check');
    expect(explained).not.toContain('How it is judged');
  });

  it('complains of a fingerprint that no finding has', () => {
    expect(() => renderExplanation(exampleReport, '\x1b[2Jffff', options)).toThrow(UsageError);
    expect(() => renderExplanation(exampleReport, '\x1b[2Jffff', options)).toThrow('fingerprint \\x1b[2Jffff');
  });

  it('paints only when asked, and the same words', () => {
    const coloured = renderExplanation(exampleReport, tlsOff, { ...options, colour: true });

    expect(coloured).toContain('\x1b[1;31mhigh\x1b[0m');
    expect(coloured.replaceAll(/\x1b\[[\d;]*m/g, '')).toBe(renderExplanation(exampleReport, tlsOff, options));
  });

  it.each([40, 60, 100, 200])('keeps to %d columns, words of commands left out', (width) => {
    const report = poison(exampleReport, '漢字😀 データベース ');

    const lines = renderExplanation(report, '漢字😀 データベース ', { ...options, width }).split('\n');

    expect(lines.filter((line) => stringWidth(line) > width && !line.includes('$ ') && !line.startsWith('       '))).toEqual([]);
  });

  it.each(Object.entries(nastyStrings))('shows %s in every field free of control and format characters', (_, nasty) => {
    const explained = renderExplanation(poison(comparedReport, nasty), nasty, options);

    expect(explained.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
});
