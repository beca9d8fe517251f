import { parameterGroupCustom } from '../../../lib/checks/posture/parameter-group-custom.ts';
import { member } from '../../evidence/answers.ts';
import { clusters, limitless, multiAz, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

testPosture(parameterGroupCustom, {
  passes: [
    { name: 'a group of its own', says: 'orders uses group orders-pg16.', command: null },
    { name: 'a name that only begins alike', answers: clusters({ DBClusterParameterGroup: 'defaults-of-orders' }) },
    { name: 'default groups of the members do not matter', answers: multiAz({}) },
    { name: 'Limitless', answers: limitless() },
    { name: 'a single instance', answers: onlySingle({}) },
  ],
  fails: [
    {
      name: 'a default group',
      answers: clusters({
        DBClusterParameterGroup: 'default.aurora-postgresql16',
        DBClusterMembers: [member('orders-1', { IsClusterWriter: true })],
      }),
      says: 'orders uses the default group default.aurora-postgresql16, in which nothing can be set.',
      evidence: { group: 'default.aurora-postgresql16' },
      command:
        "aws rds create-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-aurora-postgresql16 --db-parameter-group-family aurora-postgresql16 --description 'Parameters of orders'\n" +
        'aws rds modify-db-cluster --region eu-central-1 --db-cluster-identifier orders --db-cluster-parameter-group-name orders-aurora-postgresql16 --apply-immediately\n' +
        'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-1',
      effect: 'after a reboot',
    },
    {
      name: 'the default group of a single instance',
      answers: onlySingle({ DBParameterGroups: [{ DBParameterGroupName: 'default.postgres16', ParameterApplyStatus: 'in-sync' }] }),
      command:
        "aws rds create-db-parameter-group --region eu-central-1 --db-parameter-group-name billing-postgres16 --db-parameter-group-family postgres16 --description 'Parameters of billing'\n" +
        'aws rds modify-db-instance --region eu-central-1 --db-instance-identifier billing --db-parameter-group-name billing-postgres16 --apply-immediately\n' +
        'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier billing',
    },
  ],
  unknown: [
    { name: 'it is not told', answers: clusters({ DBClusterParameterGroup: undefined }), says: /lacks DBClusterParameterGroup/ },
    { name: 'of a single instance', answers: onlySingle({ DBParameterGroups: undefined }), says: /lacks DBParameterGroups/ },
  ],
});
