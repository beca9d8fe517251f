import type { Resource } from './resource.ts';
import type { Severity } from './severity.ts';
import type { Remediation } from './verdict.ts';

/** Why an alert is sent. */
export type Transition = 'opened' | 'worsened' | 'reopened' | 'resolved' | 'happened' | 'blind';

/** The program that made a call, or the first word of its user agent. */
export type Tool = 'console' | 'cloudformation' | 'terraform' | 'pulumi' | 'cdk' | 'aws-cli' | 'sdk' | 'service' | (string & {});

/** What a person gets; interface.md describes the JSON. Text in it is hostile: renderers escape. */
export interface Alert {
  readonly schemaVersion: '1';
  /** The same when the same alert is sent again. */
  readonly id: string;
  /** Where many alerts of one kind are told in one message: the ids of all of them, this one's among them. */
  readonly standsFor?: readonly string[];
  /** The alert that opened what is now resolved; of a change: the alert that told before, when nobody knew who did it, what it opened. */
  readonly openedBy: string | null;
  readonly check: string;
  readonly severity: Severity;
  readonly title: string;
  readonly account: string | null;
  readonly region: string;
  readonly at: string;
  readonly eventId: string | null;
  readonly fingerprint: string;
  readonly transition: Transition;
  readonly eventTime: string | null;
  /** From the call to this alert, in seconds; null where no call is known. */
  readonly delaySeconds: number | null;
  readonly principal: AlertPrincipal | null;
  readonly sourceAddress: string | null;
  readonly userAgent: string | null;
  readonly tool: Tool | null;
  readonly resources: readonly Resource[];
  /** Name → value; absent where unknown. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly inEffect: boolean | null;
  /** Fingerprints of the posture findings that this change opened. */
  readonly findings: readonly string[];
  readonly reason: string;
  readonly remediation: Remediation | null;
  /** What to do, in the check's own words; present where something is wrong and no command is known. */
  readonly fix?: string;
  /** Name → https address in the AWS console. */
  readonly links: Readonly<Record<string, string>>;
}

/** Who made a call: a role session is resolved to its issuer. */
export interface AlertPrincipal {
  readonly arn: string | null;
  /** CloudTrail's `userIdentity.type`. */
  readonly type: string | null;
  readonly account: string | null;
  /** The role behind a session. */
  readonly issuer: string | null;
  /** The session's name: often the person. */
  readonly session: string | null;
  /** The AWS service that acted. */
  readonly invokedBy: string | null;
}
