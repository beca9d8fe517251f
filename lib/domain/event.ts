/** One CloudTrail record, as far as the checks read it; parsed once, in intake. */
export interface CloudTrailEvent {
  readonly eventId: string;
  /** ISO 8601, UTC. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly region: string;
  readonly account: string | null;
  readonly sourceAddress: string | null;
  readonly userAgent: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly readOnly: boolean | null;
  readonly userIdentity: UserIdentity;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: Readonly<Record<string, unknown>> | null;
}

/** CloudTrail's `userIdentity`; every field may be missing in real records. */
export interface UserIdentity {
  readonly type: string | null;
  readonly arn: string | null;
  readonly accountId: string | null;
  readonly principalId: string | null;
  readonly userName: string | null;
  readonly invokedBy: string | null;
  /** `sessionContext.sessionIssuer`. */
  readonly issuerArn: string | null;
  readonly issuerType: string | null;
  readonly sourceIdentity: string | null;
}

/** Which events are kept: data, so that it can be given to a thread. */
export interface EventFilter {
  /** `<source> <name>`. */
  readonly named: readonly string[];
  /** Sources of which every call that changes something is kept. */
  readonly changesOf: readonly string[];
}

/** Whether an event of this source and name is kept. */
export function eventMatcher({ named, changesOf }: EventFilter): (source: string, name: string) => boolean {
  const names = new Set(named);
  const sources = new Set(changesOf);
  return (source, name) =>
    names.has(`${source} ${name}`) || (sources.has(source) && !/^(?:Describe|List|Get|Search|Download|Simulate)/.test(name));
}
