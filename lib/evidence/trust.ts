import type { Answer } from '../domain/answer.ts';
import { known } from '../domain/answer.ts';
import type { Identity } from './identities.ts';
import { identitiesQuestion } from './identities.ts';
import type { AnyStatement, Condition } from './policy.ts';
import { readStatements, speaksOf, textsOf } from './policy.ts';
import { field, isWords } from './request.ts';
import { lacking, unreadable } from './told.ts';

/** Somebody beside AWS's services whom the trust policy of a role lets in. */
export interface TrustedParty {
  /** `anyone`: nothing limits who it is. */
  readonly kind: 'account' | 'provider' | 'organization' | 'anyone';
  /** An ARN, an account, `*`, an identity provider, an organization. */
  readonly who: string;
  /** The word of the policy that lets it in. */
  readonly named: string;
  /** Its account, or null where that is not said. */
  readonly account: string | null;
  /** It must name a secret that was agreed upon. */
  readonly externalId: boolean;
}

const actions = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'];

/** Whom the role trusts. Denies with conditions are not taken into account. */
export function trustedParties(role: Identity): Answer<readonly TrustedParty[]> {
  if (role.trust === undefined) return lacking(`the answer for role ${role.name} lacks its trust policy`, identitiesQuestion);
  const statements = readStatements(role.trust);
  if (statements === null) return unreadable(`the trust policy of role ${role.name}`, identitiesQuestion);
  const about = statements.filter((statement) => actions.some((action) => speaksOf(statement, action)));
  if (about.some((one) => !one.allow && one.conditions.length === 0 && principalsOf(one)?.some(([, who]) => who === '*'))) return known([]);
  const parties: TrustedParty[] = [];
  for (const statement of about.filter(({ allow }) => allow)) {
    const principals = principalsOf(statement);
    if (principals === null) return unreadable(`the trust policy of role ${role.name}`, identitiesQuestion);
    for (const [kind, who] of principals) parties.push(...partiesOf(kind, who, statement.conditions));
  }
  return known([...new Map(parties.map((party) => [JSON.stringify(party), party])).values()]);
}

/** The trust policy without some of the parties, by the words that it names them with; one that lets nobody in where none is left. */
export function trustWithout(role: Identity, unwanted: ReadonlySet<string>): object {
  const statements = (readStatements(role.trust) ?? []).flatMap(({ allow, words }): object[] => {
    const principal = field(words, 'Principal');
    if (!allow) return [words];
    if (!isWords(principal))
      return unwanted.has(field(words, 'NotPrincipal') === undefined ? String(principal) : notPrincipal) ? [] : [words];
    const left = Object.entries(principal).flatMap(([kind, who]): [string, unknown][] => {
      const kept = (textsOf(who) ?? []).filter((one) => !unwanted.has(one));
      return kept.length === 0 ? [] : [[kind, kept.length === 1 ? kept[0] : kept]];
    });
    return left.length === 0 ? [] : [{ ...words, Principal: Object.fromEntries(left) }];
  });
  const nobody = { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' };
  return { Version: '2012-10-17', Statement: statements.length === 0 ? [nobody] : statements };
}

/** Whom a statement with `NotPrincipal` lets in. */
const notPrincipal = 'everyone but those of NotPrincipal';

type Principal = readonly [kind: 'AWS' | 'Federated' | 'Service' | 'everyone', who: string];

function principalsOf({ words }: AnyStatement): readonly Principal[] | null {
  if (field(words, 'NotPrincipal') !== undefined) return [['everyone', notPrincipal]];
  const principal = field(words, 'Principal');
  if (principal === '*') return [['AWS', '*']];
  if (!isWords(principal)) return null;
  const principals: Principal[] = [];
  for (const [kind, value] of Object.entries(principal)) {
    const names = textsOf(value);
    if (names === null || (kind !== 'AWS' && kind !== 'Federated' && kind !== 'Service')) return null;
    for (const who of names) principals.push([kind, who]);
  }
  return principals;
}

function partiesOf(kind: Principal[0], who: string, conditions: readonly Condition[]): readonly TrustedParty[] {
  const externalId = restrictionsOn(conditions, 'sts:externalid').some((value) => !/^[*?]*$/.test(value));
  const party = { who, named: who, account: accountOf(who), externalId };
  if (kind === 'Service') return [];
  if (kind === 'everyone') return [{ ...party, kind: 'anyone' }];
  if (kind === 'Federated') return [{ ...party, kind: isOpenProvider(who, conditions) ? 'anyone' : 'provider' }];
  // A unique id stands where the user or role is gone: nobody can be it again.
  if (/^A[A-Z]{3}[A-Z0-9]{12,}$/.test(who)) return [];
  return who === '*' ? everyoneWithin(conditions, externalId) : [{ ...party, kind: 'account' }];
}

/** `*`, as far as conditions on the caller do not limit it. */
function everyoneWithin(conditions: readonly Condition[], externalId: boolean): readonly TrustedParty[] {
  const accounts = [...restrictionsOn(conditions, 'aws:principalaccount'), ...restrictionsOn(conditions, 'aws:principalarn')];
  const limited = accounts.length > 0 && accounts.every((value) => accountOf(value) !== null);
  if (limited) return accounts.map((value) => ({ kind: 'account', who: value, named: '*', account: accountOf(value), externalId }));
  const organizations = [
    ...restrictionsOn(conditions, 'aws:principalorgid'),
    ...restrictionsOn(conditions, 'aws:principalorgpaths'),
  ].filter((value) => value.startsWith('o-'));
  if (organizations.length > 0) {
    return organizations.map((value) => ({
      kind: 'organization',
      who: `every account of organization ${value}`,
      named: '*',
      account: null,
      externalId,
    }));
  }
  return [{ kind: 'anyone', who: '*', named: '*', account: null, externalId }];
}

/** Values that a condition key must have; empty where nothing limits it. */
function restrictionsOn(conditions: readonly Condition[], wanted: string): readonly string[] {
  return conditions.flatMap(({ operator, key, values }) =>
    key.toLowerCase() === wanted && /^(?:ForAnyValue:)?(?:String|Arn)(?:Equals|Like|EqualsIgnoreCase)(?:IfExists)?$/i.test(operator)
      ? values
      : [],
  );
}

/** Identity providers that serve everybody: their tokens differ in the subject alone. */
const sharedProviders = ['token.actions.githubusercontent.com', 'gitlab.com', 'app.terraform.io'];
/** Providers that IAM knows by name: their tokens differ in the audience. */
const publicProviders = ['accounts.google.com', 'cognito-identity.amazonaws.com', 'graph.facebook.com', 'www.amazon.com'];

function isOpenProvider(who: string, conditions: readonly Condition[]): boolean {
  const issuer = who.split(':oidc-provider/').at(-1)?.toLowerCase() ?? '';
  const keys = sharedProviders.includes(issuer) ? ['sub'] : publicProviders.includes(issuer) ? ['sub', 'aud', 'app_id'] : null;
  if (keys === null) return false;
  return !keys.some((key) => restrictionsOn(conditions, `${issuer}:${key}`).some((value) => !/^[*?]*$/.test(value)));
}

/** The account of an ARN of IAM or STS, or of an account id. */
function accountOf(who: string): string | null {
  return /^(?:arn:[a-z-]+:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(who)?.[1] ?? null;
}
