import { z } from 'zod/mini';
import { UsageError } from '../domain/errors.ts';
import type { Summary } from '../domain/report.ts';
import type { ReportObject } from '../domain/report-notice.ts';
import type { Check } from '../evidence/check-kinds.ts';
import { summarySchema } from '../intake/report.ts';
import { reportObjectSchema } from '../intake/report-notice.ts';
import { chooseChecks } from './choice.ts';
import { type Format, formats } from './formats.ts';

/** A report that was asked for: its numbers, and where the files are. */
export interface ReportAnswer {
  readonly summary: Summary;
  readonly objects: readonly ReportObject[];
}

/** What a payload is answered that asks for no report. */
export interface InvalidRequest {
  readonly error: {
    readonly code: 'InvalidRequest';
    readonly message: string;
    readonly issues: readonly { readonly path: string; readonly message: string }[];
  };
}

const day = 86_400_000;
/** CloudTrail remembers as many days. */
export const usualWindow = 90 * day;

/** A payload that asks for a report. */
export const requestSchema = z.strictObject(
  {
    format: z._default(listOf(z.enum(formats, `Each must be one of ${formats.join(', ')}.`)), ['html', 'json']),
    checks: z._default(listOf(z.string('Each must be the id of a check; it may hold *.')), ['*']),
    from: z.optional(z.union([z.iso.datetime({ offset: true }), z.iso.date()], 'It must be a time such as 2026-05-03T12:00:00Z.')),
    notify: z._default(z.boolean('It must be true or false.'), false),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `No such names: ${(issue.keys as readonly string[]).join(', ')}. There are format, checks, from and notify.`
        : 'It must be an object, such as {"format": ["html"]}.',
  },
);

function listOf<Schema extends z.core.$ZodType>(schema: Schema) {
  return z.array(schema, 'It must be a list.').check(z.minLength(1, 'It must not be empty.'));
}

/** What a payload asks for. */
export interface ReportRequest {
  readonly formats: readonly Format[];
  readonly checks: readonly Check[];
  /** Start of the window, milliseconds since 1970. */
  readonly from: number;
  readonly notify: boolean;
}

/** Reads a payload; `at` (milliseconds since 1970) is the end of the window. */
export function readReportRequest(payload: unknown, at: number): ReportRequest | InvalidRequest {
  const read = z.safeParse(requestSchema, payload);
  if (!read.success) {
    return invalid(read.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })));
  }
  const { format, checks, from, notify } = read.data;
  const start = from === undefined ? at - usualWindow : Date.parse(from);
  if (start >= at) return invalid([{ path: 'from', message: `It must be before now: ${new Date(at).toISOString()}.` }]);
  try {
    return { formats: [...new Set(format)], checks: chooseChecks({ check: checks }), from: start, notify };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return invalid([{ path: 'checks', message: error.message }]);
  }
}

function invalid(issues: InvalidRequest['error']['issues']): InvalidRequest {
  const more = issues.length > 1 ? ` And ${issues.length - 1} more.` : '';
  const [first] = issues;
  const where = first?.path ? ` (${first.path})` : '';
  return { error: { code: 'InvalidRequest', message: `The payload asks for no report${where}: ${first?.message ?? ''}${more}`, issues } };
}

/** What a payload is answered: a report, or why there is none. */
export const answerSchema = z.union([
  z.object({ summary: summarySchema, objects: z.array(reportObjectSchema) }) satisfies z.ZodMiniType<ReportAnswer>,
  z.object({
    error: z.object({
      code: z.literal('InvalidRequest'),
      message: z.string(),
      issues: z.array(z.object({ path: z.string(), message: z.string() })),
    }),
  }) satisfies z.ZodMiniType<InvalidRequest>,
]);
