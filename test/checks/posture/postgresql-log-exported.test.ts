import { postgresqlLogExported } from '../../../lib/checks/posture/postgresql-log-exported.ts';
import { clusters, express, limitless, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

testPosture(postgresqlLogExported, {
  passes: [
    { name: 'among other exports', says: 'orders exports postgresql to CloudWatch Logs.', inEffect: true },
    { name: 'alone', answers: clusters({ EnabledCloudwatchLogsExports: ['postgresql'] }) },
    {
      name: 'another export is about to end',
      answers: clusters({ PendingModifiedValues: { PendingCloudwatchLogsExports: { LogTypesToDisable: ['iam-db-auth-error'] } } }),
    },
    { name: 'Limitless', answers: limitless() },
    { name: 'express', answers: express() },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster', answers: multiAz({}) },
  ],
  fails: [
    {
      name: 'only another log',
      answers: clusters({ EnabledCloudwatchLogsExports: ['iam-db-auth-error'] }),
      says: 'orders does not export postgresql to CloudWatch Logs, only iam-db-auth-error.',
      evidence: { exports: ['iam-db-auth-error'] },
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --cloudwatch-logs-export-configuration \'{"EnableLogTypes":["postgresql"]}\' --apply-immediately',
    },
    {
      name: 'a single instance that exports only upgrades',
      answers: onlySingle({ EnabledCloudwatchLogsExports: ['upgrade'] }),
      says: /only upgrade/,
    },
    { name: 'AWS leaves an empty list out', answers: clusters({ EnabledCloudwatchLogsExports: undefined }) },
    {
      name: 'a change that ends it waits',
      answers: clusters({ PendingModifiedValues: { PendingCloudwatchLogsExports: { LogTypesToDisable: ['postgresql'] } } }),
      says: /a change that ends it is pending/,
      inEffect: false,
    },
    {
      name: 'the change that starts it waits',
      answers: clusters({
        EnabledCloudwatchLogsExports: [],
        PendingModifiedValues: { PendingCloudwatchLogsExports: { LogTypesToEnable: ['postgresql'] } },
      }),
      says: /not export postgresql yet/,
      inEffect: false,
    },
  ],
});
