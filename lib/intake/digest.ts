import { z } from 'zod/mini';
import type { Digest } from '../domain/digest.ts';
import { resource, severity } from './report.ts';

const text = z.string();
const textOrNull = z.nullable(text);
const count = z.int().check(z.minimum(0));
const problem = { fingerprint: text, check: text, severity, resource, since: text };

/** A digest, as the topic's queues get it. */
export const digestSchema: z.ZodMiniType<Digest> = z.object({
  schemaVersion: z.literal('1'),
  kind: z.literal('digest'),
  id: text,
  day: text,
  account: text,
  region: text,
  at: text,
  watched: z.nullable(count),
  lastSweep: textOrNull,
  stale: z.boolean(),
  minimumSeverity: severity,
  open: z.array(z.object(problem)),
  openCounts: z.object({ critical: count, high: count, medium: count, low: count, info: count }),
  ending: z.array(z.object({ ...problem, suppression: z.object({ by: textOrNull, reason: text, until: textOrNull }) })),
  suppressed: count,
  blind: z.array(z.object({ fingerprint: text, check: text, severity, resource, reason: text })),
  blindCount: count,
  blindBelow: count,
  links: z.exactOptional(z.record(text, text)),
});
