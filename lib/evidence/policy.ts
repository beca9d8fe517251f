import { matchesWildcard } from '../domain/wildcard.ts';
import { longestPattern } from './policy-patterns.ts';
import type { Words } from './request.ts';
import { field, isWords } from './request.ts';

/** A statement of a policy of an identity. */
export interface Statement {
  readonly allow: boolean;
  readonly actions: PatternList;
  readonly resources: PatternList;
  readonly conditions: readonly Condition[];
}

/** Patterns as the policy writes them; `negated`: what fits none of them (`NotAction`, `NotResource`). */
export interface PatternList {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** One test of a condition block; all tests of a block must hold, and one of the values. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * The statements of a policy of an identity: JSON, or its text, plain or URL-encoded. Null: it cannot be read, so nobody knows what it
 * allows. Elements are found whatever their capitals.
 */
export function readPolicy(document: unknown): readonly Statement[] | null {
  const statements = readStatements(document);
  if (statements === null) return null;
  const read: Statement[] = [];
  for (const { words, allow, actions, conditions } of statements) {
    const resources = patternsOf(words, 'Resource', 'NotResource');
    if (resources === null) return null;
    read.push({ allow, actions, resources, conditions });
  }
  return read;
}

/** A statement of a policy of any kind, before its resources or principals are read. */
export interface AnyStatement extends Omit<Statement, 'resources'> {
  readonly words: Words;
}

/** The policy as the AWS CLI takes it: JSON, not URL-encoded. Null: it cannot be read. */
export function policyText(document: unknown): string | null {
  const policy = typeof document === 'string' ? parse(document) : document;
  return isWords(policy) ? JSON.stringify(policy) : null;
}

/** The statements of a policy of any kind; null: it cannot be read. */
export function readStatements(document: unknown): readonly AnyStatement[] | null {
  const policy = typeof document === 'string' ? parse(document) : document;
  if (!isWords(policy)) return null;
  const statement = field(policy, 'Statement');
  const all = Array.isArray(statement) ? statement : [statement];
  const read: AnyStatement[] = [];
  for (const words of all) {
    if (!isWords(words)) return null;
    const effect = field(words, 'Effect');
    const actions = patternsOf(words, 'Action', 'NotAction');
    const conditions = conditionsOf(field(words, 'Condition'));
    if ((effect !== 'Allow' && effect !== 'Deny') || actions === null || conditions === null) return null;
    read.push({ words, allow: effect === 'Allow', actions, conditions });
  }
  return read;
}

/** True when the statement speaks of the action (`rds-db:connect`); actions compare without case. */
export function speaksOf({ actions }: Pick<Statement, 'actions'>, action: string): boolean {
  return actions.patterns.some((pattern) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase())) !== actions.negated;
}

/** A condition block in one line: `StringEquals aws:PrincipalTag/team = data and …`. */
export function conditionText(conditions: readonly Condition[]): string {
  return conditions.map(({ operator, key, values }) => `${operator} ${key} = ${values.join(' or ')}`).join(' and ');
}

/** Text as a list: IAM lets one alone stand for itself. Null: something in it is no text. */
export function textsOf(value: unknown): readonly string[] | null {
  const all = Array.isArray(value) ? value : [value];
  const texts: string[] = [];
  for (const one of all) {
    if (typeof one === 'boolean' || typeof one === 'number') texts.push(String(one));
    else if (typeof one === 'string') texts.push(one);
    else return null;
  }
  return texts;
}

function parse(text: string): unknown {
  const trimmed = text.trim();
  try {
    return JSON.parse(trimmed.startsWith('%') ? decodeURIComponent(trimmed) : trimmed);
  } catch {
    return null;
  }
}

function patternsOf(words: Words, name: string, negatedName: string): PatternList | null {
  const plain = field(words, name);
  const negated = field(words, negatedName);
  if ((plain === undefined) === (negated === undefined)) return null;
  const patterns = textsOf(plain ?? negated);
  return patterns?.every(({ length }) => length <= longestPattern) ? { negated: plain === undefined, patterns } : null;
}

function conditionsOf(block: unknown): readonly Condition[] | null {
  if (block === undefined || block === null) return [];
  if (!isWords(block)) return null;
  const conditions: Condition[] = [];
  for (const [operator, tests] of Object.entries(block)) {
    if (!isWords(tests)) return null;
    for (const [key, value] of Object.entries(tests)) {
      const values = textsOf(value);
      if (values === null) return null;
      conditions.push({ operator, key, values });
    }
  }
  return conditions;
}
