import type { Trails } from '../../domain/account-answers.ts';
import type { Resource } from '../../domain/resource.ts';
import type { Severity } from '../../domain/severity.ts';
import type { Change, ChangeVerdict } from '../../evidence/change.ts';
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
    'Reads trails that are stopped, deleted or updated to record or keep less, event selectors that no longer record all management events, and bucket policies that are deleted from a bucket of a trail. Updates that only strengthen a trail are none; leaving out KMS and the RDS Data API alone is low.',
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

/** Options of an update: the name in the event, the value that records less, and the option that sets it back. */
const weaker: readonly (readonly [name: string, says: string, back: string])[] = [
  ['isMultiRegionTrail', 'records one region only', '--is-multi-region-trail'],
  ['enableLogFileValidation', 'can no longer be shown to be complete', '--enable-log-file-validation'],
  ['includeGlobalServiceEvents', 'leaves out IAM and other global services', '--include-global-service-events'],
  ['isOrganizationTrail', 'leaves out the other accounts of the organization', '--is-organization-trail'],
];

/** Where a trail delivers to; an update that changes it leads the records elsewhere. */
const places: readonly (readonly [name: string, option: string, answer: string])[] = [
  ['s3BucketName', '--s3-bucket-name', 'S3BucketName'],
  ['s3KeyPrefix', '--s3-key-prefix', 'S3KeyPrefix'],
];

function judgeUpdate(change: Change, trail: Resource): ChangeVerdict | null {
  const { requestParameters: request } = change.event;
  const off = weaker.filter(([name]) => flagField(request, name) === false);
  const known = trailsOf(change)?.find(({ TrailARN }) => TrailARN === trail.arn);
  const bucket = known?.S3BucketName;
  const moved = places.filter(([name]) => {
    const to = textField(request, name);
    // An update may repeat the bucket that is there.
    return to !== null && !(name === 's3BucketName' && change.seen === 'before' && to === bucket);
  });
  if (off.length === 0 && moved.length === 0) return null;
  const to = textField(request, 's3BucketName');
  const before = to !== null && bucket !== undefined && bucket !== to ? bucket : null;
  const sentences = [
    ...off.map(([, says]) => says),
    ...moved.map(([name]) => `delivers to ${name === 's3BucketName' ? 'the bucket' : 'the prefix'} ${textField(request, name)}`),
  ];
  const unmoved = moved.every(([name]) => name === 's3BucketName' && before !== null);
  const options = [...off.map(([, , back]) => back), ...(before === null ? [] : ['--s3-bucket-name', before])];
  return verdict(
    trail,
    'critical',
    `Trail ${trail.name} was updated: it ${listed(sentences)}${before === null ? '' : ` (${before} before)`}.`,
    {
      before: { ...(before === null ? {} : { S3BucketName: before }) },
      after: Object.fromEntries([
        ...off.map(([name]) => [name, false] as const),
        ...moved.map(([name, , answer]) => [answer, textField(request, name)] as const),
      ]),
      remediation:
        options.length === 0 || (!unmoved && off.length === 0)
          ? null
          : undo(change, awsCommand(change, 'cloudtrail', 'update-trail', '--name', trail.name, ...options), 'at once'),
    },
  );
}

function judgeSelectors(change: Change, trail: Resource): ChangeVerdict | null {
  const { requestParameters: request } = change.event;
  const recorded = [
    ...objectsField(request, 'eventSelectors').map(simplePart),
    ...objectsField(request, 'advancedEventSelectors').flatMap(advancedPart),
  ];
  if (recorded.some(({ all, without }) => all && without.length === 0)) return null;
  const minor = recorded.some(({ all, without }) => all && without.every((source) => harmless.includes(source)));
  const best = recorded.find(({ all }) => all);
  const says = best === undefined ? 'no longer records all management events' : `leaves out ${listed(best.without)}`;
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

interface Recorded {
  /** Reads and writes of management events, but for `without`. */
  readonly all: boolean;
  readonly without: readonly string[];
}

function simplePart(selector: Words): Recorded {
  const management = flagField(selector, 'includeManagementEvents') ?? true;
  const kind = textField(selector, 'readWriteType')?.toLowerCase() ?? 'all';
  return { all: management && kind === 'all', without: textsField(selector, 'excludeManagementEventSources') };
}

function advancedPart(selector: Words): Recorded[] {
  const fields = objectsField(selector, 'fieldSelectors');
  const isManagement = fields.some(
    (one) => textField(one, 'field') === 'eventCategory' && textsField(one, 'equals').includes('Management'),
  );
  if (!isManagement) return [];
  const others = fields.filter((one) => textField(one, 'field') !== 'eventCategory');
  const without = others.filter((one) => textField(one, 'field') === 'eventSource').flatMap((one) => textsField(one, 'notEquals'));
  const limited = others.some((one) => textField(one, 'field') !== 'eventSource' || textsField(one, 'notEquals').length === 0);
  return [{ all: !limited, without }];
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
