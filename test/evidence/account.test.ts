import { describe, expect, it } from '@jest/globals';
import { accessChecks } from '../../lib/checks/access/index.ts';
import { postureChecks } from '../../lib/checks/posture/index.ts';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { listAccounts, listRegions, listUsers } from '../../lib/evidence/account.ts';
import { Inventory } from '../../lib/evidence/inventory.ts';
import { judge } from '../../lib/monitor/judge.ts';
import { activityOf, sessions } from './activity.ts';
import type { Answers } from './answers.ts';
import { account, at, denied, evidenceOf, fine } from './answers.ts';
import { databaseRole, rolesOf } from './database-roles.ts';
import { details, group, user } from './identities.ts';

const own = [...accessChecks, ...postureChecks.filter(({ on }) => ['account', 'region', 'user', 'database'].includes(on))];

function verdictsOf(answers: Answers): ReadonlyMap<string, string> {
  const evidence = evidenceOf(answers, activityOf([sessions('orders_app')]), rolesOf(databaseRole('orders_app')));
  const { verdicts } = judge(own, evidence, { configuration: defaultConfiguration, at });
  return new Map(verdicts.map(({ check, verdict }) => [check, verdict]));
}

const grants = ['grant-by-role', 'grant-condition-effective', 'grant-home-account', 'grant-narrow', 'grant-points-somewhere', 'grant-used'];

describe('a denied call', () => {
  it('denies nothing where all is fine', () => {
    expect([...verdictsOf(fine)].filter(([, verdict]) => verdict !== 'pass')).toEqual([]);
  });

  it.each<[string, readonly string[]]>([
    [
      'iam get-account-authorization-details',
      ['credentials-rotated', 'database-users-in-step', ...grants, 'permissions-through-groups', 'rds-admin-limited'],
    ],
    ['iam get-credential-report', ['credentials-rotated', 'root-locked-away']],
    ['iam get-account-summary', []],
    [`iam get-service-last-accessed-details arn:aws:iam::${account}:role/orders-app`, []],
    ['cloudtrail describe-trails', ['cloudtrail-recording']],
    ['cloudtrail get-trail-status main', ['cloudtrail-recording']],
    ['cloudtrail get-event-selectors main', ['cloudtrail-recording']],
    ['guardduty list-detectors', ['guardduty-rds-protection']],
    ['guardduty get-detector 12abc34d567e8fa901bc2d34e56789f0', ['guardduty-rds-protection']],
    ['securityhub describe-hub', ['security-hub-enabled']],
  ])('%s makes exactly what needs it unknown', (name, expected) => {
    const verdicts = verdictsOf({ ...fine, [name]: denied });

    expect(
      [...verdicts]
        .filter(([, verdict]) => verdict === 'unknown')
        .map(([check]) => check)
        .sort(),
    ).toEqual([...expected].sort());
    expect([...verdicts].filter(([, verdict]) => verdict === 'fail')).toEqual([]);
  });
});

describe('subjects', () => {
  it('is one account, also where nothing was collected', () => {
    const { subjects } = listAccounts({ ...evidenceOf({}), inventory: new Inventory([]) });

    expect(subjects).toMatchObject([{ resource: { type: 'account', name: account }, trails: { known: false } }]);
  });

  it('are the regions that were looked at', () => {
    const { subjects } = listRegions({ ...evidenceOf({}), inventory: new Inventory(['eu-west-1', 'eu-central-1']) });

    expect(subjects.map(({ resource }) => [resource.name, resource.region, resource.arn])).toEqual([
      ['eu-central-1', 'eu-central-1', `arn:aws:iam::${account}:root`],
      ['eu-west-1', 'eu-west-1', `arn:aws:iam::${account}:root`],
    ]);
  });

  it('are the users who can act on RDS, and no others', () => {
    const users = [user(), user({ UserName: 'joe', GroupList: [] })];

    const { subjects } = listUsers(evidenceOf({ ...fine, ...details({ UserDetailList: users, GroupDetailList: [group()] }) }));

    expect(subjects.map(({ resource }) => resource.name)).toEqual(['jane']);
  });
});
