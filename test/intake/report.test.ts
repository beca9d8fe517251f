import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../lib/domain/errors.ts';
import type { Report } from '../../lib/domain/report.ts';
import { readReport } from '../../lib/intake/report.ts';
import { renderJson } from '../../lib/render/json.ts';
import { comparedReport, exampleReport } from '../render/example-report.ts';

const plain = JSON.parse(renderJson(exampleReport)) as Record<string, unknown>;

function reading(content: string): () => Report {
  return () => readReport(content, 'old/report.json');
}

describe('readReport', () => {
  it.each([
    ['a report', exampleReport],
    ['a report with a comparison', comparedReport],
    [
      'a report of evidence that tells nothing',
      { ...exampleReport, account: null, at: null, window: null, regions: [], verdicts: [], findings: [], changes: [], accesses: [] },
    ],
  ])('gives back %s', (_, report) => {
    expect(readReport(renderJson(report), 'report.json')).toEqual(report);
  });

  it('accepts a byte-order mark and CR LF', () => {
    const saved = `\ufeff${renderJson(exampleReport).replaceAll('\n', '\r\n')}`;

    expect(readReport(saved, 'report.json')).toEqual(exampleReport);
  });

  it('reads a report of a later release, which may say more', () => {
    const later = { ...plain, mood: 'good' };

    expect(readReport(JSON.stringify(later), 'report.json')).toEqual(exampleReport);
  });

  it.each([
    ['no JSON', '{"schemaVersion": "1", ', 'old/report.json is not JSON, so it is no report.'],
    ['nothing', '', 'old/report.json is not JSON, so it is no report.'],
    ['a list', '[]', 'old/report.json is not a report: it has no schemaVersion.'],
    ['null', 'null', 'old/report.json is not a report: it has no schemaVersion.'],
    ['another version', JSON.stringify({ ...plain, schemaVersion: '2' }), 'old/report.json is a report of version "2"; '],
    ['no findings', JSON.stringify({ ...plain, findings: undefined }), 'old/report.json is not a report: findings must be an array.'],
    [
      'an unknown severity',
      JSON.stringify({ ...plain, findings: [{ ...exampleReport.findings[0], severity: 'dreadful' }] }),
      'old/report.json is not a report: findings[0].severity must be one of critical, high, medium, low, info.',
    ],
    [
      'a number in place of a name',
      JSON.stringify({ ...plain, verdicts: [{ ...exampleReport.verdicts[0], reason: 7 }] }),
      'old/report.json is not a report: verdicts[0].reason must be a string.',
    ],
  ])('complains of %s in a sentence', (_, content, sentence) => {
    expect(reading(content)).toThrow(UsageError);
    expect(reading(content)).toThrow(sentence);
  });
});
