import { describe, expect, it } from '@jest/globals';
import { openDuckDb } from '../../../lib/adapters/local/duckdb.ts';
import { type Configuration, defaultConfiguration } from '../../../lib/domain/configuration.ts';
import type { ActivityFacts } from '../../../lib/evidence/activity-facts.ts';
import type { ActivityCheck, ActivityContext, ActivityFinding } from '../../../lib/evidence/check-kinds.ts';
import { clusterResources } from '../../../lib/monitor/cluster-resources.ts';
import { type Answers, at, evidenceOf, fine } from '../../evidence/answers.ts';
import { type Logged, withRows } from '../../queries/rows.ts';

/** One row: what was logged beside which evidence, and what is found. */
export interface Row extends Logged {
  readonly name: string;
  /** Raw answers that replace those of the fine region; null: nothing was collected. */
  readonly answers?: Answers | null;
  readonly activity?: ActivityFacts;
  readonly configuration?: Partial<Configuration>;
  /** ISO 8601; the window ends with 2026-05-03T12:00:00Z and is 90 days long where they say nothing. `to` is not in it. */
  readonly from?: string;
  readonly to?: string;
  /** In the order of first seen, then of what tells them apart. */
  readonly finds: readonly Expected[];
}

/** A finding, in part. */
export interface Expected {
  readonly severity?: string;
  /** Name of the resource. */
  readonly of?: string;
  readonly arn?: string;
  readonly reason?: string | RegExp;
  readonly evidence?: Readonly<Record<string, unknown>>;
  /** The whole command; null: there is none. */
  readonly command?: string | null;
  readonly count?: number;
  readonly firstSeen?: string;
  readonly lastSeen?: string;
}

/** Milliseconds: the first test of a file loads the engine, on a busy machine for longer than Jest waits by default. */
const patience = 30_000;

/** Runs the rows of one check on the engine of the laptop. `keys`: what the evidence of each finding holds, null where unknown. */
export function testActivity(check: ActivityCheck, keys: readonly string[], rows: readonly Row[]): void {
  describe(check.id, () => {
    it.each(rows)(
      '$name',
      async (row) => {
        const context = contextOf(row);

        const findings = await withRows(row, (folder) => judge(check, folder, context));

        expect(findings.map(({ evidence }) => keys.filter((key) => evidence[key] === undefined))).toEqual(findings.map(() => []));
        expectDistinct(findings);
        expect(findings.map(summary)).toHaveLength(row.finds.length);
        row.finds.forEach((expected, index) => {
          expectFinding(findings[index], expected);
        });
      },
      patience,
    );
  });
}

function contextOf(row: Row): ActivityContext {
  const evidence = evidenceOf(row.answers === null ? {} : { ...fine, ...row.answers }, row.activity);
  const to = row.to === undefined ? at + 1 : Date.parse(row.to);
  return {
    configuration: { ...defaultConfiguration, ...row.configuration },
    at,
    from: row.from === undefined ? to - 90 * 86_400_000 : Date.parse(row.from),
    to,
    evidence,
    clusterResource: clusterResources(evidence),
  };
}

async function judge(check: ActivityCheck, folder: string, context: ActivityContext): Promise<ActivityFinding[]> {
  const engine = await openDuckDb(folder);
  try {
    const findings = check.findings(await engine.run(check.id, check.parameters(context)), context);
    return [...findings].sort((a, b) => compare(a.firstSeen, b.firstSeen) || compare(keyOf(a), keyOf(b)));
  } finally {
    engine.close();
  }
}

function expectDistinct(findings: readonly ActivityFinding[]): void {
  expect(new Set(findings.map(keyOf)).size).toBe(findings.length);
  for (const { reason, firstSeen, lastSeen, count } of findings) {
    expect(reason).toMatch(/\.$/);
    expect(Date.parse(firstSeen)).toBeLessThanOrEqual(Date.parse(lastSeen));
    expect(count).toBeGreaterThan(0);
  }
}

function expectFinding(finding: ActivityFinding | undefined, { of, arn, reason, command, ...expected }: Expected): void {
  expect(finding).toMatchObject(expected);
  if (of !== undefined) expect(finding?.resource.name).toBe(of);
  if (command !== undefined) expect(finding?.remediation?.command ?? null).toBe(command);
  if (arn !== undefined) expect(finding?.resource.arn).toBe(arn);
  if (typeof reason === 'string') expect(finding?.reason).toBe(reason);
  else if (reason) expect(finding?.reason).toMatch(reason);
}

/** What the fingerprint is made of, beside the check. */
function keyOf({ resource, distinguishedBy }: ActivityFinding): string {
  return JSON.stringify([resource.arn, ...distinguishedBy]);
}

function summary({ severity, reason }: ActivityFinding): string {
  return `${severity}: ${reason}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
