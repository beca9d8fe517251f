import { BatchImportFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { beforeEach, expect, it, jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createImportFindings } from '../../../lib/adapters/aws/security-hub.ts';

const client = mockClient(SecurityHubClient);
const importFindings = createImportFindings(
  { credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }), endpoint: undefined, region: undefined },
  { region: 'eu-central-1' },
);
const findings = Array.from({ length: 250 }, (_, index) => ({ fingerprint: `f${index}`, body: { Id: `aurora-watch/f${index}` } }));

beforeEach(() => {
  client.reset();
});

it('sends a hundred a call', async () => {
  client.on(BatchImportFindingsCommand).resolves({ FailedCount: 0 });

  const refused = await importFindings(findings);

  expect(refused.size).toBe(0);
  expect(client.commandCalls(BatchImportFindingsCommand).map(({ args }) => args[0].input.Findings?.length)).toEqual([100, 100, 50]);
});

it('sends no call that is too large', async () => {
  client.on(BatchImportFindingsCommand).resolves({});
  const large = findings.slice(0, 60).map((one) => ({ ...one, body: { ...one.body, Description: 'x'.repeat(200_000) } }));

  await importFindings(large);

  expect(client.commandCalls(BatchImportFindingsCommand).map(({ args }) => args[0].input.Findings?.length)).toEqual([24, 24, 12]);
});

it('says what was refused and why, and tries again what was throttled', async () => {
  jest.useFakeTimers({ advanceTimers: true });
  const failed = (Id: string, ErrorCode: string) => ({ Id: `aurora-watch/${Id}`, ErrorCode, ErrorMessage: 'no' });
  client
    .on(BatchImportFindingsCommand)
    .resolvesOnce({ FailedCount: 2, FailedFindings: [failed('f1', 'InvalidInput'), failed('f2', 'ThrottlingException')] })
    .resolves({ FailedCount: 0 });

  const refused = await importFindings(findings.slice(0, 5));

  expect([...refused]).toEqual([['f1', 'InvalidInput: no']]);
  expect(client.commandCalls(BatchImportFindingsCommand).map(({ args }) => args[0].input.Findings?.map(({ Id }) => Id))).toEqual([
    findings.slice(0, 5).map(({ body }) => body.Id),
    ['aurora-watch/f2'],
  ]);
  jest.useRealTimers();
}, 20_000);

it('takes a call that failed for a refusal of all that was in it, and goes on', async () => {
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  client.on(BatchImportFindingsCommand).rejectsOnce(denied).resolves({});

  const refused = await importFindings(findings.slice(0, 150));

  expect(refused.size).toBe(100);
  expect(refused.get('f99')).toBe('AccessDeniedException: no');
  expect(refused.get('f100')).toBeUndefined();
});
