import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { Coverage, Report } from '../../lib/domain/report.ts';
import { renderReport, scanFolder } from '../../lib/main/laptop.ts';
import { cloudWatchDocument, textFailure, textLine, textSession } from '../adapters/local/logs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-watch-later-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const trail = {
  Records: [
    {
      eventVersion: '1.08',
      eventID: '6f1d1c3e-0000-4000-8000-000000000001',
      eventTime: '2026-05-03T12:00:00Z',
      eventSource: 'rds.amazonaws.com',
      eventName: 'DescribeDBClusters',
      awsRegion: 'eu-central-1',
      recipientAccountId: '111122223333',
      sourceIPAddress: '192.0.2.40',
      userAgent: 'aws-cli/2.17',
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ops', accountId: '111122223333' },
    },
  ],
};
/** Before the newest event, at its second, and twice after it. */
const log = [
  textFailure({ time: '2026-05-03T11:59:59Z', process: 1, port: 1 }),
  textFailure({ time: '2026-05-03T12:00:00Z', process: 2, port: 2 }),
  textFailure({ time: '2026-05-03T12:00:01Z', process: 3, port: 3 }),
  textSession({ time: '2026-05-03T14:30:00Z', process: 4, port: 4 }),
].join('');
const word =
  '2 logins from 2026-05-03T12:00:01.000Z to 2026-05-03T14:30:00.000Z came after the window ends, and no check judges them: scan with --to 2026-05-03T14:30:01Z, or set "at" in evidence.json';

async function scan(files: Readonly<Record<string, string>>, times: { from?: number; to?: number } = {}): Promise<Report> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const options = { choice: {}, configuration: defaultConfiguration, warn: () => undefined, ...times };
  return (await scanFolder(folder, options)).report;
}

const sumOf = ({ coverage }: Report, source: string): Coverage | undefined => coverage.find((line) => line.source === source);
const failures = ({ findings }: Report): unknown =>
  findings.find(({ check }) => check === 'failed-password-logins')?.evidence.attempts ?? 0;
const text = 'logs/orders/orders-1/postgresql.log';
const event = 'cloudtrail/a.json';

describe('a log that goes on after the newest CloudTrail event', () => {
  it('is judged up to that event, and the coverage tells the rest and what to do', async () => {
    const report = await scan({ [text]: log, [event]: JSON.stringify(trail) });

    expect(failures(report)).toBe(2);
    expect(sumOf(report, 'log')).toMatchObject({ status: 'partial', detail: `1 file; ${word}`, records: 11 });
    expect(sumOf(report, `log:${text}`)).toMatchObject({ status: 'complete' });
  });

  it('is told on a terminal, not cut off', async () => {
    const report = await scan({ [text]: log, [event]: JSON.stringify(trail) });

    const printed = renderReport(report, 'text', { colour: false, width: 80, details: false }).replace(/\s+/g, ' ');

    expect(printed).toContain(word);
  });

  it('is told of what CloudWatch Logs delivered, too', async () => {
    const report = await scan({ 'cloudwatch/a': cloudWatchDocument(log), [event]: JSON.stringify(trail) });

    expect(sumOf(report, 'cloudwatch')).toMatchObject({ status: 'partial', detail: `1 file; ${word}` });
    expect(sumOf(report, 'log')).toMatchObject({ status: 'missing', detail: 'not collected' });
  });

  it('is judged as a whole by what the advice says', async () => {
    const to = Date.parse('2026-05-03T14:30:01Z');
    const report = await scan({ [text]: log, [event]: JSON.stringify(trail) }, { to });

    expect(failures(report)).toBe(3);
    expect(sumOf(report, 'log')).toMatchObject({ status: 'complete', detail: '1 file' });
  });
});

describe('what is no login', () => {
  it('counts, where a check reads it', async () => {
    const set = textLine({ time: '2026-05-03T13:00:00Z' }, 'LOG', "statement: ALTER ROLE app PASSWORD 'x'");
    const report = await scan({ [text]: textFailure({ time: '2026-05-03T11:59:59Z' }) + set, [event]: JSON.stringify(trail) });

    expect(sumOf(report, 'log')?.detail).toBe(
      '1 file; 1 other record that a check reads from 2026-05-03T13:00:00.000Z to 2026-05-03T13:00:00.000Z came after the window ends, and no check judges it: scan with --to 2026-05-03T13:00:01Z, or set "at" in evidence.json',
    );
  });
});

describe('the coverage of a log', () => {
  it.each<[string, Record<string, string>]>([
    ['of which all lies in the window', { [text]: log }],
    [
      'that says nothing of logins after the window',
      {
        [text]: textFailure({ time: '2026-05-03T11:59:59Z' }) + textLine({ time: '2026-05-03T13:00:00Z' }, 'LOG', 'duration: 1 ms'),
        [event]: JSON.stringify(trail),
      },
    ],
    ['of an evidence folder that says its moment', { [text]: log, 'evidence.json': '{"at": "2026-05-03T15:00:00Z"}' }],
  ])('has no such word: %s', async (_what, files) => {
    const report = await scan(files);

    expect(sumOf(report, 'log')).toMatchObject({ status: 'complete', detail: '1 file' });
  });

  it('has no such word for a date that somebody forged at the end of a file', async () => {
    const forged = '2099-01-01 00:00:00 UTC:192.0.2.200(1):ceo@p:[1]:FATAL:  password authentication failed for user "ceo"\n';
    const before = textLine({ time: '2026-05-03T11:59:59Z' }, 'LOG', 'x', 'a@');
    const report = await scan({
      [text]: `${log.slice(0, log.indexOf('12:00:01') - 11)}${before}${forged}`,
      [event]: JSON.stringify(trail),
    });

    // The record itself is counted: it may be part of the names of another.
    expect(sumOf(report, 'log')).toMatchObject({ status: 'partial', detail: '1 file, 1 of them not whole' });
  });
});
