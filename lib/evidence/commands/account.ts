import type { Detectors } from '../../domain/account-answers.ts';
import { granteesOf } from '../grants.ts';
import type { Inventory } from '../inventory.ts';
import type { Command } from '../questions.ts';
import { trailKeys } from '../trails.ts';

/** What is asked about the account: IAM, CloudTrail, GuardDuty, Security Hub. */
export const accountCommands: readonly Command[] = [
  {
    service: 'iam',
    command: 'get-account-authorization-details',
    actions: ['iam:GetAccountAuthorizationDetails'],
    global: true,
  },
  {
    service: 'iam',
    command: 'get-credential-report',
    actions: ['iam:GetCredentialReport', 'iam:GenerateCredentialReport'],
    global: true,
  },
  { service: 'iam', command: 'get-account-summary', actions: ['iam:GetAccountSummary'], global: true },
  {
    service: 'iam',
    command: 'get-service-last-accessed-details',
    actions: ['iam:GetServiceLastAccessedDetails', 'iam:GenerateServiceLastAccessedDetails'],
    global: true,
    keys: granteesOf,
  },
  { service: 'cloudtrail', command: 'describe-trails', actions: ['cloudtrail:DescribeTrails'] },
  {
    service: 'cloudtrail',
    command: 'get-trail-status',
    actions: ['cloudtrail:GetTrailStatus'],
    keys: (inventory, region) => trailKeys(inventory, region, 'get-trail-status'),
  },
  {
    service: 'cloudtrail',
    command: 'get-event-selectors',
    actions: ['cloudtrail:GetEventSelectors'],
    keys: (inventory, region) => trailKeys(inventory, region, 'get-event-selectors'),
  },
  { service: 'guardduty', command: 'list-detectors', actions: ['guardduty:ListDetectors'] },
  { service: 'guardduty', command: 'get-detector', actions: ['guardduty:GetDetector'], keys: detectorIds },
  { service: 'securityhub', command: 'describe-hub', actions: ['securityhub:DescribeHub'] },
];

function detectorIds(inventory: Inventory, region: string): readonly string[] {
  const answer = inventory.answer<Detectors>(region, 'guardduty', 'list-detectors');
  return answer.known ? answer.value.DetectorIds : [];
}
