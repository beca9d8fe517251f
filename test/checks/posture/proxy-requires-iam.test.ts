import { proxyRequiresIam } from '../../../lib/checks/posture/proxy-requires-iam.ts';
import { secretArn } from '../../evidence/answers.ts';
import { proxy } from './given.ts';
import { testPosture } from './table.ts';

const entry = (IAMAuth: string | undefined) => ({ AuthScheme: 'SECRETS', SecretArn: secretArn, IAMAuth });

testPosture(proxyRequiresIam, {
  passes: [
    { name: 'every entry requires it', answers: proxy(), says: 'Proxy front in front of orders requires IAM authentication.' },
    {
      name: 'from end to end, without a secret',
      answers: proxy({ DefaultAuthScheme: 'IAM_AUTH', Auth: [] }),
      says: /uses IAM authentication from end to end/,
    },
    { name: 'from end to end, no word on entries', answers: proxy({ DefaultAuthScheme: 'IAM_AUTH', Auth: undefined }) },
  ],
  fails: [
    {
      name: 'disabled',
      answers: proxy({ Auth: [entry('DISABLED')] }),
      says: `Proxy front in front of orders does not require IAM authentication for ${secretArn} (DISABLED).`,
      evidence: { entries: [{ secret: secretArn, iamAuth: 'DISABLED' }] },
      command: `aws rds modify-db-proxy --region eu-central-1 --db-proxy-name front --require-tls --auth '[{"AuthScheme":"SECRETS","SecretArn":"${secretArn}","IAMAuth":"REQUIRED"}]'`,
    },
    { name: 'enabled takes passwords too', answers: proxy({ Auth: [entry('ENABLED')] }) },
    { name: 'one of two entries', answers: proxy({ Auth: [entry('REQUIRED'), entry('DISABLED')] }) },
    { name: 'one of two entries, the other does not say it', answers: proxy({ Auth: [entry(undefined), entry('DISABLED')] }) },
  ],
  unknown: [
    { name: 'no entry: true of nothing is no pass', answers: proxy({ Auth: [] }), says: /no entry that says how its clients authenticate/ },
    { name: 'an entry that does not say it', answers: proxy({ Auth: [entry('REQUIRED'), entry(undefined)] }) },
    { name: 'an entry that cannot be read', answers: proxy({ Auth: [entry('REQUIRED'), 'none'] }) },
    { name: 'the entries are not told', answers: proxy({ Auth: undefined }), says: /lacks Auth/ },
  ],
});
