import { z } from 'zod/mini';
import { severities } from '../domain/severity.ts';
import { digestSchema } from '../intake/digest.ts';
import { evidenceSchema } from '../intake/evidence-file.ts';
import { alertSchema, findingSchema, reportSchema } from '../intake/report.ts';
import { reportNoticeSchema } from '../intake/report-notice.ts';
import { answerSchema, requestSchema } from './report-request.ts';
import { evidenceSchemas } from './schemas-evidence.ts';

const severity = z.enum(severities);
const duration = z.string().check(z.regex(/^\d{1,9}(s|m|h|d)$/));
const count = z.int().check(z.minimum(1));
const text = z.string().check(z.minLength(1));
const texts = z.optional(z.nullable(z.array(text)));

/** `aurora-watch.yaml`, as editors complete and check it; what reads it is lib/intake/configuration.ts, which names lines. */
export const configurationSchema = z.strictObject({
  trustedAccounts: z.optional(z.nullable(z.array(z.string().check(z.regex(/^\d{12}$/))))),
  allowed: z.optional(
    z.nullable(z.strictObject({ masterPasswordChanges: texts, dataApi: texts, wideGrants: texts, rdsAdministrators: texts })),
  ),
  thresholds: z.optional(
    z.nullable(
      z.strictObject({
        unusedDays: z.optional(count),
        unusedKeyDays: z.optional(count),
        failedLogins: z.optional(count),
        failedLoginWindow: z.optional(duration),
        loginAfterFailures: z.optional(duration),
        deniedCalls: z.optional(count),
        deniedCallWindow: z.optional(duration),
        widestIngress: z.optional(
          z.nullable(
            z.strictObject({
              ipv4: z.optional(z.int().check(z.minimum(0), z.maximum(32))),
              ipv6: z.optional(z.int().check(z.minimum(0), z.maximum(128))),
            }),
          ),
        ),
        backupDays: z.optional(count),
        keyAgeDays: z.optional(count),
      }),
    ),
  ),
  severities: z.optional(z.nullable(z.record(z.string(), severity))),
  suppressions: z.optional(
    z.nullable(
      z.array(
        z.strictObject({
          check: text,
          resource: z.optional(text),
          reason: text,
          until: z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))),
          by: z.optional(text),
        }),
      ),
    ),
  ),
  alerts: z.optional(
    z.nullable(
      z.strictObject({
        minimumSeverity: z.optional(severity),
        digest: z.optional(z.enum(['daily', 'weekly', 'off'])),
        weeklyAllQuiet: z.optional(z.boolean()),
      }),
    ),
  ),
});

/** The published JSON Schemas (draft 2020-12), by file name below schemas/. Later releases may add names: what is not named is allowed. */
export function publishedSchemas(): ReadonlyMap<string, string> {
  return new Map(
    [
      ['report', 'Report of aurora-watch: --format json', reportSchema] as const,
      ['alert', 'Alert of aurora-watch: an element of what "event --format json" prints', alertSchema] as const,
      ['digest', 'Digest of aurora-watch, as the queues of its topic get it', digestSchema] as const,
      ['report-notice', 'Word of a report, as the queues of the topic of aurora-watch get it', reportNoticeSchema] as const,
      ['report-request', 'Payload of the function aurora-watch-<stage>-report', requestSchema] as const,
      ['report-answer', 'Answer of the function aurora-watch-<stage>-report', answerSchema] as const,
      ['evidence', 'evidence.json of an evidence folder', evidenceSchema] as const,
      ['configuration', 'Configuration of aurora-watch: aurora-watch.yaml', configurationSchema] as const,
    ].map(([name, title, schema]) => [`${name}.schema.json`, `${JSON.stringify({ title, ...jsonSchema(schema) }, null, 2)}\n`] as const),
  );
}

function jsonSchema(schema: z.core.$ZodType): object {
  return z.toJSONSchema(schema, {
    io: 'input',
    override({ zodSchema, jsonSchema: json }) {
      const one: z.core.$ZodType = zodSchema;
      if (one === findingSchema) json.allOf = evidenceRules();
    },
  });
}

/** A finding is of another check, or has at least the evidence of this one. */
function evidenceRules(): z.core.JSONSchema.JSONSchema[] {
  return Object.entries(evidenceSchemas).map(([check, schema]) => {
    const { $schema: _, ...evidence } = z.toJSONSchema(schema, { io: 'input' });
    return {
      anyOf: [
        { type: 'object', properties: { check: { not: { const: check } } } },
        { type: 'object', properties: { evidence } },
      ],
    };
  });
}
