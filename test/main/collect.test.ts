import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordAnswers } from '../../lib/adapters/local/answers.ts';
import { type Answer, known, unknown } from '../../lib/domain/answer.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import type { Report } from '../../lib/domain/report.ts';
import { answerErrorCause } from '../../lib/intake/answer-error.ts';
import { listCalls } from '../../lib/main/collect.ts';
import { scanFolder, scanSource } from '../../lib/main/laptop.ts';
import type { Ask } from '../../lib/ports/ask.ts';
import { write } from '../cli/run.ts';
import { account, at, fine, region } from '../evidence/answers.ts';

const refusals: Readonly<Record<string, { name: string; message: string }>> = {
  'rds describe-db-snapshots': { name: 'AccessDenied', message: 'not authorized: even with a colon' },
  'iam get-account-summary': { name: 'Throttling', message: 'Rate exceeded' },
};

/** An account that answers what the fine region answers, refuses two calls, and knows nothing else. */
const live: Ask = async (question): Promise<Answer<unknown>> => {
  const name = `${question.service} ${question.command}${question.key === null ? '' : ` ${question.key}`}`;
  const error = refusals[name];
  if (error) return unknown(answerErrorCause(question, error));
  return Object.hasOwn(fine, name) ? known(fine[name]) : unknown(answerErrorCause(question, { name: 'ResourceNotFound', message: name }));
};

let folder: string;
let asked: Report;
const options = { choice: {}, configuration: defaultConfiguration, warn: () => undefined };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-watch-collect-'));
  const source = {
    name: 'account',
    regions: [region],
    account,
    partition: 'aws',
    at,
    logged: join(folder, 'nothing'),
    foreign: async () => [],
    databaseRoles: new Map(),
  };
  ({ report: asked } = await scanSource({ ...source, ask: recordAnswers(folder, live) }, options));
  write(folder, { 'evidence.json': { account, at: new Date(at).toISOString() } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a collected folder', () => {
  it('gives byte for byte the verdicts, findings and coverage of the account', async () => {
    const { report } = await scanFolder(folder, options);

    expect(report.verdicts.filter(({ verdict }) => verdict === 'unknown').length).toBeGreaterThan(0);
    expect(JSON.stringify(report)).toBe(JSON.stringify(asked));
  });

  it('holds answers and refusals under the names of the commands', async () => {
    const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(folder, 'inventory', path), 'utf8'));

    expect(await read(`${region}/rds/describe-db-clusters.json`)).toEqual(fine['rds describe-db-clusters']);
    expect(await read(`${region}/rds/describe-db-snapshots.error.json`)).toEqual(refusals['rds describe-db-snapshots']);
  });

  it('keeps no refusal beside a later answer', async () => {
    const question = { region, service: 'rds', command: 'describe-db-snapshots', key: null };
    await recordAnswers(folder, async () => known({ DBSnapshots: [] }))(question);

    await expect(readFile(join(folder, 'inventory', region, 'rds', 'describe-db-snapshots.error.json'))).rejects.toThrow('ENOENT');
  });
});

describe('a dry run', () => {
  it('lists the calls of the checks chosen, and makes none', () => {
    expect(listCalls({ choice: { check: ['security-hub-enabled'] }, regions: ['eu-central-1', 'eu-west-1'] })).toBe(
      [
        'aws sts get-caller-identity',
        'aws rds describe-db-clusters --region eu-central-1',
        'aws rds describe-db-clusters --region eu-west-1',
        'aws rds describe-db-instances --region eu-central-1',
        'aws rds describe-db-instances --region eu-west-1',
        'aws securityhub describe-hub --region eu-central-1',
        'aws securityhub describe-hub --region eu-west-1',
        '',
      ].join('\n'),
    );
  });
});
