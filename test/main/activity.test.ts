import { describe, expect, it } from '@jest/globals';
import { readActivityMessage } from '../../lib/main/activity.ts';
import { UnreadableMessageError } from '../../lib/main/lambda.ts';
import { apiCallMerge } from '../../lib/main/query-text.ts';

describe('readActivityMessage', () => {
  it('reads when the schedule wanted a run', () => {
    const message = { source: 'aws.events', 'detail-type': 'Scheduled Event', time: '2026-05-03T12:00:00Z', detail: {} };

    expect(readActivityMessage(JSON.stringify(message))).toEqual({ due: Date.parse('2026-05-03T12:00:00Z') });
  });

  it('reads which execution has ended', () => {
    const message = {
      source: 'aws.athena',
      'detail-type': 'Athena Query State Change',
      detail: { queryExecutionId: 'one', currentState: 'SUCCEEDED', workgroupName: 'aurora-watch-prod' },
    };

    expect(readActivityMessage(JSON.stringify(message))).toEqual({ execution: 'one' });
  });

  it.each([
    'no JSON',
    'null',
    '[]',
    '{}',
    '{"detail-type":"Scheduled Event"}',
    '{"detail-type":"Scheduled Event","time":"soon"}',
    '{"source":"aws.athena","detail":null}',
    '{"source":"aws.athena","detail":{"queryExecutionId":7}}',
  ])('throws for %s', (body) => {
    expect(() => readActivityMessage(body)).toThrow(UnreadableMessageError);
  });
});

describe('apiCallMerge', () => {
  it('reads the days of the window, and compares with those around it', async () => {
    const text = await apiCallMerge({ from: Date.parse('2026-05-03T06:00:00Z'), to: Date.parse('2026-05-03T12:00:00Z') });

    expect(text).toContain("WHERE day BETWEEN '2026/05/03' AND '2026/05/03'");
    expect(text).toContain("known.day BETWEEN '2026/04/26' AND '2026/05/04'");
    expect(text).not.toContain('?');
  });
});
