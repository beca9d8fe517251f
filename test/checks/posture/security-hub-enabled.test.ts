import { securityHubEnabled } from '../../../lib/checks/posture/security-hub-enabled.ts';
import { denied, Refused } from '../../evidence/answers.ts';
import { testPosture } from './table.ts';

const hub = (answer: unknown) => ({ 'securityhub describe-hub': answer });

testPosture(securityHubEnabled, {
  passes: [{ name: 'on', says: 'Security Hub is on in eu-central-1.' }],
  fails: [
    {
      name: 'not subscribed',
      answers: hub(new Refused('failed', 'InvalidAccessException: Account 111122223333 is not subscribed to AWS Security Hub')),
      says: 'Security Hub is off in eu-central-1.',
      command: 'aws securityhub enable-security-hub --region eu-central-1',
      effect: 'at once',
    },
  ],
  notApplicable: [
    { name: 'no cluster', answers: { 'rds describe-db-clusters': { DBClusters: [] }, 'rds describe-db-instances': { DBInstances: [] } } },
  ],
  unknown: [
    { name: 'denied', answers: hub(denied), says: /denied/ },
    { name: 'a denial that speaks of the other', answers: hub(new Refused('denied', 'AccessDeniedException: InvalidAccessException')) },
    { name: 'not collected', answers: hub(undefined), says: /not collected/ },
    { name: 'an answer of another shape', answers: hub({}), says: /unreadable/ },
    { name: 'clusters denied', answers: { 'rds describe-db-clusters': denied, 'rds describe-db-instances': denied } },
  ],
});
