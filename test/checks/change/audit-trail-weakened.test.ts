import { auditTrailWeakened } from '../../../lib/checks/change/audit-trail-weakened.ts';
import { fine, region } from '../../evidence/answers.ts';
import type { Call } from './table.ts';
import { testChange } from './table.ts';

const arn = `arn:aws:cloudtrail:${region}:111122223333:trail/all`;
const trail = (name: string, request: unknown, response: unknown = null): Call => ({
  source: 'cloudtrail.amazonaws.com',
  name,
  request,
  response,
});
const trails = {
  ...fine,
  'cloudtrail describe-trails': {
    trailList: [
      {
        Name: 'all',
        TrailARN: arn,
        HomeRegion: region,
        S3BucketName: 'trail-bucket',
        S3KeyPrefix: 'audit',
        IncludeGlobalServiceEvents: true,
        IsMultiRegionTrail: true,
        IsOrganizationTrail: false,
        LogFileValidationEnabled: true,
      },
    ],
  },
};
const simple = (more: object): Call =>
  trail('PutEventSelectors', {
    trailName: 'all',
    eventSelectors: [
      { readWriteType: 'All', includeManagementEvents: true, dataResources: [], excludeManagementEventSources: [], ...more },
    ],
  });
const advanced = (...fieldSelectors: object[]): Call =>
  trail('PutEventSelectors', { trailName: 'all', advancedEventSelectors: [{ name: 'x', fieldSelectors }] });
const management = { field: 'eventCategory', equals: ['Management'] };

testChange(auditTrailWeakened, [
  {
    name: 'stopped',
    call: trail('StopLogging', { name: arn }),
    alert: {
      severity: 'critical',
      reason: 'Trail all was stopped: nothing is recorded in it from now on.',
      resources: ['all'],
      before: { IsLogging: true },
      after: { IsLogging: false },
      inEffect: true,
      command: `aws cloudtrail start-logging --region ${region} --name all`,
    },
  },
  { name: 'deleted', call: trail('DeleteTrail', { name: 'all' }), alert: { severity: 'critical', resources: ['all'], command: null } },
  {
    name: 'deleted, and the evidence still has it',
    call: trail('DeleteTrail', { name: 'all' }),
    answers: trails,
    alert: {
      command: `aws cloudtrail create-trail --region ${region} --name all --s3-bucket-name trail-bucket --is-multi-region-trail --enable-log-file-validation\naws cloudtrail start-logging --region ${region} --name all`,
    },
  },
  {
    name: 'one region only',
    call: trail('UpdateTrail', { name: 'all', isMultiRegionTrail: false }),
    alert: {
      severity: 'critical',
      reason: 'Trail all was updated: it records one region only.',
      after: { isMultiRegionTrail: false },
      command: `aws cloudtrail update-trail --region ${region} --name all --is-multi-region-trail`,
    },
  },
  { name: 'no validation', call: trail('UpdateTrail', { name: 'all', enableLogFileValidation: false }), alert: { severity: 'critical' } },
  {
    name: 'another bucket',
    call: trail('UpdateTrail', { name: 'all', s3BucketName: 'mine' }),
    answers: trails,
    alert: {
      severity: 'critical',
      before: { S3BucketName: 'trail-bucket' },
      after: { S3BucketName: 'mine' },
      command: `aws cloudtrail update-trail --region ${region} --name all --s3-bucket-name trail-bucket`,
    },
  },
  {
    name: 'the same bucket again',
    call: trail('UpdateTrail', { name: 'all', s3BucketName: 'trail-bucket' }),
    answers: trails,
    before: true,
    alert: null,
  },
  {
    name: 'more than before',
    call: trail('UpdateTrail', { name: 'all', isMultiRegionTrail: true, enableLogFileValidation: true }),
    alert: null,
  },
  {
    name: 'all that is there again, as the console sends it',
    call: trail('UpdateTrail', {
      name: 'all',
      s3BucketName: 'trail-bucket',
      s3KeyPrefix: 'audit',
      includeGlobalServiceEvents: true,
      isMultiRegionTrail: true,
      isOrganizationTrail: false,
      enableLogFileValidation: true,
    }),
    answers: trails,
    before: true,
    alert: null,
  },
  {
    name: 'all that is there again, but for the validation',
    call: trail('UpdateTrail', {
      name: 'all',
      s3BucketName: 'trail-bucket',
      s3KeyPrefix: 'audit',
      isOrganizationTrail: false,
      enableLogFileValidation: false,
    }),
    answers: trails,
    before: true,
    alert: {
      severity: 'critical',
      reason: 'Trail all was updated: it can no longer be shown to be complete.',
      before: { enableLogFileValidation: true },
      after: { enableLogFileValidation: false },
      command: `aws cloudtrail update-trail --region ${region} --name all --enable-log-file-validation`,
    },
  },
  {
    name: 'one account only, where the evidence already shows it',
    call: trail('UpdateTrail', { name: 'all', isOrganizationTrail: false }),
    answers: trails,
    alert: { severity: 'critical', before: undefined, after: { isOrganizationTrail: false } },
  },
  {
    name: 'without global services',
    call: trail('UpdateTrail', { name: 'all', includeGlobalServiceEvents: false }),
    answers: trails,
    alert: {
      severity: 'critical',
      reason: 'Trail all was updated: it leaves out IAM and other global services.',
      before: { includeGlobalServiceEvents: true },
      command: `aws cloudtrail update-trail --region ${region} --name all --include-global-service-events`,
    },
  },
  {
    name: 'another bucket and prefix',
    call: trail('UpdateTrail', { name: 'all', s3BucketName: 'mine', s3KeyPrefix: 'x' }),
    answers: trails,
    alert: {
      reason: 'Trail all was updated: it delivers to the bucket mine (trail-bucket before) and delivers to the prefix x (audit before).',
      before: { S3BucketName: 'trail-bucket', S3KeyPrefix: 'audit' },
      after: { S3BucketName: 'mine', S3KeyPrefix: 'x' },
      command: `aws cloudtrail update-trail --region ${region} --name all --s3-bucket-name trail-bucket --s3-key-prefix audit`,
    },
  },
  {
    name: 'another prefix, and nobody knows the one before',
    call: trail('UpdateTrail', { name: 'all', s3KeyPrefix: 'x' }),
    alert: { severity: 'critical', before: undefined, after: { S3KeyPrefix: 'x' }, command: null },
  },
  {
    name: 'no management events, as captured',
    call: trail('PutEventSelectors', {
      trailName: 'all',
      eventSelectors: [
        {
          dataResources: [{ type: 'AWS::S3::Object', values: [] }],
          excludeManagementEventSources: [],
          includeManagementEvents: false,
          readWriteType: 'ReadOnly',
        },
      ],
    }),
    alert: {
      severity: 'critical',
      reason: 'Trail all no longer records all management events.',
      command: `aws cloudtrail put-event-selectors --region ${region} --trail-name all --event-selectors '[{"ReadWriteType":"All","IncludeManagementEvents":true}]'`,
    },
  },
  { name: 'writes only', call: simple({ readWriteType: 'WriteOnly' }), alert: { severity: 'critical' } },
  { name: 'reads only', call: simple({ readWriteType: 'ReadOnly' }), alert: { severity: 'critical' } },
  { name: 'all management events', call: simple({}), alert: null },
  {
    name: 'all of them, beside data events',
    call: trail('PutEventSelectors', {
      trailName: 'all',
      eventSelectors: [
        { readWriteType: 'All', includeManagementEvents: true },
        { readWriteType: 'WriteOnly', includeManagementEvents: false },
      ],
    }),
    alert: null,
  },
  {
    name: 'reads by one selector, writes by another',
    call: trail('PutEventSelectors', {
      trailName: 'all',
      eventSelectors: [{ readWriteType: 'ReadOnly' }, { readWriteType: 'WriteOnly', includeManagementEvents: true }],
    }),
    alert: null,
  },
  {
    name: 'reads by one selector, writes by another that leaves RDS out',
    call: trail('PutEventSelectors', {
      trailName: 'all',
      eventSelectors: [
        { readWriteType: 'ReadOnly' },
        { readWriteType: 'WriteOnly', excludeManagementEventSources: ['rds.amazonaws.com', 'kms.amazonaws.com'] },
      ],
    }),
    alert: { severity: 'critical', reason: 'Trail all leaves out kms.amazonaws.com and rds.amazonaws.com.' },
  },
  {
    name: 'what one selector leaves out, another records',
    call: trail('PutEventSelectors', {
      trailName: 'all',
      eventSelectors: [
        { readWriteType: 'All', excludeManagementEventSources: ['kms.amazonaws.com'] },
        { readWriteType: 'All', excludeManagementEventSources: ['rdsdata.amazonaws.com'] },
      ],
    }),
    alert: null,
  },
  {
    name: 'no selectors at all',
    call: trail('PutEventSelectors', { trailName: 'all', eventSelectors: [] }),
    alert: { severity: 'critical' },
  },
  {
    name: 'without KMS and the Data API',
    call: simple({ excludeManagementEventSources: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] }),
    alert: { severity: 'low' },
  },
  { name: 'all, in the newer kind', call: advanced(management), alert: null },
  {
    name: 'writes only, in the newer kind',
    call: advanced(management, { field: 'readOnly', equals: ['false'] }),
    alert: { severity: 'critical' },
  },
  {
    name: 'without RDS, in the newer kind',
    call: advanced(management, { field: 'eventSource', notEquals: ['rds.amazonaws.com'] }),
    alert: { severity: 'critical', reason: /leaves out rds\.amazonaws\.com/ },
  },
  {
    name: 'without all that begins with rds, in the newer kind',
    call: advanced(management, { field: 'eventSource', notEquals: ['kms.amazonaws.com'], notStartsWith: ['rds'] }),
    alert: { severity: 'critical', reason: /no longer records all management events/ },
  },
  {
    name: 'reads by one selector, writes by another, in the newer kind',
    call: trail('PutEventSelectors', {
      trailName: 'all',
      advancedEventSelectors: [
        { fieldSelectors: [management, { field: 'readOnly', equals: ['true'] }] },
        { fieldSelectors: [management, { field: 'readOnly', equals: ['false'] }] },
      ],
    }),
    alert: null,
  },
  {
    name: 'reads twice, in the newer kind',
    call: trail('PutEventSelectors', {
      trailName: 'all',
      advancedEventSelectors: [
        { fieldSelectors: [management, { field: 'readOnly', equals: ['true'] }] },
        { fieldSelectors: [management, { field: 'readOnly', equals: ['true'] }] },
      ],
    }),
    alert: { severity: 'critical' },
  },
  {
    name: 'of one person only, in the newer kind',
    call: advanced(management, { field: 'userIdentity.arn', equals: ['arn:aws:iam::111122223333:user/x'] }),
    alert: { severity: 'critical' },
  },
  {
    name: 'data events only, in the newer kind',
    call: advanced({ field: 'eventCategory', equals: ['Data'] }),
    alert: { severity: 'critical' },
  },
  { name: 'a failed call', call: { ...trail('StopLogging', { name: 'all' }), record: { errorCode: 'AccessDenied' } }, alert: null },
  {
    name: 'requestParameters null',
    call: trail('StopLogging', null),
    alert: { severity: 'medium', reason: /holds no parameters that can be read/, command: null },
  },
]);

const bucket = (bucketName: string, record: object = {}): Call => ({
  source: 's3.amazonaws.com',
  name: 'DeleteBucketPolicy',
  request: { bucketName, Host: 's3.amazonaws.com', policy: '' },
  record,
});

testChange(auditTrailWeakened, [
  {
    name: "the policy of the trail's bucket",
    call: bucket('trail-bucket'),
    answers: trails,
    alert: {
      severity: 'critical',
      resources: ['all'],
      reason: 'The policy of the bucket trail-bucket was deleted. all can no longer deliver to it.',
    },
  },
  { name: 'the policy of another bucket', call: bucket('photos'), answers: trails, alert: null },
  {
    name: 'nobody knows the trails',
    call: bucket('photos'),
    alert: { severity: 'medium', reason: /Whether a trail delivers to it is not known/, command: null },
  },
  { name: 'a failed call, as captured', call: bucket('trail-bucket', { errorCode: 'NoSuchBucket' }), answers: trails, alert: null },
]);
