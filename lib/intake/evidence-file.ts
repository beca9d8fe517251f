import { z } from 'zod/mini';

/** A date (midnight, UTC) or a time that says where it counts from: without that, each machine would read another moment. */
export const evidenceTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** `evidence.json` of an evidence folder; more names are allowed, for who collected it. */
export const evidenceSchema = z.looseObject({
  account: z.optional(z.nullable(z.string().check(z.regex(/^\d{12}$/)))),
  at: z.optional(z.nullable(z.string().check(z.regex(evidenceTime)))),
});
