import { describe, expect, it } from '@jest/globals';
import { postureChecks } from '../../lib/checks/posture/index.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { questionText } from '../../lib/domain/question.ts';
import { commands, nextQuestions } from '../../lib/evidence/questions.ts';
import type { JudgedVerdict } from '../../lib/monitor/judge.ts';
import { judge } from '../../lib/monitor/judge.ts';
import type { Answers } from '../evidence/answers.ts';
import {
  at,
  cluster,
  denied,
  evidenceOf,
  fine,
  instance,
  inventoryOf,
  member,
  parameters,
  questionOf,
  secretArn,
  securityGroup,
  single,
} from '../evidence/answers.ts';
import { clusterSnapshot, instanceSnapshot, proxy, snapshots } from './posture/given.ts';

const arnOf = (name: string) => `arn:aws:rds:eu-central-1:111122223333:cluster:${name}`;
const named = (name: string) => ({ DBClusterIdentifier: name, DBClusterArn: arnOf(name) });
const noSharing = [{ AttributeName: 'restore', AttributeValues: [] }];

/** A region in which the answer to nearly every question decides something. */
const region: Answers = {
  ...fine,
  'rds describe-db-clusters': {
    DBClusters: [
      cluster(),
      cluster({ ...named('shards'), EngineVersion: '16.6-limitless', ClusterScalabilityType: 'limitless', DBClusterMembers: [] }),
      cluster({
        ...named('worldwide'),
        MasterUserSecret: undefined,
        DBClusterMembers: [member('worldwide-1')],
        EnabledCloudwatchLogsExports: [],
      }),
    ],
  },
  'rds describe-db-instances': {
    DBInstances: [
      instance('orders-1'),
      instance('orders-2', {
        CertificateDetails: undefined,
        DBParameterGroups: [{ DBParameterGroupName: 'readers', ParameterApplyStatus: 'in-sync' }],
      }),
      instance('worldwide-1', { DBClusterIdentifier: 'worldwide' }),
      single(),
    ],
  },
  'rds describe-db-parameters readers': parameters({ log_connections: '1' }),
  'rds describe-global-clusters': {
    GlobalClusters: [{ GlobalClusterIdentifier: 'planet', GlobalClusterMembers: [{ DBClusterArn: arnOf('worldwide') }] }],
  },
  'rds describe-db-shard-groups': {
    DBShardGroups: [{ DBShardGroupIdentifier: 'group', DBClusterIdentifier: 'shards', PubliclyAccessible: false }],
  },
  'ec2 describe-security-groups': {
    SecurityGroups: [securityGroup([{ IpProtocol: 'tcp', FromPort: 5433, ToPort: 5433, PrefixListIds: [{ PrefixListId: 'pl-1' }] }])],
  },
  'ec2 get-managed-prefix-list-entries pl-1': { Entries: [{ Cidr: '198.51.100.0/24' }] },
  'logs describe-subscription-filters /aws/rds/cluster/shards/postgresql': { subscriptionFilters: [] },
  ...snapshots([clusterSnapshot()], [instanceSnapshot()]),
  'rds describe-db-cluster-snapshot-attributes before-migration': {
    DBClusterSnapshotAttributesResult: { DBClusterSnapshotAttributes: noSharing },
  },
  'rds describe-db-snapshot-attributes billing-monthly': { DBSnapshotAttributesResult: { DBSnapshotAttributes: noSharing } },
  ...proxy(),
};

const ofClusters = postureChecks.filter(({ on }) => on === 'cluster').map(({ id }) => id);
const ofParameters = [
  'audit-extension-loaded',
  'connections-logged',
  'log-statement-safe',
  'password-commands-restricted',
  'scram-passwords-only',
  'tls-minimum-version',
  'tls-required',
  'tls-upgrade-safe',
];

/** Which checks of clusters, snapshots and proxies must not know, where the answer to this question alone is denied. */
const blind: Readonly<Record<string, readonly string[]>> = {
  'rds describe-db-clusters': ofClusters,
  'rds describe-db-instances': ofClusters,
  'rds describe-db-cluster-parameters orders-pg16': ofParameters,
  'rds describe-db-parameters billing-pg16': ofParameters,
  'rds describe-db-parameters readers': ['audit-extension-loaded', 'connections-logged', 'log-statement-safe'],
  'rds describe-db-cluster-parameter-groups': [],
  'rds describe-db-parameter-groups': [],
  'rds describe-db-cluster-snapshots': ['snapshots-encrypted', 'snapshots-private'],
  'rds describe-db-snapshots': ['snapshots-encrypted', 'snapshots-private'],
  'rds describe-db-cluster-snapshot-attributes before-migration': ['snapshots-private'],
  'rds describe-db-snapshot-attributes billing-monthly': ['snapshots-private'],
  'rds describe-db-subnet-groups': ['subnets-private'],
  'rds describe-db-proxies': ['proxy-requires-iam', 'proxy-requires-tls', 'proxy-secrets-rotated'],
  'rds describe-db-proxy-targets front': [],
  'rds describe-db-engine-versions aurora-postgresql': ['engine-supported'],
  'rds describe-db-engine-versions postgres': ['engine-supported'],
  'rds describe-db-major-engine-versions aurora-postgresql': ['engine-supported'],
  'rds describe-db-major-engine-versions postgres': ['engine-supported'],
  'rds describe-certificates': ['certificate-current'],
  'rds describe-global-clusters': ['master-password-managed'],
  'rds describe-db-shard-groups': ['not-publicly-accessible'],
  'ec2 describe-security-groups': ['ingress-restricted'],
  'ec2 describe-route-tables': ['subnets-private'],
  'ec2 describe-managed-prefix-lists': [],
  'ec2 get-managed-prefix-list-entries pl-1': ['ingress-restricted'],
  [`secretsmanager describe-secret ${secretArn}`]: ['master-password-managed', 'proxy-secrets-rotated'],
  'logs describe-subscription-filters /aws/rds/cluster/orders/postgresql': ['log-delivery-possible'],
  'logs describe-subscription-filters /aws/rds/cluster/shards/postgresql': ['log-delivery-possible'],
  'logs describe-subscription-filters /aws/rds/instance/billing/postgresql': ['log-delivery-possible'],
};

function verdictsOf(answers: Answers): Map<string, JudgedVerdict> {
  const { verdicts } = judge(postureChecks, evidenceOf(answers), { configuration: defaultConfiguration, at });
  return new Map(verdicts.map((one) => [`${one.check} ${one.resource.type} ${one.resource.arn}`, one]));
}

const before = verdictsOf(region);

describe.each(Object.keys(region))('%s denied', (name) => {
  const { service, command } = questionOf(name);
  const action = commands.find((one) => one.service === service && one.command === command)?.actions[0] ?? '';
  const needing = postureChecks.filter(({ needs }) => needs.includes(action)).map(({ id }) => id);
  const after = verdictsOf({ ...region, [name]: denied });
  const lost = [...before].filter(([key]) => !after.has(key)).map(([, one]) => one);
  const changed = [...after].filter(([key, one]) => before.get(key)?.verdict !== one.verdict).map(([, one]) => one);
  const reworded = [...after].filter(([key, one]) => before.get(key)?.reason !== one.reason).map(([, one]) => one);

  it('makes what needs it unknown, with that cause', () => {
    expect(changed.filter(({ verdict }) => verdict !== 'unknown')).toEqual([]);
    for (const { reason } of changed) expect(reason).toContain(`access denied to ${questionText(questionOf(name))}`);
  });

  it('changes nothing else', () => {
    expect(reworded.filter(({ check }) => !needing.includes(check))).toEqual([]);
    expect(lost.filter(({ check }) => !changed.some((one) => one.check === check))).toEqual([]);
  });

  if (Object.hasOwn(blind, name)) {
    it('leaves exactly those unknown that it decides', () => {
      const blinded = changed.map(({ check }) => check).filter((id) => ['cluster', 'snapshot', 'proxy'].includes(kindOf(id)));

      expect([...new Set(blinded)].sort()).toEqual(blind[name]);
    });
  }
});

function kindOf(id: string): string {
  return postureChecks.find((check) => check.id === id)?.on ?? '';
}

it('goes through every question that a live scan of this region would ask about clusters, snapshots and proxies', () => {
  const actions = new Set(postureChecks.flatMap(({ needs }) => needs));
  const asked = commands.filter(({ actions: [first] }) => actions.has(first)).map((one) => `${one.service} ${one.command}`);
  const covered = new Set(Object.keys(blind).map((name) => name.split(' ').slice(0, 2).join(' ')));

  expect(asked.filter((one) => /^(rds|ec2|secretsmanager|logs) /.test(one) && !covered.has(one))).toEqual([]);
  expect(nextQuestions(inventoryOf(region), actions).map(questionText)).toEqual([]);
});
