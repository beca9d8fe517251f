import { describe, expect, it } from '@jest/globals';
import { LogMessageError, readLogMessage } from '../../lib/intake/log-message.ts';

/** As S3 writes it, shortened. */
const notification = (key: string, bucket = 'logs') =>
  JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'eu-central-1',
        eventName: 'ObjectCreated:Put',
        s3: { s3SchemaVersion: '1.0', bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` }, object: { key, size: 1024 } },
      },
    ],
  });

describe('a message that names objects of the stream', () => {
  it.each([
    ['a notification', notification('cloudwatch/2026/05/03/10/a.gz'), { keys: ['cloudwatch/2026/05/03/10/a.gz'] }],
    [
      'a notification of a key that forms would write otherwise',
      notification('cloudwatch/a+b%2Bc%C3%BC.gz'),
      { keys: ['cloudwatch/a b+c\u00fc.gz'] },
    ],
    ['the word that notifications are set up', '{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"logs"}', { keys: [] }],
    ['what history sends', '{"keys":["cloudwatch/2026/05/03/10/a.gz"]}', { keys: ['cloudwatch/2026/05/03/10/a.gz'] }],
    ['a request for history', '{"reparse":{"from":"2026/05/01","to":"2026/05/31"}}', { reparse: { from: '2026/05/01', to: '2026/05/31' } }],
    [
      'a request that goes on',
      '{"reparse":{"from":"2026/05/01","to":"2026/05/31","after":"cloudwatch/x"}}',
      { reparse: { from: '2026/05/01', to: '2026/05/31', after: 'cloudwatch/x' } },
    ],
  ])('is read: %s', (_, body, message) => {
    expect(readLogMessage(body, 'logs')).toEqual(message);
  });

  it.each([
    ['no JSON', 'x'],
    ['null', 'null'],
    ['an array', '[]'],
    ['another bucket', notification('cloudwatch/a.gz', 'others')],
    ['a key that is cut', notification('cloudwatch/%E0%A4.gz')],
    ['records of another kind', '{"Records":[{"eventSource":"aws:sqs"}]}'],
    ['days in another form', '{"reparse":{"from":"2026-05-01","to":"2026-05-31"}}'],
    ['a request without an end', '{"reparse":{"from":"2026/05/01"}}'],
  ])('is refused: %s', (_, body) => {
    expect(() => readLogMessage(body, 'logs')).toThrow(LogMessageError);
  });
});
