import { dataApiDisabled } from '../../../lib/checks/posture/data-api-disabled.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import { clusters, limitless, multiAz, onlySingle, serverlessV1 } from './given.ts';
import { testPosture } from './table.ts';

const on = clusters({ HttpEndpointEnabled: true });
const allowed = (...dataApi: readonly string[]) => ({ allowed: { ...defaultConfiguration.allowed, dataApi } });

testPosture(dataApiDisabled, {
  passes: [
    { name: 'off', says: 'The Data API of orders is off.' },
    {
      name: 'on, and the cluster is on the list',
      answers: on,
      configuration: allowed('arn:aws:rds:*:*:cluster:orders'),
      says: 'The Data API of orders is on, which is allowed.',
    },
    { name: 'Limitless', answers: limitless() },
    { name: 'Serverless v1', answers: serverlessV1() },
  ],
  fails: [
    {
      name: 'on',
      answers: on,
      says: 'The Data API of orders is on.',
      command: 'aws rds disable-http-endpoint --region eu-central-1 --resource-arn arn:aws:rds:eu-central-1:111122223333:cluster:orders',
      effect: 'at once',
    },
    {
      name: 'on, and another cluster is on the list',
      answers: on,
      configuration: allowed('arn:aws:rds:*:*:cluster:orders-2', 'arn:aws:rds:us-east-1:*:cluster:*'),
    },
    {
      name: 'on for Serverless v1, which is told by another command',
      answers: serverlessV1({ HttpEndpointEnabled: true }),
      command:
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --no-enable-http-endpoint --apply-immediately',
    },
  ],
  notApplicable: [
    { name: 'a single instance', answers: onlySingle({}), says: 'billing is no Aurora cluster, and has no Data API.' },
    { name: 'a Multi-AZ DB cluster', answers: multiAz({}) },
  ],
  unknown: [{ name: 'it is not told', answers: clusters({ HttpEndpointEnabled: undefined }), says: /lacks HttpEndpointEnabled/ }],
});
