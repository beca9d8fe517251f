import { proxySecretsRotated } from '../../../lib/checks/posture/proxy-secrets-rotated.ts';
import { denied, secretArn } from '../../evidence/answers.ts';
import { proxy } from './given.ts';
import { testPosture } from './table.ts';

const question = `secretsmanager describe-secret ${secretArn}`;
const other = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:app-XyZ123';
const two = proxy({
  Auth: [
    { SecretArn: secretArn, IAMAuth: 'REQUIRED' },
    { SecretArn: other, IAMAuth: 'REQUIRED' },
  ],
});
const stale = { ARN: other, RotationEnabled: false, CreatedDate: '2024-01-01T00:00:00Z' };

testPosture(proxySecretsRotated, {
  passes: [
    { name: 'on schedule', answers: proxy(), says: 'Proxy front in front of orders uses 1 secret, rotated on schedule.' },
    {
      name: 'one secret in two entries counts once',
      answers: proxy({ Auth: [{ SecretArn: secretArn }, { SecretArn: secretArn }] }),
      says: /uses 1 secret,/,
    },
  ],
  fails: [
    {
      name: 'one of two is not rotated',
      answers: { ...two, [`secretsmanager describe-secret ${other}`]: stale },
      says: `Proxy front in front of orders uses secrets that are not rotated on schedule: ${other} is not rotated.`,
      evidence: { secrets: [{ secret: other }], inFrontOf: ['orders'] },
      command: `aws secretsmanager rotate-secret --region eu-central-1 --secret-id ${other} --rotation-rules AutomaticallyAfterDays=30`,
      note: /--rotation-lambda-arn/,
    },
    {
      name: 'one is not rotated, the other denied',
      answers: { ...two, [`secretsmanager describe-secret ${other}`]: stale, [question]: denied },
    },
    {
      name: 'overdue: its own period is kept',
      answers: {
        ...proxy(),
        [question]: { RotationEnabled: true, RotationRules: { AutomaticallyAfterDays: 14 }, NextRotationDate: '2026-04-20T00:00:00Z' },
      },
      says: /was due for rotation on 2026-04-20/,
      command: `aws secretsmanager rotate-secret --region eu-central-1 --secret-id '${secretArn}' --rotation-rules AutomaticallyAfterDays=14`,
    },
    {
      name: 'overdue by a schedule: it is left as it is',
      answers: {
        ...proxy(),
        [question]: {
          RotationEnabled: true,
          RotationRules: { ScheduleExpression: 'rate(10 days)' },
          NextRotationDate: '2026-04-20T00:00:00Z',
        },
      },
      command: `aws secretsmanager rotate-secret --region eu-central-1 --secret-id '${secretArn}'`,
    },
    {
      name: 'about to be deleted',
      answers: { ...proxy(), [question]: { RotationEnabled: true, DeletedDate: '2026-05-01T00:00:00Z' } },
      says: /is scheduled for deletion/,
      command: `aws secretsmanager restore-secret --region eu-central-1 --secret-id '${secretArn}'`,
    },
  ],
  notApplicable: [
    {
      name: 'no secret at all',
      answers: proxy({ DefaultAuthScheme: 'IAM_AUTH', Auth: [] }),
      says: 'Proxy front in front of orders uses no secret.',
    },
    { name: 'from end to end through IAM, no word on entries', answers: proxy({ DefaultAuthScheme: 'IAM_AUTH', Auth: undefined }) },
  ],
  unknown: [
    { name: 'denied', answers: { ...proxy(), [question]: denied }, says: /^access denied to secretsmanager describe-secret/ },
    { name: 'not collected', answers: two, says: /^not collected/ },
    { name: 'the entries are not told', answers: proxy({ Auth: undefined }), says: /lacks Auth/ },
    { name: 'nothing tells when it is due', answers: { ...proxy(), [question]: { RotationEnabled: true } }, says: /^Nothing tells when/ },
  ],
});
