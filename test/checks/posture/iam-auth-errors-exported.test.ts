import { iamAuthErrorsExported } from '../../../lib/checks/posture/iam-auth-errors-exported.ts';
import { clusters, limitless, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

testPosture(iamAuthErrorsExported, {
  passes: [
    { name: 'exported beside the other', says: 'orders exports iam-db-auth-error to CloudWatch Logs.', inEffect: true },
    { name: 'exported alone', answers: clusters({ EnabledCloudwatchLogsExports: ['iam-db-auth-error'] }) },
    { name: 'Limitless', answers: limitless() },
    { name: 'a single instance', answers: onlySingle({}) },
  ],
  fails: [
    {
      name: 'only the PostgreSQL log is exported',
      answers: clusters({ EnabledCloudwatchLogsExports: ['postgresql'] }),
      says: 'orders does not export iam-db-auth-error to CloudWatch Logs, only postgresql.',
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --cloudwatch-logs-export-configuration \'{"EnableLogTypes":["iam-db-auth-error"]}\' --apply-immediately',
    },
    {
      name: 'AWS leaves an empty list out',
      answers: clusters({ EnabledCloudwatchLogsExports: undefined }),
      says: 'orders does not export iam-db-auth-error to CloudWatch Logs.',
    },
    {
      name: 'the change that starts it waits',
      answers: clusters({
        EnabledCloudwatchLogsExports: ['postgresql'],
        PendingModifiedValues: { PendingCloudwatchLogsExports: { LogTypesToEnable: ['iam-db-auth-error'] } },
      }),
      inEffect: false,
    },
    {
      name: 'a change that ends it waits',
      answers: clusters({ PendingModifiedValues: { PendingCloudwatchLogsExports: { LogTypesToDisable: ['iam-db-auth-error'] } } }),
      inEffect: false,
    },
  ],
  notApplicable: [
    {
      name: 'IAM database authentication is off',
      answers: clusters({ IAMDatabaseAuthenticationEnabled: false, EnabledCloudwatchLogsExports: [] }),
      says: 'orders has IAM database authentication off.',
    },
  ],
  unknown: [{ name: 'nothing tells whether IAM authentication is on', answers: clusters({ IAMDatabaseAuthenticationEnabled: undefined }) }],
});
