import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod/mini';
import { checks } from '../../lib/checks/registry.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';
import { alertSchema } from '../../lib/intake/report.ts';
import { judgeChangeBy } from '../../lib/main/judge-change.ts';
import { renderAlertEmail } from '../../lib/render/alert/email.ts';
import { topicMessage } from '../../lib/render/alert/message.ts';
import { renderAlertSlack } from '../../lib/render/alert/slack.ts';
import { renderAlertText } from '../../lib/render/alert/text.ts';
import { recordOf, root } from '../checks/change/table.ts';
import { at, evidenceOf, fine } from '../evidence/answers.ts';
import { growth } from '../growth.ts';

const watched = checks.flatMap((check) =>
  check.kind === 'change' ? check.events.flatMap(({ source, names }) => names.map((name) => ({ source, name }))) : [],
);

/** Fields that the checks read, whatever the call. */
const fields = [
  'dBClusterIdentifier',
  'dBInstanceIdentifier',
  'dBClusterParameterGroupName',
  'dBParameterGroupName',
  'parameters',
  'resetAllParameters',
  'masterUserPassword',
  'vpcSecurityGroupIds',
  'cloudwatchLogsExportConfiguration',
  'enableIAMDatabaseAuthentication',
  'publiclyAccessible',
  'deletionProtection',
  'backupRetentionPeriod',
  'engine',
  'engineVersion',
  'pendingModifiedValues',
  'valuesToAdd',
  'attributeName',
  'dBClusterSnapshotIdentifier',
  'sourceDBClusterSnapshotIdentifier',
  'sourceArn',
  'groupId',
  'ipPermissions',
  'cidrIp',
  'policyDocument',
  'policyArn',
  'roleName',
  'name',
  'logGroupName',
  'eventSelectors',
  'advancedEventSelectors',
  'bucketName',
  'type',
  'resource',
  'service',
  '__proto__',
  'constructor',
];
const text = fc.oneof(
  fc.constantFrom(
    '',
    'orders',
    'orders-1',
    'orders-pg16',
    'sg-orders',
    'all',
    '0',
    'restore',
    'arn:',
    'arn:aws:rds:::cluster:',
    '/aws/rds/',
    '\u0000',
    '\ud800',
    '0.0.0.0/0',
    'aurora-watch-',
  ),
  fc.string({ unit: 'binary' }),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, 0, -1, 1e308, Number.MAX_SAFE_INTEGER),
    text,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('words'),
  ),
  words: fc.dictionary(
    fc.oneof(
      fc.constantFrom(
        ...fields,
        'parameterName',
        'parameterValue',
        'items',
        'member',
        'Statement',
        'Effect',
        'Action',
        'Resource',
        'Principal',
      ),
      fc.string(),
    ),
    tie('value'),
    { maxKeys: 4 },
  ),
}));
const request = fc.oneof(fc.constant(null), fc.dictionary(fc.constantFrom(...fields), value.value, { maxKeys: 8 }));

describe('records from outside', () => {
  it('never stop a check, and give alerts of the shape that goes out', () => {
    const judge = judgeChangeBy(checks, '');
    const evidences = [evidenceOf({}), evidenceOf(fine)];

    fc.assert(
      fc.property(
        fc.constantFrom(...watched),
        request,
        request,
        fc.boolean(),
        fc.nat(1),
        fc.constantFrom(at, Number.NaN, 0),
        (call, asked, answered, byRoot, which, moment) => {
          const event = readCloudTrailRecord(
            recordOf({ ...call, request: asked, response: answered, record: byRoot ? { userIdentity: root } : {} }),
          );
          const evidence = evidences[which];
          if (event === null || evidence === undefined) throw new TypeError('There is an event, and evidence.');

          const alerts = judge(event, evidence, { configuration: defaultConfiguration, at: moment });

          for (const alert of alerts) {
            expect(z.safeParse(alertSchema, alert).success).toBe(true);
            expect(JSON.parse(JSON.stringify(alert))).toEqual(alert);
          }
          const shown = [renderAlertText(alerts), renderAlertEmail(alerts), renderAlertSlack(alerts)].join('');
          expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\ud800-\udfff\u202e]/u);
          for (const alert of alerts) expect(Buffer.byteLength(topicMessage(alert).message)).toBeLessThanOrEqual(256 * 1024);
        },
      ),
      { numRuns: 3000, seed: 20260503 },
    );
  });

  it('take time in proportion to their length', () => {
    const judge = judgeChangeBy(checks, '');
    const judgeAll = (length: number): void => {
      const long = 'a:/-.'.repeat(length);
      for (const { source, name } of watched) judgeOne(source, name, long);
    };
    const judgeOne = (source: string, name: string, long: string): void => {
      const asked = Object.fromEntries(fields.map((field) => [field, long]));
      const event = readCloudTrailRecord(
        recordOf({
          source,
          name,
          request: asked,
          response: asked,
          record: { userAgent: long, sourceIPAddress: long, userIdentity: { type: long, arn: long } },
        }),
      );
      if (event) judge(event, evidenceOf({}), { configuration: defaultConfiguration, at });
    };

    // Both lengths beyond that from which on the engine takes several times as long for each character.
    expect(growth(judgeAll, 40_000)).toBeLessThan(24);
  }, 60_000);
});
