import { cloudtrailRecording } from '../../../lib/checks/posture/cloudtrail-recording.ts';
import { denied, Refused, trail } from '../../evidence/answers.ts';
import { testPosture } from './table.ts';

const trails = (...trailList: readonly unknown[]) => ({ 'cloudtrail describe-trails': { trailList } });
const status = (override: Readonly<Record<string, unknown>>, key = 'main') => ({
  [`cloudtrail get-trail-status ${key}`]: { IsLogging: true, LatestDeliveryTime: '2026-05-03T11:50:00Z', ...override },
});
const selectors = (answer: Readonly<Record<string, unknown>>, key = 'main') => ({ [`cloudtrail get-event-selectors ${key}`]: answer });
const simple = (...EventSelectors: readonly unknown[]) => selectors({ EventSelectors });
const advanced = (...conditions: readonly (readonly unknown[])[]) =>
  selectors({ AdvancedEventSelectors: conditions.map((FieldSelectors) => ({ Name: 'x', FieldSelectors })) });
const management = { Field: 'eventCategory', Equals: ['Management'] };
const all = { ReadWriteType: 'All', IncludeManagementEvents: true };
const elsewhere = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
const organizations = 'arn:aws:cloudtrail:us-east-1:444455556666:trail/org';
const notHere = { 'cloudtrail get-trail-status main': undefined, 'cloudtrail get-event-selectors main': undefined };
const arn = 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/main';

testPosture(cloudtrailRecording, {
  passes: [
    { name: 'all of it', says: 'Trail main records all management events of all regions and delivered at 2026-05-03T11:50:00Z.' },
    { name: 'delivered a day ago', answers: status({ LatestDeliveryTime: '2026-05-02T12:00:00Z' }) },
    { name: 'a time in seconds', answers: status({ LatestDeliveryTime: 1777808400 }) },
    { name: 'flags as text', answers: trails(trail({ IsMultiRegionTrail: 'true', LogFileValidationEnabled: 'true' })) },
    {
      name: 'beside a trail that lacks something',
      answers: trails(trail({ Name: 'data', TrailARN: `${arn}-data`, IsMultiRegionTrail: false }), trail()),
    },
    {
      name: 'reads and writes in two selectors',
      answers: simple({ ...all, ReadWriteType: 'ReadOnly' }, { ...all, ReadWriteType: 'WriteOnly' }),
    },
    { name: "a selector with AWS's defaults", answers: simple({ DataResources: [] }) },
    {
      name: 'without KMS and the Data API',
      answers: simple({ ...all, ExcludeManagementEventSources: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] }),
    },
    { name: 'advanced selectors', answers: advanced([management], [{ Field: 'eventCategory', Equals: ['Data'] }]) },
    { name: 'advanced selectors without KMS', answers: advanced([management, { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }]) },
    {
      name: 'a trail of another region, asked by its ARN',
      answers: {
        ...notHere,
        ...trails(trail({ TrailARN: elsewhere, HomeRegion: 'us-east-1' })),
        ...status({}, elsewhere),
        ...selectors({ EventSelectors: [all] }, elsewhere),
      },
    },
    {
      name: 'a trail of another region, saved by its name',
      answers: trails(trail({ TrailARN: elsewhere, HomeRegion: 'us-east-1' })),
    },
    {
      name: 'a trail of this region, saved by its ARN',
      answers: { ...notHere, ...status({}, arn), ...selectors({ EventSelectors: [all] }, arn) },
    },
    {
      name: "an organization's trail",
      answers: {
        ...notHere,
        ...trails(trail({ Name: 'org', TrailARN: organizations, HomeRegion: 'us-east-1', IsOrganizationTrail: true })),
        ...status({}, organizations),
        ...selectors({ EventSelectors: [all] }, organizations),
      },
    },
  ],
  fails: [
    { name: 'no trail', answers: trails(), says: 'No trail records what happens in this account.', evidence: { trails: [] } },
    {
      name: 'one region',
      answers: trails(trail({ IsMultiRegionTrail: false })),
      says: 'No trail records all that it should: main is of one region.',
      evidence: { trails: [{ arn, lacks: ['is of one region'] }] },
      command: `aws cloudtrail update-trail --name ${arn} --region eu-central-1 --is-multi-region-trail --enable-log-file-validation`,
      effect: 'at once',
    },
    { name: 'no validation', answers: trails(trail({ LogFileValidationEnabled: false })), says: /no log file validation/ },
    {
      name: 'stopped',
      answers: status({ IsLogging: false }),
      says: /does not log/,
      command: `aws cloudtrail start-logging --name ${arn} --region eu-central-1`,
    },
    {
      name: 'delivered more than a day ago',
      answers: status({ LatestDeliveryTime: '2026-05-02T11:59:59Z', LatestDeliveryError: 'AccessDenied' }),
      says: /2026-05-02T11:59:59Z \(AccessDenied\)/,
    },
    { name: 'never delivered', answers: status({ LatestDeliveryTime: undefined }), says: /never delivered/ },
    {
      name: 'data events alone',
      answers: simple({ ReadWriteType: 'All', IncludeManagementEvents: false }),
      says: /leaves out all management events/,
    },
    { name: 'writes alone', answers: simple({ ...all, ReadWriteType: 'WriteOnly' }), says: /leaves out reads/ },
    { name: 'reads alone', answers: simple({ ...all, ReadWriteType: 'ReadOnly' }), says: /leaves out writes/ },
    {
      name: 'without RDS',
      answers: simple({ ...all, ExcludeManagementEventSources: ['rds.amazonaws.com'] }),
      says: /events of rds\.amazonaws\.com/,
    },
    { name: 'advanced selectors of data alone', answers: advanced([{ Field: 'eventCategory', Equals: ['Data'] }]) },
    {
      name: 'advanced selectors of writes alone',
      answers: advanced([management, { Field: 'readOnly', Equals: ['false'] }]),
      says: /leaves out reads/,
    },
    {
      name: 'advanced selectors of one source alone',
      answers: advanced([management, { Field: 'eventSource', Equals: ['s3.amazonaws.com'] }]),
    },
    {
      name: 'what one lacks another has, but none has all',
      answers: trails(trail({ IsMultiRegionTrail: false }), trail({ Name: 'b', TrailARN: `${arn}-b`, LogFileValidationEnabled: false })),
    },
  ],
  unknown: [
    { name: 'trails denied', answers: { 'cloudtrail describe-trails': denied }, says: /denied/ },
    { name: 'trails not collected', answers: { 'cloudtrail describe-trails': undefined }, says: /not collected/ },
    { name: 'status denied', answers: { 'cloudtrail get-trail-status main': denied }, says: /denied to cloudtrail get-trail-status main/ },
    { name: 'status throttled', answers: { 'cloudtrail get-trail-status main': new Refused('throttled', 'ThrottlingException: slow') } },
    { name: 'a time of delivery that cannot be read', answers: status({ LatestDeliveryTime: 'lately' }), says: /unreadable/ },
    {
      name: 'selectors denied',
      answers: { 'cloudtrail get-event-selectors main': denied },
      says: /denied to cloudtrail get-event-selectors main/,
    },
    {
      name: 'a trail that cannot be read',
      answers: trails({ Name: 'main' }),
      says: /1 trail of cloudtrail describe-trails could not be read/,
    },
    { name: 'several regions not said', answers: trails(trail({ IsMultiRegionTrail: undefined })), says: /IsMultiRegionTrail/ },
  ],
});
