import { proxyRequiresTls } from '../../../lib/checks/posture/proxy-requires-tls.ts';
import { denied } from '../../evidence/answers.ts';
import { proxy } from './given.ts';
import { testPosture } from './table.ts';

testPosture(proxyRequiresTls, {
  passes: [
    { name: 'required', answers: proxy(), says: 'Proxy front in front of orders requires TLS.' },
    {
      name: 'what is behind it denied: only words are lost',
      answers: { ...proxy(), 'rds describe-db-proxy-targets front': denied },
      says: 'Proxy front requires TLS.',
    },
  ],
  fails: [
    {
      name: 'not required',
      answers: proxy({ RequireTLS: false }),
      says: 'Proxy front in front of orders accepts connections without TLS.',
      evidence: { requireTls: false, inFrontOf: ['orders'] },
      command: 'aws rds modify-db-proxy --region eu-central-1 --db-proxy-name front --require-tls',
      effect: 'at once',
    },
  ],
  unknown: [{ name: 'it is not told', answers: proxy({ RequireTLS: undefined }), says: /lacks RequireTLS/ }],
});
