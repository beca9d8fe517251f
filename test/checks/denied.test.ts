import { describe, expect, it } from '@jest/globals';
import { checks } from '../../lib/checks/registry.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { questionText } from '../../lib/domain/question.ts';
import { commands, nextQuestions } from '../../lib/evidence/questions.ts';
import type { JudgedVerdict } from '../../lib/monitor/judge.ts';
import { judge } from '../../lib/monitor/judge.ts';
import { statefulChecks } from '../../lib/monitor/observe.ts';
import { activityOf, sessions } from '../evidence/activity.ts';
import type { Answers } from '../evidence/answers.ts';
import { at, denied, evidenceOf, inventoryOf, questionOf, secretArn } from '../evidence/answers.ts';
import { databaseRole, rolesOf } from '../evidence/database-roles.ts';
import { region } from './denied-region.ts';

const judged = statefulChecks(checks);
const idsOn = (kind: string) => judged.filter(({ on }) => on === kind).map(({ id }) => id);
const ofClusters = [...idsOn('cluster'), ...idsOn('database')];
const ofGrants = judged.filter(({ kind }) => kind === 'access').map(({ id }) => id);
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

/** Which checks must not know, where the answer to this question alone is denied. */
const blind: Readonly<Record<string, readonly string[]>> = {
  // The grants are for cluster orders. That the region has something to watch over is still known from the other list.
  'rds describe-db-clusters': [...ofClusters, 'grant-points-somewhere', 'grant-used'],
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
  'iam get-account-authorization-details': [
    ...ofGrants,
    'credentials-rotated',
    'database-users-in-step',
    'permissions-through-groups',
    'rds-admin-limited',
  ],
  'iam get-credential-report': ['credentials-rotated', 'grant-by-role', 'grant-used', 'root-locked-away'],
  'iam get-account-summary': [],
  'iam get-service-last-accessed-details arn:aws:iam::111122223333:role/orders-app': [],
  'iam get-service-last-accessed-details arn:aws:iam::111122223333:user/jane': [],
  'cloudtrail describe-trails': ['cloudtrail-recording'],
  'cloudtrail get-trail-status main': ['cloudtrail-recording'],
  'cloudtrail get-event-selectors main': ['cloudtrail-recording'],
  'guardduty list-detectors': ['guardduty-rds-protection'],
  'guardduty get-detector 12abc34d567e8fa901bc2d34e56789f0': ['guardduty-rds-protection'],
  'securityhub describe-hub': ['security-hub-enabled'],
};

const activity = activityOf([sessions('orders_app')]);
const roles = rolesOf(databaseRole('orders_app'));

function verdictsOf(answers: Answers): Map<string, JudgedVerdict> {
  const { verdicts } = judge(judged, evidenceOf(answers, activity, roles), { configuration: defaultConfiguration, at });
  return new Map(verdicts.map((one) => [`${one.check} ${one.resource.type} ${one.resource.arn}`, one]));
}

const before = verdictsOf(region);

describe.each(Object.keys(blind))('%s denied', (name) => {
  const { service, command } = questionOf(name);
  const action = commands.find((one) => one.service === service && one.command === command)?.actions[0] ?? '';
  const needing = judged.filter(({ needs }) => needs.includes(action)).map(({ id }) => id);
  const after = verdictsOf({ ...region, [name]: denied });
  const lost = [...before].filter(([key]) => !after.has(key)).map(([, one]) => one);
  const changed = [...after].filter(([key, one]) => before.get(key)?.verdict !== one.verdict).map(([, one]) => one);
  const reworded = [...after].filter(([key, one]) => before.get(key)?.reason !== one.reason).map(([, one]) => one);

  it('leaves exactly those unknown that it decides, with that cause', () => {
    expect([...new Set(changed.map(({ check }) => check))].sort()).toEqual([...(blind[name] ?? [])].sort());
    expect(changed.filter(({ verdict }) => verdict !== 'unknown')).toEqual([]);
    for (const { reason } of changed) expect(reason).toContain(`access denied to ${questionText(questionOf(name))}`);
  });

  it('changes nothing else', () => {
    expect(reworded.filter(({ check }) => !needing.includes(check))).toEqual([]);
    expect(lost.filter(({ check }) => !changed.some((one) => one.check === check))).toEqual([]);
  });
});

it('goes through every question that a live scan of this region would ask, about an account in which nearly every answer decides something', () => {
  const actions = new Set(judged.flatMap(({ needs }) => needs));
  const known = new Set(commands.filter(({ actions: [first] }) => actions.has(first)).map((one) => `${one.service} ${one.command}`));
  const denying = new Set(Object.keys(blind).map((name) => name.split(' ').slice(0, 2).join(' ')));

  expect([...known].filter((one) => !denying.has(one))).toEqual([]);
  expect(Object.keys(region).sort()).toEqual(Object.keys(blind).sort());
  expect(nextQuestions(inventoryOf(region), actions).map(questionText)).toEqual([]);
  const decided = new Set([...before.values()].filter(({ verdict }) => verdict !== 'unknown').map(({ check }) => check));
  expect(judged.filter(({ id }) => !decided.has(id)).map(({ id }) => id)).toEqual([]);
});

it('leaves no check out: each is unknown for want of some answer', () => {
  const blinded = new Set(Object.values(blind).flat());

  expect(judged.filter(({ id }) => !blinded.has(id)).map(({ id }) => id)).toEqual([]);
});
