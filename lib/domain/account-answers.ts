/*
 * What AWS says of the account, its identities and its watchmen, in its own words, as the AWS CLI prints it. Every field may be missing;
 * numbers, flags and times that came as something else have been read, or left out where they could not be.
 */

import type { Tag } from './cluster-answers.ts';

/** `aws iam get-account-authorization-details`; a list that the answer lacks is missing. */
export interface AuthorizationDetails {
  readonly UserDetailList?: readonly UserDetail[] | undefined;
  readonly GroupDetailList?: readonly GroupDetail[] | undefined;
  readonly RoleDetailList?: readonly RoleDetail[] | undefined;
  readonly Policies?: readonly ManagedPolicy[] | undefined;
}

/** An IAM user with its policies and the names of its groups. */
export interface UserDetail {
  readonly Arn: string;
  readonly UserName: string;
  readonly Path?: string | undefined;
  readonly CreateDate?: string | undefined;
  readonly UserPolicyList?: readonly InlinePolicy[] | undefined;
  readonly GroupList?: readonly string[] | undefined;
  readonly AttachedManagedPolicies?: readonly AttachedPolicy[] | undefined;
  readonly PermissionsBoundary?: PermissionsBoundary | undefined;
  readonly Tags?: readonly Tag[] | undefined;
}

/** A group with its policies. */
export interface GroupDetail {
  readonly GroupName: string;
  readonly Arn?: string | undefined;
  readonly GroupPolicyList?: readonly InlinePolicy[] | undefined;
  readonly AttachedManagedPolicies?: readonly AttachedPolicy[] | undefined;
}

/** A role with its policies, whom it trusts and when it was last used. */
export interface RoleDetail {
  readonly Arn: string;
  readonly RoleName: string;
  readonly Path?: string | undefined;
  readonly CreateDate?: string | undefined;
  /** JSON, or its text, plain or URL-encoded. */
  readonly AssumeRolePolicyDocument?: unknown;
  readonly RolePolicyList?: readonly InlinePolicy[] | undefined;
  readonly AttachedManagedPolicies?: readonly AttachedPolicy[] | undefined;
  readonly PermissionsBoundary?: PermissionsBoundary | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  /** An object without a date: never used in the 400 days that AWS remembers. */
  readonly RoleLastUsed?: RoleLastUsed | undefined;
}

/** When a role last made a call. */
export interface RoleLastUsed {
  readonly LastUsedDate?: string | undefined;
  readonly Region?: string | undefined;
}

/** A policy that belongs to one identity. */
export interface InlinePolicy {
  readonly PolicyName?: string | undefined;
  /** JSON, or its text, plain or URL-encoded. */
  readonly PolicyDocument?: unknown;
}

/** A managed policy that an identity names. */
export interface AttachedPolicy {
  readonly PolicyName?: string | undefined;
  readonly PolicyArn?: string | undefined;
}

/** The policy that limits an identity. */
export interface PermissionsBoundary {
  readonly PermissionsBoundaryArn?: string | undefined;
}

/** A managed policy with the versions that AWS keeps. */
export interface ManagedPolicy {
  readonly Arn: string;
  readonly PolicyName?: string | undefined;
  readonly DefaultVersionId?: string | undefined;
  readonly PolicyVersionList?: readonly PolicyVersion[] | undefined;
}

/** One version of a managed policy; only the default one counts. */
export interface PolicyVersion {
  readonly VersionId?: string | undefined;
  readonly IsDefaultVersion?: boolean | undefined;
  /** JSON, or its text, plain or URL-encoded. */
  readonly Document?: unknown;
}

/** `aws iam get-credential-report`, its CSV read: a row for the root user and one for each IAM user. */
export interface CredentialReport {
  readonly GeneratedTime?: string | undefined;
  readonly Rows: readonly CredentialRow[];
}

/** One user's credentials. Times are ISO 8601; `never` where the report says that there is none; missing where it cannot be read. */
export interface CredentialRow {
  /** `<root_account>` for the root user. */
  readonly user: string;
  readonly arn: string;
  /** Missing for the root user, of whom the report does not say it. */
  readonly passwordEnabled?: boolean | undefined;
  readonly passwordLastUsed?: string | undefined;
  readonly passwordLastChanged?: string | undefined;
  readonly mfaActive?: boolean | undefined;
  readonly keys: readonly CredentialKey[];
}

/** One of the two access keys that a user can have. */
export interface CredentialKey {
  readonly active?: boolean | undefined;
  readonly lastRotated?: string | undefined;
  readonly lastUsed?: string | undefined;
}

/** `aws iam get-account-summary`. */
export interface AccountSummary {
  readonly SummaryMap: {
    readonly AccountAccessKeysPresent?: number | undefined;
    readonly AccountMFAEnabled?: number | undefined;
    readonly AccountPasswordPresent?: number | undefined;
  };
}

/** `aws iam get-service-last-accessed-details`: access advisor. */
export interface ServiceLastAccessedDetails {
  readonly JobStatus?: string | undefined;
  readonly JobCompletionDate?: string | undefined;
  readonly ServicesLastAccessed: readonly ServiceLastAccessed[];
}

/** When an identity last tried a service; without a date: never. */
export interface ServiceLastAccessed {
  readonly ServiceNamespace: string;
  readonly LastAuthenticated?: string | undefined;
}

/** `aws cloudtrail describe-trails`: a trail of several regions is listed in each of them. */
export interface Trails {
  readonly trailList: readonly Trail[];
}

/** One trail. */
export interface Trail {
  readonly TrailARN: string;
  readonly Name?: string | undefined;
  readonly HomeRegion?: string | undefined;
  readonly S3BucketName?: string | undefined;
  readonly S3KeyPrefix?: string | undefined;
  readonly IncludeGlobalServiceEvents?: boolean | undefined;
  readonly IsMultiRegionTrail?: boolean | undefined;
  readonly IsOrganizationTrail?: boolean | undefined;
  readonly LogFileValidationEnabled?: boolean | undefined;
}

/** `aws cloudtrail get-trail-status`. */
export interface TrailStatus {
  readonly IsLogging?: boolean | undefined;
  readonly LatestDeliveryTime?: string | undefined;
  readonly LatestDeliveryError?: string | undefined;
}

/** `aws cloudtrail get-event-selectors`: one of the two lists is there. */
export interface EventSelectors {
  readonly EventSelectors?: readonly EventSelector[] | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
}

/** A selector of the older kind. */
export interface EventSelector {
  /** `All`, `ReadOnly` or `WriteOnly`. */
  readonly ReadWriteType?: string | undefined;
  readonly IncludeManagementEvents?: boolean | undefined;
  readonly ExcludeManagementEventSources?: readonly string[] | undefined;
}

/** A selector of the newer kind: all its fields must fit. */
export interface AdvancedEventSelector {
  readonly FieldSelectors?: readonly FieldSelector[] | undefined;
}

/** A field of an event and what it must be, or must not be. */
export interface FieldSelector {
  readonly Field?: string | undefined;
  readonly Equals?: readonly string[] | undefined;
  readonly NotEquals?: readonly string[] | undefined;
  /** True: it has a condition of another kind (`StartsWith`, …). */
  readonly other: boolean;
}

/** `aws guardduty list-detectors`. */
export interface Detectors {
  readonly DetectorIds: readonly string[];
}

/** `aws guardduty get-detector`. */
export interface Detector {
  /** `ENABLED` or `DISABLED`. */
  readonly Status?: string | undefined;
  readonly Features?: readonly { readonly Name?: string | undefined; readonly Status?: string | undefined }[] | undefined;
}

/** `aws securityhub describe-hub`. */
export interface Hub {
  readonly HubArn?: string | undefined;
}
