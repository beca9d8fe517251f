import { masterUsernameCustom } from '../../../lib/checks/posture/master-username-custom.ts';
import { clusters, limitless, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

testPosture(masterUsernameCustom, {
  passes: [
    { name: 'a name of its own', says: 'The master user of orders has a name of its own.' },
    { name: 'a name that only begins like it', answers: clusters({ MasterUsername: 'postgres_owner' }) },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz({}) },
    { name: 'Limitless', answers: limitless() },
  ],
  fails: [
    ...['postgres', 'admin', 'Postgres'].map((user) => ({
      name: user,
      answers: clusters({ MasterUsername: user }),
      says: `The master user of orders is ${user}, which everyone guesses.`,
      evidence: { masterUsername: user },
      command: null,
    })),
    { name: 'of a single instance', answers: onlySingle({ MasterUsername: 'postgres' }) },
  ],
  unknown: [{ name: 'it is not told', answers: clusters({ MasterUsername: undefined }), says: /lacks MasterUsername/ }],
});
