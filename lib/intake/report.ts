import { z } from 'zod/mini';
import type { Alert } from '../domain/alert.ts';
import { UsageError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { Report, Summary } from '../domain/report.ts';
import { type Resource, resourceTypes } from '../domain/resource.ts';
import { severities } from '../domain/severity.ts';
import type { EvidenceData, Remediation } from '../domain/verdict.ts';

const text = z.string();
const texts = z.array(text);
const textOrNull = z.nullable(text);
const count = z.int().check(z.minimum(0));
/** How bad something is. */
export const severity = z.enum(severities).register(z.globalRegistry, { id: 'severity' });

/** ISO 8601, UTC; what a report says is shown as it stands, so that a time which is none does not cost the rest. */
const time = z.string().register(z.globalRegistry, { format: 'date-time' });
const timeOrNull = z.nullable(time);
const date = z.string().register(z.globalRegistry, { format: 'date' });

/** Name → value; names come from outside. */
const facts: z.ZodMiniType<EvidenceData> = z.looseObject({});

/** What a verdict or a finding is about. */
export const resource: z.ZodMiniType<Resource> = z
  .object({ arn: text, type: z.enum(resourceTypes), name: text, region: text })
  .register(z.globalRegistry, { id: 'resource' });
const remediation: z.ZodMiniType<Remediation> = z
  .object({ command: text, effect: text, note: z.exactOptional(text) })
  .register(z.globalRegistry, { id: 'remediation' });

/** A finding, as a report holds it. */
export const findingSchema: z.ZodMiniType<Finding> = z
  .object({
    fingerprint: text,
    check: text,
    severity,
    title: text,
    resource,
    reason: text,
    inEffect: z.exactOptional(z.boolean()),
    firstSeen: timeOrNull,
    lastSeen: timeOrNull,
    count,
    evidence: facts,
    remediation: z.nullable(remediation),
    state: z.enum(['open', 'suppressed']),
    suppression: z.exactOptional(z.object({ by: textOrNull, reason: text, until: z.nullable(date) })),
  })
  .register(z.globalRegistry, { id: 'finding' });

/** An alert, as `event` prints it and as a report holds it among its changes. */
export const alertSchema: z.ZodMiniType<Alert> = z
  .object({
    schemaVersion: z.literal('1'),
    id: text,
    standsFor: z.exactOptional(texts),
    openedBy: textOrNull,
    check: text,
    severity,
    title: text,
    account: textOrNull,
    region: text,
    at: time,
    eventId: textOrNull,
    fingerprint: text,
    transition: z.enum(['opened', 'worsened', 'reopened', 'resolved', 'happened', 'blind']),
    eventTime: timeOrNull,
    delaySeconds: z.nullable(z.number()),
    principal: z.nullable(
      z.object({ arn: textOrNull, type: textOrNull, account: textOrNull, issuer: textOrNull, session: textOrNull, invokedBy: textOrNull }),
    ),
    sourceAddress: textOrNull,
    userAgent: textOrNull,
    tool: textOrNull,
    resources: z.array(resource),
    before: z.exactOptional(facts),
    after: z.exactOptional(facts),
    inEffect: z.nullable(z.boolean()),
    findings: texts,
    reason: text,
    remediation: z.nullable(remediation),
    fix: z.exactOptional(text),
    links: z.record(text, text),
  })
  .register(z.globalRegistry, { id: 'alert' });

const verdict = z.object({
  check: text,
  resource,
  verdict: z.enum(['pass', 'fail', 'not-applicable', 'unknown']),
  reason: text,
  inEffect: z.exactOptional(z.boolean()),
  fingerprint: z.exactOptional(text),
});

const coverage = z.object({
  source: text,
  status: z.enum(['complete', 'partial', 'missing', 'denied']),
  detail: text,
  from: timeOrNull,
  to: timeOrNull,
  records: count,
  rejected: count,
});

const access = z.object({
  principal: text,
  grants: z.array(z.object({ resource: text, policy: text, clusters: texts, databaseUsers: texts, condition: textOrNull })),
  databaseUsers: texts,
  lastUsed: timeOrNull,
  by: textOrNull,
});

const clusterLog = z.object({
  resource,
  from: timeOrNull,
  complete: z.boolean(),
  unbrokenFrom: timeOrNull,
  detail: text,
  withoutTls: z.nullable(z.array(z.object({ user: text, sessions: count, last: time }))),
});

/** Numbers of a report. */
export const summarySchema: z.ZodMiniType<Summary> = z.object({
  resources: count,
  pass: count,
  fail: count,
  notApplicable: count,
  unknown: count,
  findings: z.object({ critical: count, high: count, medium: count, low: count, info: count }),
});

/** A report, as `--format json` writes it. */
export const reportSchema: z.ZodMiniType<Report> = z.object({
  schemaVersion: z.literal('1'),
  generator: z.object({ name: text, version: text }),
  account: textOrNull,
  regions: texts,
  at: timeOrNull,
  window: z.nullable(z.object({ from: time, to: time })),
  summary: summarySchema,
  verdicts: z.array(verdict),
  findings: z.array(findingSchema),
  coverage: z.array(coverage),
  changes: z.array(alertSchema),
  accesses: z.array(access),
  logs: z.exactOptional(z.array(clusterLog)),
  comparison: z.exactOptional(z.object({ since: timeOrNull, new: texts, gone: z.array(findingSchema), unchanged: texts })),
});

/** The report in a file's text. Throws a UsageError with a sentence that names `path` and the place where it is no report. */
export function readReport(content: string, path: string): Report {
  let json: unknown;
  try {
    json = JSON.parse(content.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UsageError(`${path} is not JSON, so it is no report.`, { cause: error });
  }
  const version = typeof json === 'object' && json !== null && 'schemaVersion' in json ? json.schemaVersion : undefined;
  if (version === undefined) throw new UsageError(`${path} is not a report: it has no schemaVersion. "scan --format json" writes one.`);
  if (version !== '1')
    throw new UsageError(`${path} is a report of version ${JSON.stringify(version).slice(0, 40)}; this program reads version "1".`);
  const read = z.safeParse(reportSchema, json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = issue?.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('') ?? '';
  throw new UsageError(`${path} is not a report: ${place.replace(/^\./, '')} ${wrong(issue)}.`);
}

function wrong(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'invalid_type':
      return `must be ${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    default:
      return 'is not what a report holds there';
  }
}
