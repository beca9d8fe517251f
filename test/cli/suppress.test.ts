import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { runCommandLine } from '../../lib/cli/index.ts';
import type { KnownFinding } from '../../lib/ports/finding-store.ts';

const fingerprint = `3f2a9c01${'0'.repeat(24)}`;
const caller = 'arn:aws:sts::111122223333:assumed-role/dba-oncall/jane';
const resource = {
  arn: 'arn:aws:rds:eu-central-1:111122223333:cluster:orders',
  type: 'cluster',
  name: 'orders\u001b[31m',
  region: 'eu-central-1',
} as const;
const known: KnownFinding = {
  fingerprint,
  check: 'tls-required',
  resource,
  state: 'open',
  knownAt: 1,
  severity: 'high',
  finding: {
    fingerprint,
    check: 'tls-required',
    severity: 'high',
    title: 'Cluster requires TLS',
    resource,
    reason: 'orders accepts plaintext.',
    firstSeen: '2026-05-03T12:00:00Z',
    lastSeen: '2026-05-03T12:00:00Z',
    count: 1,
    evidence: {},
    remediation: null,
    state: 'open',
  },
  openedAt: 1,
  openedBy: 'an alert',
  alerts: ['an alert'],
  blind: null,
  suppression: null,
  revision: 7,
};
const item = (one: KnownFinding) => ({ pk: { S: `finding#${one.fingerprint}` }, sk: { S: 'finding' }, body: { S: JSON.stringify(one) } });

const sts = mockClient(STSClient);
const table = mockClient(DynamoDBClient);
let out = '';
let err = '';

beforeEach(() => {
  out = '';
  err = '';
  sts.reset();
  table.reset();
  sts.on(GetCallerIdentityCommand).resolves({ Account: '111122223333', Arn: caller });
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  jest.spyOn(console, 'error').mockImplementation((text) => {
    err += `${String(text)}\n`;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** The table of `stage` answers with what it holds. */
function holding(stage: string, ...findings: readonly KnownFinding[]): void {
  const name = `aurora-watch-${stage}-findings`;
  table.on(BatchGetItemCommand).callsFake(({ RequestItems }) => {
    const asked = new Set((RequestItems?.[name]?.Keys ?? []).map((key: { pk: { S: string } }) => key.pk.S));
    return { Responses: { [name]: findings.map(item).filter(({ pk }) => asked.has(pk.S)) } };
  });
  table.on(QueryCommand, { TableName: name, IndexName: 'waiting' }).resolves({ Items: findings.map(item) });
  table.on(PutItemCommand).resolves({});
}

/** What was written, with the condition that it was written on. */
function written() {
  return table.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => {
    const { suppression, state, revision } = JSON.parse(input.Item?.body?.S ?? '{}') as KnownFinding;
    return { table: input.TableName, suppression, state, revision, before: input.ExpressionAttributeValues?.[':before']?.N };
  });
}

const at = ['--region', 'eu-central-1'];

describe('suppress', () => {
  it('writes who did it, why and until when, on the condition that nobody wrote in between', async () => {
    holding('prod', known);

    const status = await runCommandLine(['suppress', '3F2A9C01', '--until', '2999-12-31', '--reason', ' no client with TLS ', ...at]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(written()).toEqual([
      {
        table: 'aurora-watch-prod-findings',
        suppression: { by: caller, reason: 'no client with TLS', until: '2999-12-31' },
        state: 'suppressed',
        revision: 8,
        before: '7',
      },
    ]);
    expect(out).toBe(`${fingerprint} is suppressed until the end of 2999-12-31 (UTC): tls-required on orders\\x1b[31m, by ${caller}.\n`);
  });

  it('reads again where somebody was faster', async () => {
    holding('test', known);
    table
      .on(PutItemCommand)
      .rejectsOnce(new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} }))
      .resolves({});

    const status = await runCommandLine(['suppress', fingerprint, '--until', '2999-12-31', '--reason', 'x', '--stage', 'test', ...at]);

    expect(status).toBe(0);
    expect(table.commandCalls(BatchGetItemCommand)).toHaveLength(2);
    expect(written()).toHaveLength(2);
  });

  it('lists what is suppressed, with who did it', async () => {
    const note = { by: caller, reason: 'until\nQ3', until: '2999-12-31' };
    holding('prod', known, { ...known, state: 'suppressed', suppression: note });

    const status = await runCommandLine(['suppress', '--list', ...at]);

    expect(status).toBe(0);
    expect(out).toBe(`${fingerprint}  tls-required on orders\\x1b[31m, until the end of 2999-12-31\n    ${caller}: until\\nQ3\n`);
  });

  it('says so where nothing is', async () => {
    holding('prod', known);

    await runCommandLine(['suppress', '--list', ...at]);

    expect(out).toBe('Nothing is suppressed.\n');
  });

  it('takes a suppression back', async () => {
    holding('prod', { ...known, state: 'suppressed', suppression: { by: caller, reason: 'x', until: '2999-12-31' } });

    const status = await runCommandLine(['suppress', fingerprint, '--remove', ...at]);

    expect(status).toBe(0);
    expect(written()).toMatchObject([{ suppression: null, revision: 8 }]);
  });
});

describe('what it refuses, with nothing written', () => {
  it.each<[name: string, args: readonly string[], sentence: RegExp]>([
    ['an unknown finding', ['f'.repeat(32), '--until', '2999-12-31', '--reason', 'x'], /knows no finding with the fingerprint f{32}\./],
    ['a date in the past', [fingerprint, '--until', '2026-01-01', '--reason', 'x'], /--until 2026-01-01 is in the past\./],
    ['no reason', [fingerprint, '--until', '2999-12-31'], /--until DATE and --reason TEXT/],
    ['an empty reason', [fingerprint, '--until', '2999-12-31', '--reason', ' '], /--reason must say why\./],
    ['no date', [fingerprint, '--reason', 'x'], /--until DATE and --reason TEXT/],
    ['no finding', ['--until', '2999-12-31', '--reason', 'x'], /takes the FINGERPRINT of a finding/],
    ['what is no fingerprint', ['orders', '--until', '2999-12-31', '--reason', 'x'], /32 hexadecimal digits/],
    ['a finding to list', [fingerprint, '--list'], /--list lists/],
    ['a date to remove', [fingerprint, '--remove', '--until', '2999-12-31'], /--remove takes neither/],
    ['to take back what is not suppressed', [fingerprint, '--remove'], /Nobody suppressed the finding/],
  ])('%s', async (_, args, sentence) => {
    holding('prod', known);

    const status = await runCommandLine(['suppress', ...args, ...at]);

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(sentence);
    expect(written()).toEqual([]);
  });

  it.each(['2999-02-29', '2999-13-01', 'tomorrow', '2999-12-31T00:00:00Z'])('%s as a date', async (until) => {
    holding('prod', known);
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);

    expect(await runCommandLine(['suppress', fingerprint, '--until', until, '--reason', 'x', ...at])).toBe(2);
    expect(written()).toEqual([]);
  });

  it('a stage that is not deployed there', async () => {
    table.on(BatchGetItemCommand).rejects(new ResourceNotFoundException({ message: 'Requested resource not found', $metadata: {} }));

    const status = await runCommandLine(['suppress', fingerprint, '--until', '2999-12-31', '--reason', 'x', '--stage', 'beta', ...at]);

    expect(status).toBe(2);
    expect(err).toMatch(/There is no monitor of stage "beta" in eu-central-1 of account 111122223333/);
  });
});
