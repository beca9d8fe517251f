import { expect, it } from '@jest/globals';
import { createMemoryStore } from '../../lib/adapters/local/finding-store.ts';
import { latestReport, withReportLink } from '../../lib/main/report-link.ts';

const place = { region: 'eu-central-1', bucket: 'reports-of-ours' };
const told = { links: { event: 'https://example.com/event' } };

it('leads to the latest report, beside the links that there are', async () => {
  const store = createMemoryStore();
  await store.moveWatermark(latestReport, 'reports/2026-05-04T06-00-07.000Z/report.html');
  await store.moveWatermark(latestReport, 'reports/2026-05-03T06-00-07.000Z/report.html');

  expect(await withReportLink(told, store, place)).toEqual({
    links: {
      event: 'https://example.com/event',
      report:
        'https://eu-central-1.console.aws.amazon.com/s3/object/reports-of-ours?region=eu-central-1&prefix=reports%2F2026-05-04T06-00-07.000Z%2Freport.html',
    },
  });
});

it('leads nowhere where there is no report, no console that is known, or no answer', async () => {
  const store = createMemoryStore();
  const silent = { watermark: () => Promise.reject(new Error('throttled')) };

  expect(await withReportLink(told, store, place)).toBe(told);
  expect(await withReportLink(told, silent, place)).toBe(told);
  await store.moveWatermark(latestReport, 'reports/x/report.html');
  expect(await withReportLink(told, store, { ...place, region: 'evil.example/' })).toBe(told);
});
