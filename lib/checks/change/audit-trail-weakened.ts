import type { Trails } from '../../domain/account-answers.ts';
import type { Resource } from '../../domain/resource.ts';
import type { Severity } from '../../domain/severity.ts';
import type { Change, ChangeVerdict } from '../../evidence/change.ts';
import { earlier } from '../../evidence/change.ts';
import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import type { Words } from '../../evidence/request.ts';
import { field, flagField, objectsField, textField, textsField } from '../../evidence/request.ts';
import { listed } from '../sentences.ts';
import { awsCommand, undo } from './undo.ts';

/** CloudTrail records less than before, or nothing. */
export const auditTrailWeakened = {
  kind: 'change',
  id: 'audit-trail-weakened',
  title: 'The audit trail was weakened',
  severity: 'critical',
  rationale:
    'CloudTrail is what says who did what. Whoever stops it works unseen from then on, and this monitor hears of nothing that follows: it is the first step of an attack.',
  judged:
    'Reads trails that are stopped, deleted or updated to record or keep less, event selectors that no longer record all management events, and bucket policies that are deleted from a bucket of a trail. Updates that only strengthen a trail, or repeat what is known of it, are none, nor are selectors that record all of them together; leaving out KMS and the RDS Data API alone is low.',
  fix: 'Start the trail again and set back what was changed: a deleted trail is made anew, with its bucket, all regions and log file validation, and a bucket gets the policy back that CloudTrail needs. Then look at everything that happened since, with LookupEvents, which records without a trail.',
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopLogging.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html',
  ],
  controls: ['AWS FSBP CloudTrail.1', 'CIS AWS 3.0 4.5', 'PCI DSS 4.0 10.3.2', 'NIST 800-53 AU-9', 'NIST 800-53 AU-12'],
  falsePositives: ['A second trail, of one region or for data events only, that is put in order.'],
  needs: ['cloudtrail:DescribeTrails'],
  events: [
    { source: 'cloudtrail.amazonaws.com', names: ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'] },
    { source: 's3.amazonaws.com', names: ['DeleteBucketPolicy'] },
  ],
  evaluate(change) {
    const { eventName } = change.event;
    if (eventName === 'DeleteBucketPolicy') return judgeBucketPolicy(change);
    const trail = trailOf(change);
    if (trail === null) return null;
    if (eventName === 'UpdateTrail') return judgeUpdate(change, trail);
    if (eventName === 'PutEventSelectors') return judgeSelectors(change, trail);
    const name = ['--name', trail.name];
    const stopped = eventName === 'StopLogging';
    return verdict(
      trail,
      'critical',
      stopped ? `Trail ${trail.name} was stopped: nothing is recorded in it from now on.` : `Trail ${trail.name} was deleted.`,
      {
        before: stopped ? { IsLogging: true } : {},
        after: stopped ? { IsLogging: false } : {},
        remediation: stopped
          ? undo(change, awsCommand(change, 'cloudtrail', 'start-logging', ...name), 'at once')
          : recreate(change, trail),
      },
    );
  },
} satisfies ChangeCheck;

/** The trail that the event names, by name or ARN. */
function trailOf(change: Change): Resource | null {
  const { requestParameters: request, responseElements: response, region } = change.event;
  const named = textField(request, 'name') ?? textField(request, 'trailName') ?? textField(response, 'trailARN');
  if (named === null) return null;
  const arn = named.startsWith('arn:')
    ? named
    : (textField(response, 'trailARN') ?? `arn:${change.partition}:cloudtrail:${region}:${change.account}:trail/${named}`);
  return { arn, type: 'trail', name: arn.split(':trail/').at(-1) || named, region };
}

function verdict(
  on: Resource,
  severity: Severity,
  reason: string,
  more: Pick<ChangeVerdict, 'before' | 'after' | 'remediation'>,
): ChangeVerdict {
  return { severity, reason, on, resources: [on], inEffect: true, ...more };
}

function recreate(change: Change, trail: Resource): ChangeVerdict['remediation'] {
  const known = trailsOf(change)?.find(({ TrailARN }) => TrailARN === trail.arn);
  if (known?.S3BucketName === undefined) return null;
  const kind = [
    ...(known.IsMultiRegionTrail === true ? ['--is-multi-region-trail'] : []),
    ...(known.IsOrganizationTrail === true ? ['--is-organization-trail'] : []),
    '--enable-log-file-validation',
  ];
  const commands = [
    awsCommand(change, 'cloudtrail', 'create-trail', '--name', trail.name, '--s3-bucket-name', known.S3BucketName, ...kind),
    awsCommand(change, 'cloudtrail', 'start-logging', '--name', trail.name),
  ];
  return undo(change, commands, 'at once');
}

/** Options of an update: the name in the event, the value that records less, the option that sets it back, and the name in the answer. */
const weaker = [
  ['isMultiRegionTrail', 'records one region only', '--is-multi-region-trail', 'IsMultiRegionTrail'],
  ['enableLogFileValidation', 'can no longer be shown to be complete', '--enable-log-file-validation', 'LogFileValidationEnabled'],
  [
    'includeGlobalServiceEvents',
    'leaves out IAM and other global services',
    '--include-global-service-events',
    'IncludeGlobalServiceEvents',
  ],
  ['isOrganizationTrail', 'leaves out the other accounts of the organization', '--is-organization-trail', 'IsOrganizationTrail'],
] as const;

/** Where a trail delivers to; an update that changes it leads the records elsewhere. */
const places = [
  ['s3BucketName', 'the bucket', '--s3-bucket-name', 'S3BucketName'],
  ['s3KeyPrefix', 'the prefix', '--s3-key-prefix', 'S3KeyPrefix'],
] as const;

/** An update may repeat what is there: the console sends every setting. */
function judgeUpdate(change: Change, trail: Resource): ChangeVerdict | null {
  const { requestParameters: request } = change.event;
  const known = trailsOf(change)?.find(({ TrailARN }) => TrailARN === trail.arn);
  const off = weaker.flatMap(([name, says, option, answer]) => {
    if (flagField(request, name) !== false) return [];
    const { before, repeats } = earlier(change, known?.[answer], false);
    return repeats ? [] : [{ name, says, option, before }];
  });
  const moved = places.flatMap(([name, word, option, answer]) => {
    const to = textField(request, name);
    const { before, repeats } = earlier(change, known?.[answer], to);
    return to === null || repeats ? [] : [{ word, option, answer, to, before }];
  });
  if (off.length === 0 && moved.length === 0) return null;
  const sentences = [
    ...off.map(({ says }) => says),
    ...moved.map(({ word, to, before }) => `delivers to ${word} ${to}${before === null ? '' : ` (${before} before)`}`),
  ];
  const options = [...off.map(({ option }) => option), ...moved.flatMap(({ option, before }) => (before === null ? [] : [option, before]))];
  const isWhole = off.length > 0 || moved.every(({ before }) => before !== null);
  return verdict(trail, 'critical', `Trail ${trail.name} was updated: it ${listed(sentences)}.`, {
    before: Object.fromEntries([
      ...off.flatMap(({ name, before }) => (before === null ? [] : [[name, before] as const])),
      ...moved.flatMap(({ answer, before }) => (before === null ? [] : [[answer, before] as const])),
    ]),
    after: Object.fromEntries([...off.map(({ name }) => [name, false] as const), ...moved.map(({ answer, to }) => [answer, to] as const)]),
    remediation: isWhole
      ? undo(change, awsCommand(change, 'cloudtrail', 'update-trail', '--name', trail.name, ...options), 'at once')
      : null,
  });
}

function judgeSelectors(change: Change, trail: Resource): ChangeVerdict | null {
  const { requestParameters: request } = change.event;
  const recorded = [
    ...objectsField(request, 'eventSelectors').map(simplePart),
    ...objectsField(request, 'advancedEventSelectors').map(advancedPart),
  ];
  const without = leftOut(recorded);
  if (without?.length === 0) return null;
  const minor = without?.every((source) => harmless.includes(source)) === true;
  const says = without === null ? 'no longer records all management events' : `leaves out ${listed(without)}`;
  const all = JSON.stringify([{ ReadWriteType: 'All', IncludeManagementEvents: true }]);
  const command = awsCommand(change, 'cloudtrail', 'put-event-selectors', '--trail-name', trail.name, '--event-selectors', all);
  return verdict(trail, minor ? 'low' : 'critical', `Trail ${trail.name} ${says}.`, {
    after: {
      eventSelectors: field(request, 'eventSelectors') ?? field(request, 'advancedEventSelectors') ?? null,
    },
    remediation: undo(change, command, 'at once'),
  });
}

/** AWS offers to leave these two out for their volume; nothing that is watched here is among them. */
const harmless: readonly string[] = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'];

/** Management events that one selector records, but for those of `without`. */
interface Recorded {
  readonly reads: boolean;
  readonly writes: boolean;
  readonly without: readonly string[];
}

/** The services whose management events no selector records, reads or writes, sorted; null: others are not recorded either. */
function leftOut(recorded: readonly Recorded[]): readonly string[] | null {
  const sides = [recorded.filter(({ reads }) => reads), recorded.filter(({ writes }) => writes)];
  if (sides.some((those) => those.length === 0)) return null;
  // What one selector leaves out another may record.
  const missing = sides.flatMap(([first, ...others]) =>
    (first?.without ?? []).filter((source) => others.every(({ without }) => without.includes(source))),
  );
  return [...new Set(missing)].sort();
}

function simplePart(selector: Words): Recorded {
  const management = flagField(selector, 'includeManagementEvents') ?? true;
  const kind = textField(selector, 'readWriteType')?.toLowerCase() ?? 'all';
  return {
    reads: management && (kind === 'all' || kind === 'readonly'),
    writes: management && (kind === 'all' || kind === 'writeonly'),
    without: textsField(selector, 'excludeManagementEventSources'),
  };
}

const patterns = ['startsWith', 'notStartsWith', 'endsWith', 'notEndsWith'] as const;

function advancedPart(selector: Words): Recorded {
  const fields = objectsField(selector, 'fieldSelectors');
  const named = (name: string): readonly Words[] => fields.filter((one) => textField(one, 'field') === name);
  const isManagement = named('eventCategory').some((one) => textsField(one, 'equals').includes('Management'));
  const sides = named('readOnly').flatMap((one) => [...textsField(one, 'equals')]);
  const isLimited = fields.some((one) => {
    const name = textField(one, 'field');
    if (name === 'eventSource')
      return textsField(one, 'notEquals').length === 0 || patterns.some((word) => textsField(one, word).length > 0);
    return name !== 'eventCategory' && (name !== 'readOnly' || textsField(one, 'equals').length === 0);
  });
  const records = (side: string): boolean => isManagement && !isLimited && (sides.length === 0 || sides.includes(side));
  return {
    reads: records('true'),
    writes: records('false'),
    without: named('eventSource').flatMap((one) => [...textsField(one, 'notEquals')]),
  };
}

function judgeBucketPolicy(change: Change): ChangeVerdict | null {
  const bucket = textField(change.event.requestParameters, 'bucketName');
  if (bucket === null) return null;
  const trails = trailsOf(change);
  const users = (trails ?? []).filter(({ S3BucketName }) => S3BucketName === bucket);
  if (trails !== null && users.length === 0) return null;
  const { region } = change.event;
  const resources = users.map(
    ({ TrailARN, Name, HomeRegion }): Resource => ({ arn: TrailARN, type: 'trail', name: Name ?? TrailARN, region: HomeRegion ?? region }),
  );
  const on: Resource = { arn: `arn:${change.partition}:s3:::${bucket}`, type: 'trail', name: bucket, region };
  const whose =
    users.length === 0
      ? 'Whether a trail delivers to it is not known.'
      : `${listed(resources.map(({ name }) => name))} can no longer deliver to it.`;
  return {
    severity: users.length === 0 ? 'medium' : 'critical',
    reason: `The policy of the bucket ${bucket} was deleted. ${whose}`,
    on,
    resources: resources.length === 0 ? [on] : resources,
    inEffect: true,
    remediation:
      users.length === 0
        ? null
        : undo(
            change,
            awsCommand(
              change,
              's3api',
              'put-bucket-policy',
              '--bucket',
              bucket,
              '--policy',
              JSON.stringify(bucketPolicy(change, bucket, resources)),
            ),
            'at once',
          ),
  };
}

/** What CloudTrail needs to deliver, as AWS documents it. */
function bucketPolicy({ partition, account }: Change, bucket: string, trails: readonly Resource[]): object {
  const by = { Principal: { Service: 'cloudtrail.amazonaws.com' }, Effect: 'Allow' };
  const source = { 'aws:SourceArn': trails.map(({ arn }) => arn) };
  return {
    Version: '2012-10-17',
    Statement: [
      { ...by, Action: 's3:GetBucketAcl', Resource: `arn:${partition}:s3:::${bucket}`, Condition: { StringEquals: source } },
      {
        ...by,
        Action: 's3:PutObject',
        Resource: `arn:${partition}:s3:::${bucket}/AWSLogs/${account}/*`,
        Condition: { StringEquals: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      },
    ],
  };
}

/** Trails that any region lists; null: nobody could ask. */
function trailsOf({ inventory, event }: Change): Trails['trailList'] | null {
  const lists = [...new Set([event.region, ...inventory.regions])].flatMap((region) => {
    const answer = inventory.answer<Trails>(region, 'cloudtrail', 'describe-trails');
    return answer.known ? [answer.value.trailList] : [];
  });
  return lists.length === 0 ? null : lists.flat();
}
