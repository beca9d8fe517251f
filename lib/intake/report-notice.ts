import { z } from 'zod/mini';
import type { ReportNotice, ReportObject } from '../domain/report-notice.ts';
import { summarySchema } from './report.ts';

const text = z.string();
const time = z.string().register(z.globalRegistry, { format: 'date-time' });

/** One file of a report that was written on demand. */
export const reportObjectSchema: z.ZodMiniType<ReportObject> = z.object({
  format: text,
  bucket: text,
  key: text,
  url: text,
  until: time,
  console: z.nullable(text),
});

/** Word of a report, as the topic's queues get it. */
export const reportNoticeSchema: z.ZodMiniType<ReportNotice> = z.object({
  schemaVersion: z.literal('1'),
  kind: z.literal('report'),
  account: text,
  region: text,
  at: time,
  weekly: z.boolean(),
  summary: summarySchema,
  unread: z.array(text),
  objects: z.array(reportObjectSchema),
});
