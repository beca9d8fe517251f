import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod/mini';
import type { Alert } from '../../lib/domain/alert.ts';
import { alertSchema } from '../../lib/intake/report.ts';
import { judgeEvents } from '../../lib/main/events.ts';

/** Records that others captured; not part of the project, looked at where they are. */
const folder = process.env.CLOUDTRAIL_CORPORA ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'corpora', 'cloudtrail');

(existsSync(folder) ? describe : describe.skip)('captured records', () => {
  let alerts: readonly Alert[] = [];
  const warnings: string[] = [];
  beforeAll(async () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.json(?:\.cloudtrail)?$/.test(name));
    alerts = await judgeEvents({
      files: files.map((name) => join(folder, name)),
      standardInput: Readable.from([]),
      config: undefined,
      evidence: undefined,
      warn: (sentence) => warnings.push(sentence),
    });
  });

  it('are all read', () => {
    expect(warnings).toEqual([]);
  });

  it('give alerts of the shape that goes out, with who did it', () => {
    for (const alert of alerts) {
      expect(z.safeParse(alertSchema, alert)).toMatchObject({ success: true });
      expect(alert.principal?.arn).toMatch(/^arn:/);
      expect(alert.resources.length).toBeGreaterThan(0);
    }
  });

  it('tell what was done there, and nothing of what was denied', () => {
    expect(alerts.map(({ check, severity }) => `${severity} ${check}`).sort()).toEqual([
      'critical audit-trail-weakened',
      'critical audit-trail-weakened',
      'critical audit-trail-weakened',
      'high iam-grant-added',
      'high iam-grant-added',
      'high snapshot-shared',
      'medium master-password-changed',
    ]);
  });
});
