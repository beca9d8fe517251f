import { causeText } from '../../domain/answer.ts';
import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, pass } from '../../domain/verdict.ts';
import type { TrailSubject } from '../../evidence/account.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { counted, listed } from '../sentences.ts';

const dayLength = 86_400_000;

/** A trail records every management event of every region, and delivers. */
export const cloudtrailRecording = {
  kind: 'posture',
  on: 'account',
  id: 'cloudtrail-recording',
  title: 'Account records all management events of all regions in a validated trail that delivers',
  severity: 'critical',
  rationale:
    'Without a trail nobody can say who weakened a database or took a snapshot away, and no event reaches this monitor: it would be deaf, and look calm.',
  judged:
    "One trail must do it all: all regions (an organization's trail counts), every management event, reads and writes, log file validation on, logging, and a delivery within the last day. A trail of another region is listed in each region, so one region that answers is enough. Leaving out KMS and the RDS Data API is fine.",
  fix: 'Make a multi-region trail with log file validation and start it; where there is one, turn on what it lacks, and look at LatestDeliveryError if it does not deliver.',
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-a-trail.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html',
  ],
  controls: [
    'AWS FSBP CloudTrail.1',
    'AWS FSBP CloudTrail.4',
    'CIS AWS 3.0 3.1',
    'CIS AWS 3.0 3.2',
    'PCI DSS 4.0 10.2.1',
    'NIST 800-53 AU-12',
  ],
  falsePositives: ['An event data store of CloudTrail Lake that records the same, which is not looked at.'],
  needs: ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus', 'cloudtrail:GetEventSelectors'],
  evaluate({ trails }, { at }) {
    if (!trails.known) return cannotTell(trails.cause);
    const judged = trails.value.map((trail) => ({ trail, ...judgeTrail(trail, at) }));
    const good = judged.find(({ lacks, unsure }) => lacks.length === 0 && unsure === null);
    if (good)
      return pass(`Trail ${good.trail.name} records all management events of all regions and delivered at ${deliveredAt(good.trail)}.`);
    const unsure = judged.find(({ lacks }) => lacks.length === 0)?.unsure;
    if (unsure) return cannotTell(unsure);
    if (trails.rejected)
      return cannotTell(`not collected: ${counted(trails.rejected, 'trail')} of cloudtrail describe-trails could not be read`);
    if (judged.length === 0) return fail('No trail records what happens in this account.', { trails: [] });
    const problems = judged.map(({ trail, lacks }) => `${trail.name} ${listed(lacks)}`);
    return fail(`No trail records all that it should: ${problems.join('; ')}.`, {
      trails: judged.map(({ trail, lacks }) => ({ arn: trail.arn, lacks })),
    });
  },
  remediation({ trails }, { at }) {
    if (!trails.known || trails.rejected) return null;
    const [best] = trails.value
      .map((trail) => ({ trail, ...judgeTrail(trail, at) }))
      .filter(({ unsure }) => unsure === null)
      .sort((a, b) => a.lacks.length - b.lacks.length);
    if (!best) {
      const bucket = ['--s3-bucket-name', 'BUCKET'];
      return {
        command: [
          shellCommand(
            'aws',
            'cloudtrail',
            'create-trail',
            '--name',
            'all-regions',
            ...bucket,
            '--is-multi-region-trail',
            '--enable-log-file-validation',
          ),
          shellCommand('aws', 'cloudtrail', 'start-logging', '--name', 'all-regions'),
        ].join('\n'),
        effect: 'at once',
        note: 'BUCKET is a bucket whose policy lets CloudTrail write.',
      };
    }
    const commands = fixes(best.trail);
    return commands.length === 0 ? null : { command: commands.join('\n'), effect: 'at once' };
  },
} satisfies PostureCheck;

function judgeTrail({ multiRegion, validated, status, leavesOut }: TrailSubject, at: number): { lacks: string[]; unsure: string | null } {
  const lacks: string[] = [];
  if (multiRegion === false) lacks.push('is of one region');
  if (validated === false) lacks.push('has no log file validation');
  if (status.known && status.value.logging === false) lacks.push('does not log');
  if (status.known && status.value.logging !== false) {
    const { delivered, error } = status.value;
    const why = error === null ? '' : ` (${error})`;
    if (delivered === null) lacks.push(`never delivered${why}`);
    else if (at - Date.parse(delivered) > dayLength) lacks.push(`delivered last at ${delivered}${why}`);
  }
  if (leavesOut.known && leavesOut.value.length > 0) lacks.push(`leaves out ${listed(leavesOut.value)}`);
  const missing = multiRegion === null ? 'IsMultiRegionTrail' : validated === null ? 'LogFileValidationEnabled' : null;
  if (missing !== null) return { lacks, unsure: `not collected: the answer of cloudtrail describe-trails lacks ${missing}` };
  const unknown = [status, leavesOut].find((answer) => !answer.known);
  if (unknown?.known === false) return { lacks, unsure: causeText(unknown.cause) };
  if (status.known && status.value.logging === null)
    return { lacks, unsure: 'not collected: the answer of cloudtrail get-trail-status lacks IsLogging' };
  return { lacks, unsure: null };
}

function deliveredAt({ status }: TrailSubject): string {
  return (status.known && status.value.delivered) || 'an unknown time';
}

function fixes({ arn, homeRegion, multiRegion, validated, status, leavesOut }: TrailSubject): string[] {
  const region = homeRegion === null ? [] : ['--region', homeRegion];
  const trail = ['--name', arn, ...region];
  const commands: string[] = [];
  if (multiRegion === false || validated === false) {
    commands.push(shellCommand('aws', 'cloudtrail', 'update-trail', ...trail, '--is-multi-region-trail', '--enable-log-file-validation'));
  }
  if (leavesOut.known && leavesOut.value.length > 0) {
    const selectors = JSON.stringify([{ ReadWriteType: 'All', IncludeManagementEvents: true }]);
    commands.push(shellCommand('aws', 'cloudtrail', 'put-event-selectors', '--trail-name', arn, ...region, '--event-selectors', selectors));
  }
  if (status.known && status.value.logging === false) commands.push(shellCommand('aws', 'cloudtrail', 'start-logging', ...trail));
  return commands;
}
