import { describe, expect, it } from '@jest/globals';
import type { Configuration } from '../../../lib/domain/configuration.ts';
import { defaultConfiguration } from '../../../lib/domain/configuration.ts';
import type { Verdict } from '../../../lib/domain/verdict.ts';
import type { ActivityFacts } from '../../../lib/evidence/activity-facts.ts';
import type { SubjectCheck } from '../../../lib/evidence/check-kinds.ts';
import type { Evidence } from '../../../lib/evidence/evidence.ts';
import type { SubjectKind, Subjects } from '../../../lib/evidence/subjects.ts';
import { listSubjects } from '../../../lib/evidence/subjects.ts';
import type { Answers } from '../../evidence/answers.ts';
import { at, evidenceOf, fine } from '../../evidence/answers.ts';

/** One row: what differs from a region in which nothing is wrong, and what is said of it. */
export interface Row<Kind extends SubjectKind> {
  readonly name: string;
  /** Raw answers that replace those of the fine region. */
  readonly answers?: Answers;
  readonly activity?: ActivityFacts;
  readonly databaseRoles?: Evidence['databaseRoles'];
  /** Fields of the subject that are replaced after all. */
  readonly given?: Partial<Subjects[Kind]>;
  readonly configuration?: Partial<Configuration>;
  /** Which subject, where the answers hold several. */
  readonly of?: string;
  /** The whole reason, or a part of it. */
  readonly says?: string | RegExp;
  /** `undefined`: absent. */
  readonly inEffect?: boolean | undefined;
  readonly evidence?: Readonly<Record<string, unknown>>;
  readonly severity?: string;
  /** The whole command. */
  readonly command?: string | null;
  readonly effect?: string;
  readonly note?: string | RegExp;
}

/** What passes, fails, has no meaning and cannot be told. */
export interface Table<Kind extends SubjectKind> {
  readonly passes?: readonly Row<Kind>[];
  readonly fails?: readonly Row<Kind>[];
  readonly notApplicable?: readonly Row<Kind>[];
  readonly unknown?: readonly Row<Kind>[];
}

/** Runs the rows of one check. */
export function testPosture<Kind extends SubjectKind>(check: SubjectCheck<'posture' | 'access', Kind>, table: Table<Kind>): void {
  describe(check.id, () => {
    runRows(check, 'pass', table.passes);
    runRows(check, 'fail', table.fails);
    runRows(check, 'not-applicable', table.notApplicable);
    runRows(check, 'unknown', table.unknown);
  });
}

function runRows<Kind extends SubjectKind>(
  check: SubjectCheck<'posture' | 'access', Kind>,
  verdict: Verdict['verdict'],
  rows: readonly Row<Kind>[] | undefined,
): void {
  if (rows === undefined || rows.length === 0) return;
  it.each(rows)(`${verdict}: $name`, (row) => {
    const subject = { ...subjectOf(check.on, row), ...row.given };
    const context = { at, configuration: { ...defaultConfiguration, ...row.configuration } };

    const result = check.evaluate(subject, context);
    const remediation = check.remediation(subject, context);

    expect(result).toMatchObject({ verdict });
    expect(result.reason).toMatch(/^[^\n]+$/);
    if (typeof row.says === 'string') expect(result.reason).toBe(row.says);
    else if (row.says) expect(result.reason).toMatch(row.says);
    if ('inEffect' in row) expect('inEffect' in result ? result.inEffect : undefined).toBe(row.inEffect);
    if (row.evidence) expect(result).toMatchObject({ evidence: row.evidence });
    if (row.severity !== undefined) expect(result).toMatchObject({ severity: row.severity });
    if (row.command === null) expect(remediation).toBeNull();
    else if (row.command !== undefined) expect(remediation?.command).toBe(row.command);
    if (row.effect !== undefined) expect(remediation?.effect).toBe(row.effect);
    if (typeof row.note === 'string') expect(remediation?.note).toBe(row.note);
    else if (row.note) expect(remediation?.note).toMatch(row.note);
  });
}

function subjectOf<Kind extends SubjectKind>(kind: Kind, row: Row<Kind>): Subjects[Kind] {
  const { subjects } = listSubjects(evidenceOf({ ...fine, ...row.answers }, row.activity, row.databaseRoles))[kind];
  const found = row.of === undefined ? subjects[0] : subjects.find(({ resource }) => resource.name === row.of);
  if (found === undefined) throw new Error(`No ${kind} ${row.of ?? ''} in the answers of "${row.name}".`);
  return found as Subjects[Kind];
}
