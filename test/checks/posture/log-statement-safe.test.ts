import { logStatementSafe } from '../../../lib/checks/posture/log-statement-safe.ts';
import { denied, strict } from '../../evidence/answers.ts';
import { group, limitless, onlySingle, readersGroup, readerWaits } from './given.ts';
import { testPosture } from './table.ts';

const withoutAudit = { ...strict, shared_preload_libraries: 'pg_stat_statements', 'pgaudit.log': null };

testPosture(logStatementSafe, {
  passes: [
    { name: 'none', says: 'log_statement is none by default in group orders-pg16, in effect on all 2 members.', command: null },
    { name: 'no value means none', answers: group({ ...withoutAudit, log_statement: null }) },
    { name: 'ddl, but pgaudit is used', answers: group({ ...strict, log_statement: 'ddl' }), says: /^orders audits by pgaudit\. / },
    { name: 'a single instance', answers: onlySingle({}) },
  ],
  fails: [
    ...['ddl', 'mod', 'all'].map((value) => ({
      name: `${value} without pgaudit`,
      answers: group({ ...withoutAudit, log_statement: value }),
      says: `log_statement is ${value} in group orders-pg16, so orders may write passwords of CREATE ROLE and ALTER ROLE into its log.`,
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=log_statement,ParameterValue=none,ApplyMethod=immediate',
    })),
    {
      name: 'pgaudit is loaded but told to audit nothing',
      answers: group({ ...strict, 'pgaudit.log': 'none', log_statement: 'ddl' }),
    },
    {
      name: "a reader's own group says ddl",
      answers: { ...group(withoutAudit), ...readersGroup({ log_statement: 'ddl' }) },
      evidence: { members: ['orders-2'] },
    },
    { name: 'a reader waits for a reboot', answers: { ...readerWaits, ...group(withoutAudit) }, inEffect: false },
  ],
  unknown: [
    { name: 'denied', answers: { 'rds describe-db-cluster-parameters orders-pg16': denied }, says: /^access denied/ },
    { name: 'Limitless', answers: limitless(), says: /Limitless/ },
  ],
});
