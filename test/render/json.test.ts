import { describe, expect, it } from '@jest/globals';
import { renderJson } from '../../lib/render/json.ts';
import { comparedReport } from './example-report.ts';
import { nastyStrings, poison } from './nasty.ts';

describe('renderJson', () => {
  it('gives the report back', () => {
    expect(JSON.parse(renderJson(comparedReport))).toEqual(comparedReport);
  });

  it.each(Object.entries(nastyStrings))('keeps %s as it was', (_, text) => {
    const report = poison(comparedReport, text);

    const json = renderJson(report);

    expect(JSON.parse(json)).toEqual(report);
    expect(Buffer.from(json, 'utf8').toString('utf8')).toBe(json);
  });
});
