import { connectionsLogged } from '../../../lib/checks/posture/connections-logged.ts';
import { denied, member, strict } from '../../evidence/answers.ts';
import { clusters, group, limitless, multiAz, onlySingle, readersGroup, readerWaits } from './given.ts';
import { testPosture } from './table.ts';

const eighteen = clusters({ EngineVersion: '18.1' });

testPosture(connectionsLogged, {
  passes: [
    {
      name: 'both on, on every member',
      says: /^log_connections is 1 in group orders-pg16, in effect on all 2 members\./,
      inEffect: true,
      command: null,
    },
    ...['authorization', 'receipt,authentication,authorization', 'receipt, Authorization', 'all', 'on'].map((value) => ({
      name: `version 18: ${value}`,
      answers: { ...eighteen, ...group({ ...strict, log_connections: value }) },
    })),
    { name: 'an instance group that says nothing of it', answers: readersGroup({ log_connections: null, log_disconnections: null }) },
    {
      name: 'an instance group whose value is the engine default does not beat the cluster group',
      answers: readersGroup({ log_connections: ['0', 'engine-default'], log_disconnections: null }),
    },
    {
      name: 'an instance group that says 1 where the cluster group says 0, on the only member',
      answers: {
        ...readersGroup({ log_connections: '1', log_disconnections: '1' }),
        ...clusters({ DBClusterMembers: [member('orders-2', { IsClusterWriter: true })] }),
        ...group({ ...strict, log_connections: '0', log_disconnections: '0' }),
      },
    },
    { name: 'a single instance', answers: onlySingle({}) },
    { name: 'a Multi-AZ DB cluster is told by its cluster group alone', answers: multiAz(strict) },
  ],
  fails: [
    {
      name: 'no value: its default is off',
      answers: group({ ...strict, log_connections: null }),
      says: 'log_connections is off by default in group orders-pg16, so orders may not log who connects.',
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters ParameterName=log_connections,ParameterValue=1,ApplyMethod=immediate',
    },
    {
      name: 'the end of sessions is not logged',
      answers: group({ ...strict, log_disconnections: '0' }),
      says: /not log when a session ends/,
    },
    {
      name: "a reader's own group says 0 and beats the cluster's 1",
      answers: readersGroup({ log_connections: '0' }),
      says: 'log_connections is 0 in group readers, so reader orders-2 may not log who connects.',
      evidence: { members: ['orders-2'], group: 'readers' },
      command:
        'aws rds modify-db-parameter-group --region eu-central-1 --db-parameter-group-name readers --parameters ParameterName=log_connections,ParameterValue=1,ApplyMethod=immediate',
    },
    {
      name: "an instance group that says 1 but waits for a reboot: the cluster's group is left alone",
      answers: {
        ...readersGroup({ log_connections: '1', log_disconnections: '1' }, 'pending-reboot'),
        ...clusters({ DBClusterMembers: [member('orders-2', { IsClusterWriter: true })] }),
        ...group({ ...strict, log_connections: '0' }),
      },
      inEffect: false,
      command: 'aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier orders-2',
    },
    {
      name: 'version 18: a list without authorization',
      answers: { ...eighteen, ...group({ ...strict, log_connections: 'receipt,setup_durations' }) },
      command:
        'aws rds modify-db-cluster-parameter-group --region eu-central-1 --db-cluster-parameter-group-name orders-pg16 --parameters \'ParameterName=log_connections,ParameterValue="receipt,authentication,authorization",ApplyMethod=immediate\'',
    },
    {
      name: 'version 18: an empty list',
      answers: { ...eighteen, ...group({ ...strict, log_connections: '' }) },
      says: /log_connections is off by default/,
    },
    { name: 'a reader waits for the cluster group', answers: readerWaits, inEffect: false },
    {
      name: "a reader waits for its own group, although the cluster's is in sync",
      answers: readersGroup({ log_connections: '1', log_disconnections: '1' }, 'pending-reboot'),
      says: /reader orders-2 is pending-reboot/,
      inEffect: false,
    },
  ],
  unknown: [
    { name: 'the cluster group denied', answers: { 'rds describe-db-cluster-parameters orders-pg16': denied }, says: /^access denied/ },
    {
      name: 'the instances denied: an instance group may say otherwise',
      answers: { 'rds describe-db-instances': denied },
      says: /^access denied to rds describe-db-instances/,
    },
    {
      name: "a reader's own group denied",
      answers: { ...readersGroup({}), 'rds describe-db-parameters readers': denied },
      says: /^access denied to rds describe-db-parameters readers/,
    },
    {
      name: 'a member that is not among the instances',
      answers: clusters({ DBClusterMembers: [member('orders-1', { IsClusterWriter: true }), member('orders-3')] }),
      says: /member orders-3 is not in the answer/,
    },
    { name: 'Limitless', answers: limitless(), says: /Limitless/ },
  ],
});
