import { expect, it } from '@jest/globals';
import { failedObjectOf, logObjectOf } from '../../lib/domain/log-object.ts';

it('names the rows of an object after its key', () => {
  expect(logObjectOf('cloudwatch/2026/05/03/23/aurora-watch-prod-logs-1-2026-05-03-23-05-12-0a1b.json.gz')).toEqual({
    key: 'cloudwatch/2026/05/03/23/aurora-watch-prod-logs-1-2026-05-03-23-05-12-0a1b.json.gz',
    day: '2026/05/03',
    name: '2026-05-03-23-aurora-watch-prod-logs-1-2026-05-03-23-05-12-0a1b.json.gz',
  });
});

it.each([
  '',
  'cloudwatch/',
  'cloudwatch/a.gz',
  'errors/2026/05/03/23/a.gz',
  'cloudwatch/2026/05/03/23/a/b.gz',
  'cloudwatch/2026/05/03/23/a',
  'x/cloudwatch/2026/05/03/23/a.gz',
])('knows no object by the key %j', (key) => {
  expect(logObjectOf(key)).toBeNull();
});

it('knows what the stream could not read, by a name of its own', () => {
  const key = 'errors/processing-failed/2026/05/03/23/aurora-watch-prod-logs-1-2026-05-03-23-05-12-0a1b';

  expect(failedObjectOf(key)).toEqual({
    key,
    day: '2026/05/03',
    name: 'errors-2026-05-03-23-aurora-watch-prod-logs-1-2026-05-03-23-05-12-0a1b.gz',
  });
});

it.each(['', 'errors/2026/05/03/23/a.gz', 'errors/x/2026/05/03/23/a/b', 'cloudwatch/2026/05/03/23/a.gz'])(
  'knows nothing that the stream could not read by the key %j',
  (key) => {
    expect(failedObjectOf(key)).toBeNull();
  },
);
