import { z } from 'zod/mini';
import { momentPattern } from '../domain/moment.ts';

/** `evidence.json` of an evidence folder; more names are allowed, for who collected it. */
export const evidenceSchema = z.looseObject({
  account: z.optional(z.nullable(z.string().check(z.regex(/^\d{12}$/)))),
  at: z.optional(z.nullable(z.string().check(z.regex(momentPattern)))),
});
