import { auditExtensionLoaded } from '../../../lib/checks/posture/audit-extension-loaded.ts';
import { denied, strict } from '../../evidence/answers.ts';
import { clusters, group, limitless, onlySingle, readersGroup, readerWaits } from './given.ts';
import { testPosture } from './table.ts';

testPosture(auditExtensionLoaded, {
  passes: [
    {
      name: 'loaded and told what to audit',
      says: /^shared_preload_libraries is pg_stat_statements,pgaudit in group orders-pg16/,
      inEffect: true,
      command: null,
    },
    { name: 'pgaudit alone', answers: group({ ...strict, shared_preload_libraries: 'pgaudit' }) },
    { name: 'blanks in the list', answers: group({ ...strict, shared_preload_libraries: 'pg_cron , pgaudit' }) },
    {
      name: 'an activity stream runs',
      answers: {
        ...clusters({ ActivityStreamStatus: 'started' }),
        ...group({ ...strict, shared_preload_libraries: null, 'pgaudit.log': null }),
      },
      says: 'An activity stream of orders runs.',
    },
    {
      name: 'an activity stream runs, and the parameters are denied',
      answers: { ...clusters({ ActivityStreamStatus: 'started' }), 'rds describe-db-cluster-parameters orders-pg16': denied },
    },
    { name: 'a single instance', answers: onlySingle({}) },
  ],
  fails: [
    {
      name: 'not loaded: the default has pg_stat_statements alone',
      answers: group({ ...strict, shared_preload_libraries: null }),
      says: 'shared_preload_libraries is pg_stat_statements by default in group orders-pg16, so orders may run without pgaudit.',
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters \'ParameterName=shared_preload_libraries,ParameterValue="pg_stat_statements,pgaudit",ApplyMethod=pending-reboot\'\n' +
        'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-1\n' +
        'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-2',
      effect: 'after a reboot',
    },
    { name: 'a library whose name only begins like it', answers: group({ ...strict, shared_preload_libraries: 'pgaudit_analyze' }) },
    {
      name: 'pgaudit.log is empty',
      answers: group({ ...strict, 'pgaudit.log': null }),
      says: /pgaudit\.log is empty by default .* audit nothing by pgaudit/,
    },
    { name: 'pgaudit.log is none', answers: group({ ...strict, 'pgaudit.log': 'none' }) },
    {
      name: "a reader's own group loads something else",
      answers: readersGroup({ shared_preload_libraries: 'pg_cron' }),
      evidence: { members: ['orders-2'] },
      command:
        'aws rds modify-db-parameter-group --region eu-central-1 --db-parameter-group-name readers --parameters \'ParameterName=shared_preload_libraries,ParameterValue="pg_cron,pgaudit",ApplyMethod=pending-reboot\'\n' +
        'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-1\n' +
        'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-2',
    },
    {
      name: 'a stream that is only starting',
      answers: { ...clusters({ ActivityStreamStatus: 'starting' }), ...group({ ...strict, 'pgaudit.log': null }) },
    },
    { name: 'loaded at the next start of a reader only', answers: readerWaits, inEffect: false },
  ],
  unknown: [
    { name: 'denied', answers: { 'rds describe-db-cluster-parameters orders-pg16': denied }, says: /^access denied/ },
    { name: 'the instances denied', answers: { 'rds describe-db-instances': denied }, says: /^access denied/ },
    { name: 'Limitless', answers: limitless(), says: /Limitless/ },
  ],
});
