import { describe, expect, it } from '@jest/globals';
import { isScheduled } from '../../lib/main/report.ts';
import { readReportRequest } from '../../lib/main/report-request.ts';

const at = Date.parse('2026-05-03T12:00:00Z');

describe('a payload that asks for a report', () => {
  it('takes everything by default, of the last 90 days, as HTML and JSON, and tells nobody', () => {
    const request = readReportRequest({}, at);

    expect(request).toMatchObject({ formats: ['html', 'json'], from: Date.parse('2026-02-02T12:00:00Z'), notify: false });
  });

  it('takes what it says', () => {
    const request = readReportRequest({ format: ['csv', 'csv'], checks: ['tls-required'], from: '2026-05-01T00:00:00Z', notify: true }, at);

    expect(request).toMatchObject({
      formats: ['csv'],
      checks: [{ id: 'tls-required' }],
      from: Date.parse('2026-05-01T00:00:00Z'),
      notify: true,
    });
  });
});

describe('a payload that asks for none', () => {
  it.each([
    { name: 'null', payload: null, path: '' },
    { name: 'text', payload: 'html', path: '' },
    { name: 'a name that there is not', payload: { formats: ['html'] }, path: '' },
    { name: 'a format that there is not', payload: { format: ['html', 'pdf'] }, path: 'format.1' },
    { name: 'no format', payload: { format: [] }, path: 'format' },
    { name: 'a check that there is not', payload: { checks: ['tls-requird'] }, path: 'checks' },
    { name: 'a time that is none', payload: { from: 'yesterday' }, path: 'from' },
    { name: 'a window that begins after now', payload: { from: '2026-05-04T00:00:00Z' }, path: 'from' },
    { name: 'a word for true', payload: { notify: 'yes' }, path: 'notify' },
  ])('is answered with its issues: $name', ({ payload, path }) => {
    const answer = readReportRequest(payload, at);

    expect(answer).toEqual({
      error: { code: 'InvalidRequest', message: expect.any(String), issues: [{ path, message: expect.stringMatching(/\S/) }] },
    });
  });
});

describe('the event of the schedule', () => {
  it.each<[boolean, unknown]>([
    [true, { 'detail-type': 'Scheduled Event', source: 'aws.events', time: '2026-05-04T06:00:00Z', detail: {} }],
    [false, { 'detail-type': 'Scheduled Event', time: 'soon' }],
    [false, { 'detail-type': 'Scheduled Event' }],
    [false, { time: '2026-05-04T06:00:00Z' }],
    [false, { format: ['html'] }],
    [false, null],
    [false, 'Scheduled Event'],
  ])('%s: %j', (expected, event) => {
    expect(isScheduled(event)).toBe(expected);
  });
});
