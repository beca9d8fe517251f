import type { Answer } from '../domain/answer.ts';
import { allKnown, known } from '../domain/answer.ts';
import { matchesWildcard } from '../domain/wildcard.ts';
import type { Identity, IdentityPolicy } from './identities.ts';
import { identitiesQuestion } from './identities.ts';
import type { Condition, Statement } from './policy.ts';
import { conditionText, speaksOf } from './policy.ts';
import { coversPattern, patternsOverlap } from './policy-patterns.ts';
import { unreadable } from './told.ts';

/** Resources that a policy allows an identity one action on, after denies and the permissions boundary. */
export interface Allowance {
  /** The narrowest pattern, as a policy or the boundary writes it; `*` for what `NotResource` leaves. */
  readonly resource: string;
  /** A resource must fit all of these … */
  readonly within: readonly string[];
  /** … and none of these. */
  readonly except: readonly string[];
  readonly policy: IdentityPolicy;
  /** The action as the policy writes it: `rds-db:connect`, `rds-db:*`, `*`; null for what `NotAction` leaves. */
  readonly action: string | null;
  /** What else must hold, as text; null: nothing. Conditions are not evaluated. */
  readonly condition: string | null;
  /** Condition keys that are written down and have no effect for this action. */
  readonly ineffectiveKeys: readonly string[];
}

/** No real policy comes near: every boundary and deny with lists of exceptions can multiply what is left. */
const most = 2000;

/** Condition keys that AWS documents to have no effect in IAM database authentication; compared without case. */
const ineffective = new Set(['aws:referer', 'aws:sourceip', 'aws:sourcevpc', 'aws:sourcevpce', 'aws:useragent', 'aws:vpcsourceip']);

/**
 * What the identity may do `action` on, of the resources that fit `template`. Unknown: the text of one of its policies is not known, so it
 * may hold more, or be denied what others give.
 */
export function allowancesFor(identity: Identity, action: string, template: string): Answer<readonly Allowance[]> {
  const all = identity.boundary === null ? identity.policies : [...identity.policies, identity.boundary];
  const texts = allKnown(all.map(({ statements }) => statements));
  if (!texts.known) return texts;
  const denies = texts.value.flat().filter((statement) => !statement.allow && speaksOf(statement, action));
  const boundary = identity.boundary?.statements.known ? identity.boundary.statements.value : null;

  let allowances = identity.policies.flatMap((policy) =>
    (policy.statements.known ? policy.statements.value : [])
      .filter((statement) => statement.allow && speaksOf(statement, action))
      .flatMap((statement) => allowancesOf(statement, policy, identity, action, template)),
  );
  if (boundary !== null) {
    const allows = boundary.filter((statement) => statement.allow && speaksOf(statement, action));
    allowances = allowances.flatMap((allowance) => limit(allowance, allows, identity));
  }
  for (const deny of denies) {
    allowances = unique(allowances.flatMap((allowance) => without(allowance, deny, identity)));
    if (allowances.length > most) return unreadable(`the policies of ${identity.arn}, which are too entangled`, identitiesQuestion);
  }
  return known(unique(allowances));
}

/** True when the allowance reaches the resource, if its condition holds. */
export function allows({ within, except }: Pick<Allowance, 'within' | 'except'>, resource: string): boolean {
  return within.every((pattern) => matchesWildcard(pattern, resource)) && !except.some((pattern) => matchesWildcard(pattern, resource));
}

function allowancesOf(
  { actions, resources, conditions }: Statement,
  policy: IdentityPolicy,
  identity: Identity,
  action: string,
  template: string,
): readonly Allowance[] {
  const lasting = conditions.filter((one) => !isIneffective(one));
  const base = {
    policy,
    action: actions.negated
      ? null
      : (actions.patterns.find((pattern) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase())) ?? null),
    ineffectiveKeys: conditions.filter(isIneffective).map(({ key }) => key),
    condition: lasting.length === 0 ? null : conditionText(lasting),
  };
  const patterns = resources.patterns.map((written) => resolve(written, identity));
  if (resources.negated) {
    const sure = patterns.filter(({ variables }) => variables.length === 0).map(({ pattern }) => pattern);
    if (sure.some((pattern) => coversPattern(pattern, template))) return [];
    const allowance = { ...base, resource: '*', within: ['*'], except: sure.filter((pattern) => patternsOverlap(pattern, template)) };
    return [withCondition(allowance, dependence(patterns.flatMap(({ variables }) => variables)))];
  }
  return patterns
    .filter(({ pattern, never }) => !never && patternsOverlap(pattern, template))
    .map(({ written, pattern, variables }) =>
      withCondition({ ...base, resource: written, within: [pattern], except: [] }, dependence(variables)),
    );
}

/** What is left of the allowance within what the boundary allows. */
function limit(allowance: Allowance, boundary: readonly Statement[], identity: Identity): readonly Allowance[] {
  const limited: Allowance[] = [];
  for (const { resources, conditions } of boundary) {
    const idle = conditions.filter(isIneffective).map(({ key }) => key);
    const held = idle.length === 0 ? allowance : { ...allowance, ineffectiveKeys: [...allowance.ineffectiveKeys, ...idle] };
    const lasting = conditions.filter((one) => !isIneffective(one));
    const condition = lasting.length === 0 ? null : `boundary: ${conditionText(lasting)}`;
    const patterns = resources.patterns.map((written) => resolve(written, identity));
    if (resources.negated) {
      const except = patterns.filter(({ variables }) => variables.length === 0).map(({ pattern }) => pattern);
      if (except.some((pattern) => coversAny(pattern, allowance))) continue;
      limited.push(withCondition({ ...held, except: [...allowance.except, ...except] }, condition));
      continue;
    }
    for (const { written, pattern, variables, never } of patterns) {
      if (never || !overlapsAll(pattern, allowance)) continue;
      const narrower = allowance.within.every((one) => coversPattern(one, pattern)) && !coversAny(pattern, allowance);
      const within = coversAny(pattern, allowance) ? allowance.within : narrower ? [pattern] : [...allowance.within, pattern];
      limited.push(
        withCondition({ ...held, resource: narrower ? written : allowance.resource, within }, condition ?? dependence(variables)),
      );
    }
  }
  // One statement that lets all of it through makes the others superfluous.
  const whole = limited.find(
    (one) =>
      one.within === allowance.within &&
      one.condition === allowance.condition &&
      one.except === allowance.except &&
      one.ineffectiveKeys === allowance.ineffectiveKeys,
  );
  return whole ? [whole] : limited;
}

/** What is left of the allowance after a deny. */
function without(allowance: Allowance, { resources, conditions }: Statement, identity: Identity): readonly Allowance[] {
  const patterns = resources.patterns.map((written) => resolve(written, identity)).filter(({ never }) => !never);
  const depends = patterns.flatMap(({ variables }) => variables);
  const touched = patterns.filter(({ pattern }) => overlapsAll(pattern, allowance));
  if (resources.negated ? patterns.some(({ pattern }) => coversAny(pattern, allowance)) : touched.length === 0) return [allowance];
  if (conditions.length > 0 || depends.length > 0) {
    const where = [conditionText(conditions), dependence(depends)].filter((one) => one).join(' and ');
    return [
      {
        ...withCondition(allowance, `not denied where ${where}`),
        ineffectiveKeys: [...allowance.ineffectiveKeys, ...conditions.filter(isIneffective).map(({ key }) => key)],
      },
    ];
  }
  if (resources.negated) {
    const rest: Statement = {
      allow: true,
      actions: { negated: true, patterns: [] },
      resources: { ...resources, negated: false },
      conditions: [],
    };
    return limit(allowance, [rest], identity);
  }
  if (touched.some(({ pattern }) => coversAny(pattern, allowance))) return [];
  return [{ ...allowance, except: [...allowance.except, ...touched.map(({ pattern }) => pattern)] }];
}

function coversAny(pattern: string, { within }: Allowance): boolean {
  return within.some((one) => coversPattern(pattern, one));
}

function overlapsAll(pattern: string, { within }: Allowance): boolean {
  return within.every((one) => patternsOverlap(pattern, one));
}

function isIneffective({ key }: Condition): boolean {
  return ineffective.has(key.toLowerCase());
}

function withCondition(allowance: Allowance, more: string | null): Allowance {
  if (more === null) return allowance;
  return { ...allowance, condition: allowance.condition === null ? more : `${allowance.condition} and ${more}` };
}

function dependence(variables: readonly string[]): string | null {
  return variables.length === 0 ? null : `depends on ${[...new Set(variables)].join(' and ')}`;
}

interface Resolved {
  readonly written: string;
  /** With a user's own name filled in, and `*` for what only the request tells. */
  readonly pattern: string;
  /** Variables that only the request tells. */
  readonly variables: readonly string[];
  /** It names a variable that this identity never has. */
  readonly never: boolean;
}

/** Fills in the policy variables of a pattern: `${aws:username}` is known of a user and never there for a role. */
function resolve(written: string, { kind, name }: Identity): Resolved {
  if (!written.includes('${')) return { written, pattern: written, variables: [], never: false };
  const variables: string[] = [];
  let never = false;
  const pattern = written.replace(/\$\{([^{}]*)\}/g, (whole, variable: string) => {
    if (variable.trim().toLowerCase() !== 'aws:username') {
      variables.push(whole);
      return '*';
    }
    if (kind === 'user') return name;
    never = true;
    return '';
  });
  return { written, pattern, variables, never };
}

function unique(allowances: readonly Allowance[]): Allowance[] {
  const keyOf = ({ policy, ...rest }: Allowance): string => JSON.stringify([rest, policy.name, policy.arn, policy.group]);
  return [...new Map(allowances.map((one) => [keyOf(one), one])).values()];
}
