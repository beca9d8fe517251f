import { z } from 'zod/mini';
import type * as aws from '../../domain/account-answers.ts';
import type { Tag } from '../../domain/cluster-answers.ts';
import { readCredentialReport } from './credential-report.ts';
import { flag, identity, inner, isObject, lenient, list, named, number, readElements, text, texts, time } from './fields.ts';
import type { ReadAnswer } from './index.ts';

/** What is there and cannot be read must not look like what is not there: that would be a role without policies, or one that was never used. */
function orBlank<Shape>(blank: unknown, isIt: (value: unknown) => boolean, schema: z.ZodMiniType<Shape>): z.ZodMiniType<Shape> {
  const replace = (value: unknown): unknown => (value === undefined || value === null ? undefined : isIt(value) ? value : blank);
  return z.pipe(z.transform(replace), schema);
}

const tags = inner<Tag>(z.object({ Key: text, Value: text }));
const document = z.optional(z.unknown());
const inlinePolicies = orBlank([{}], Array.isArray, inner<aws.InlinePolicy>(z.object({ PolicyName: text, PolicyDocument: document })));
const attachedPolicies = orBlank([{}], Array.isArray, inner<aws.AttachedPolicy>(z.object({ PolicyName: text, PolicyArn: text })));
const boundary = orBlank({}, isObject, lenient<aws.PermissionsBoundary>(z.object({ PermissionsBoundaryArn: text })));
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');

/** A time that fails where it is there and cannot be read. */
const exactTime: z.ZodMiniType<string | undefined> = z.pipe(
  z.transform((value) => (value === undefined || value === null ? undefined : (z.safeParse(time, value).data ?? null))),
  z.optional(z.string()),
);

const user: z.ZodMiniType<aws.UserDetail> = z.object({
  Arn: identity,
  UserName: identity,
  Path: text,
  CreateDate: time,
  UserPolicyList: inlinePolicies,
  GroupList: orBlank([''], isTexts, texts),
  AttachedManagedPolicies: attachedPolicies,
  PermissionsBoundary: boundary,
  Tags: tags,
});

const group: z.ZodMiniType<aws.GroupDetail> = z.object({
  GroupName: identity,
  Arn: text,
  GroupPolicyList: inlinePolicies,
  AttachedManagedPolicies: attachedPolicies,
});

const role: z.ZodMiniType<aws.RoleDetail> = z.object({
  Arn: identity,
  RoleName: identity,
  Path: text,
  CreateDate: time,
  AssumeRolePolicyDocument: document,
  RolePolicyList: inlinePolicies,
  AttachedManagedPolicies: attachedPolicies,
  PermissionsBoundary: boundary,
  Tags: tags,
  RoleLastUsed: lenient<aws.RoleLastUsed>(z.object({ LastUsedDate: exactTime, Region: text })),
});

const managedPolicy: z.ZodMiniType<aws.ManagedPolicy> = z.object({
  Arn: identity,
  PolicyName: text,
  DefaultVersionId: text,
  PolicyVersionList: inner<aws.PolicyVersion>(z.object({ VersionId: text, IsDefaultVersion: flag, Document: document })),
});

function authorizationDetails(json: unknown): ReturnType<ReadAnswer> {
  if (!isObject(json)) return null;
  let rejected =
    [json.Marker, json.NextToken].some((token) => typeof token === 'string' && token !== '') || json.IsTruncated === true ? 1 : 0;
  const read = <Shape>(name: string, element: z.ZodMiniType<Shape>): readonly Shape[] | undefined => {
    const elements = json[name];
    if (!Array.isArray(elements)) return undefined;
    const result = readElements(elements, element);
    rejected += result.rejected;
    return result.read;
  };
  const value: aws.AuthorizationDetails = {
    UserDetailList: read('UserDetailList', user),
    GroupDetailList: read('GroupDetailList', group),
    RoleDetailList: read('RoleDetailList', role),
    Policies: read('Policies', managedPolicy),
  };
  return Object.values(value).every((one) => one === undefined) ? null : { value, rejected };
}

const summary: z.ZodMiniType<aws.AccountSummary> = z.object({
  SummaryMap: z.object({ AccountAccessKeysPresent: number, AccountMFAEnabled: number, AccountPasswordPresent: number }),
});

const trail: z.ZodMiniType<aws.Trail> = z.object({
  TrailARN: identity,
  Name: text,
  HomeRegion: text,
  S3BucketName: text,
  S3KeyPrefix: text,
  IncludeGlobalServiceEvents: flag,
  IsMultiRegionTrail: flag,
  IsOrganizationTrail: flag,
  LogFileValidationEnabled: flag,
});

const trailStatus: z.ZodMiniType<aws.TrailStatus> = z.object({ IsLogging: flag, LatestDeliveryTime: exactTime, LatestDeliveryError: text });

const fieldSelector = z.pipe(
  z.transform((value): unknown => {
    const others = ['StartsWith', 'NotStartsWith', 'EndsWith', 'NotEndsWith'];
    return isObject(value) ? { ...value, other: others.some((name) => Object.hasOwn(value, name)) } : { other: true };
  }),
  z.object({ Field: text, Equals: texts, NotEquals: texts, other: z.boolean() }),
);

const eventSelectors: z.ZodMiniType<aws.EventSelectors> = z.object({
  EventSelectors: inner<aws.EventSelector>(
    z.object({ ReadWriteType: text, IncludeManagementEvents: flag, ExcludeManagementEventSources: texts }),
  ),
  AdvancedEventSelectors: inner<aws.AdvancedEventSelector>(z.object({ FieldSelectors: lenient(z.array(fieldSelector)) })),
});

const detector: z.ZodMiniType<aws.Detector> = z.object({ Status: text, Features: inner(z.object({ Name: text, Status: text })) });

/** Reads one object; null where it is of another shape. */
function single<Shape>(schema: z.ZodMiniType<Shape>, isIt: (json: Readonly<Record<string, unknown>>) => boolean): ReadAnswer {
  return (json) => {
    if (!isObject(json) || !isIt(json)) return null;
    const result = schema.safeParse(json);
    return result.success ? { value: result.data, rejected: 0 } : null;
  };
}

const readServices = list(
  'ServicesLastAccessed',
  z.object({ ServiceNamespace: identity, LastAuthenticated: exactTime }) satisfies z.ZodMiniType<aws.ServiceLastAccessed>,
);

function lastAccessedDetails(json: unknown): ReturnType<ReadAnswer> {
  if (!isObject(json)) return null;
  const about = z.parse(z.object({ JobStatus: text, JobCompletionDate: time }), json);
  const services = readServices({ ServicesLastAccessed: [], ...json });
  return services === null || !isObject(services.value) ? null : { value: { ...about, ...services.value }, rejected: services.rejected };
}

function detectorIds(json: unknown): ReturnType<ReadAnswer> {
  if (!isObject(json) || !Array.isArray(json.DetectorIds)) return null;
  const { read, rejected } = readElements(json.DetectorIds, named);
  return { value: { DetectorIds: read }, rejected };
}

/** By `<service> <command>`. */
export const accountAnswers: Readonly<Record<string, ReadAnswer>> = {
  'iam get-account-authorization-details': authorizationDetails,
  'iam get-credential-report': readCredentialReport,
  'iam get-account-summary': single(summary, ({ SummaryMap }) => isObject(SummaryMap)),
  'iam get-service-last-accessed-details': lastAccessedDetails,
  'cloudtrail describe-trails': list('trailList', trail),
  'cloudtrail get-trail-status': single(trailStatus, (json) => 'IsLogging' in json),
  'cloudtrail get-event-selectors': single(eventSelectors, (json) => 'EventSelectors' in json || 'AdvancedEventSelectors' in json),
  'guardduty list-detectors': detectorIds,
  'guardduty get-detector': single(detector, (json) => 'Status' in json),
  'securityhub describe-hub': single(
    z.object({ HubArn: text }) satisfies z.ZodMiniType<aws.Hub>,
    ({ HubArn }) => typeof HubArn === 'string',
  ),
};
