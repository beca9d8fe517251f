import { logDeliveryPossible } from '../../../lib/checks/posture/log-delivery-possible.ts';
import { known } from '../../../lib/domain/answer.ts';
import { denied, Refused } from '../../evidence/answers.ts';
import { clusters, onlySingle } from './given.ts';
import { testPosture } from './table.ts';

const question = 'logs describe-subscription-filters /aws/rds/cluster/orders/postgresql';
const filters = (...names: readonly string[]) => ({ [question]: { subscriptionFilters: names.map((filterName) => ({ filterName })) } });

testPosture(logDeliveryPossible, {
  passes: [
    { name: 'nobody is subscribed', says: 'Log group /aws/rds/cluster/orders/postgresql has room for a subscription.' },
    { name: 'one of others', answers: filters('siem') },
    {
      name: "the monitor's beside one of others",
      answers: filters('siem', 'aurora-watch-prod-login'),
      says: 'Log group /aws/rds/cluster/orders/postgresql has the subscription aurora-watch-prod-login.',
    },
    {
      name: 'the group is not there yet: it comes with the first export',
      answers: { [question]: new Refused('not-found', 'ResourceNotFoundException: The specified log group does not exist.') },
      says: 'Log group /aws/rds/cluster/orders/postgresql does not exist yet: it has room.',
    },
    {
      name: 'the group of a single instance',
      answers: onlySingle({}),
      says: 'Log group /aws/rds/instance/billing/postgresql has room for a subscription.',
    },
  ],
  fails: [
    {
      name: 'others hold both',
      answers: filters('siem', 'archive'),
      says: "Log group /aws/rds/cluster/orders/postgresql has no room for a subscription of the monitor's: archive and siem hold both.",
      evidence: { group: '/aws/rds/cluster/orders/postgresql', filters: ['archive', 'siem'] },
      command: 'aws logs describe-subscription-filters --region eu-central-1 --log-group-name /aws/rds/cluster/orders/postgresql',
    },
    { name: 'names that only look alike', answers: filters('my-aurora-watch-copy', 'archive') },
  ],
  notApplicable: [
    {
      name: 'the monitor was deployed to deliver no logs',
      answers: filters('siem', 'archive'),
      given: { logDelivery: { managed: false, group: '/aws/rds/cluster/orders/postgresql', filters: known(['siem', 'archive']) } },
      says: 'This monitor was deployed to deliver no logs: orders needs no subscription.',
    },
    {
      name: 'the log is not exported: nothing is to be delivered',
      answers: { ...clusters({ EnabledCloudwatchLogsExports: ['iam-db-auth-error'] }), [question]: undefined },
      says: 'orders does not export its PostgreSQL log.',
    },
  ],
  unknown: [
    { name: 'denied', answers: { [question]: denied }, says: /^access denied to logs describe-subscription-filters/ },
    { name: 'not collected', answers: { [question]: undefined }, says: /^not collected: logs describe-subscription-filters/ },
    {
      name: 'part of the answer could not be read',
      answers: { [question]: { subscriptionFilters: [{ filterName: 'siem' }, 'archive'] } },
      says: /^unreadable: /,
    },
  ],
});
