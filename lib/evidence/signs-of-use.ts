import type { CredentialReport, ServiceLastAccessedDetails } from '../domain/account-answers.ts';
import type { Answer } from '../domain/answer.ts';
import { known } from '../domain/answer.ts';
import type { Evidence } from './evidence.ts';
import type { Identity } from './identities.ts';
import { identitiesQuestion } from './identities.ts';
import { lacking } from './told.ts';

/** What may tell that a principal was used. */
export const signNames = {
  roleLastUsed: 'RoleLastUsed',
  assumeRole: 'AssumeRole in CloudTrail',
  accessAdvisor: 'access advisor',
  accessKeys: 'access keys',
  consolePassword: 'console password',
  logins: 'logins',
} as const;

/** One of {@link signNames}. */
export type SignName = keyof typeof signNames;

/** A sign of use and when it was last seen: ISO 8601, or null: never. */
export interface Sign {
  readonly name: SignName;
  readonly last: Answer<string | null>;
}

/** The signs that the principal itself was used; the first one decides where it is known. Logins are no such sign. */
export function signsOfUse(identity: Identity, evidence: Evidence): readonly [Sign, ...Sign[]] {
  const advisor: Sign = { name: 'accessAdvisor', last: advisorSign(identity.arn, evidence) };
  if (identity.kind === 'user') {
    const row = credentialRow(identity.arn, evidence);
    return [{ name: 'accessKeys', last: keysSign(row) }, { name: 'consolePassword', last: passwordSign(row) }, advisor];
  }
  return [
    { name: 'roleLastUsed', last: lastUsedSign(identity) },
    { name: 'assumeRole', last: assumeRoleSign(identity.arn, evidence) },
    advisor,
  ];
}

/** The latest of the signs that are known, or null. */
export function latestOf(signs: readonly Sign[]): { readonly name: SignName; readonly last: string } | null {
  let latest: { name: SignName; last: string } | null = null;
  for (const { name, last } of signs) {
    if (!last.known || last.value === null) continue;
    if (latest === null || Date.parse(last.value) > Date.parse(latest.last)) latest = { name, last: last.value };
  }
  return latest;
}

/** The user's row of the credential report. */
export function credentialRow(arn: string, { inventory }: Evidence): Answer<CredentialReport['Rows'][number]> {
  const report = inventory.answer<CredentialReport>('global', 'iam', 'get-credential-report');
  if (!report.known) return report;
  const row = report.value.Rows.find((one) => one.arn === arn);
  return row ? known(row) : lacking(`${arn} is not in the report`, reportQuestion);
}

/** Where the credential report is asked for. */
export const reportQuestion = { region: 'global', service: 'iam', command: 'get-credential-report', key: null };

type Row = ReturnType<typeof credentialRow>;

function lastUsedSign({ lastUsed, name }: Identity): Sign['last'] {
  if (lastUsed === undefined) return lacking(`the answer for role ${name} lacks RoleLastUsed`, identitiesQuestion);
  return known(isoOf(lastUsed.LastUsedDate));
}

function assumeRoleSign(arn: string, { activity }: Evidence): Sign['last'] {
  if (!activity.roleUse.known) return activity.roleUse;
  const times = activity.roleUse.value.filter(({ role }) => role === arn).map(({ last }) => last);
  return known(isoOf(times.sort().at(-1)));
}

function advisorSign(arn: string, { inventory }: Evidence): Sign['last'] {
  const answer = inventory.answer<ServiceLastAccessedDetails>('global', 'iam', 'get-service-last-accessed-details', arn);
  if (!answer.known) return answer;
  const question = { region: 'global', service: 'iam', command: 'get-service-last-accessed-details', key: arn };
  const { JobStatus = 'COMPLETED', ServicesLastAccessed } = answer.value;
  if (JobStatus !== 'COMPLETED') return lacking(`the job is ${JobStatus}`, question);
  const service = ServicesLastAccessed.find(({ ServiceNamespace }) => ServiceNamespace === 'rds-db');
  if (!service && answer.rejected) return lacking('part of the answer could not be read', question);
  return known(isoOf(service?.LastAuthenticated));
}

/** A key that is no longer active was used all the same. */
function keysSign(row: Row): Sign['last'] {
  if (!row.known) return row;
  if (row.value.keys.some(({ active, lastUsed }) => lastUsed === undefined && active !== false)) {
    return lacking(`the report does not say when the keys of ${row.value.user} were last used`, reportQuestion);
  }
  const times = row.value.keys.flatMap(({ lastUsed }) => (lastUsed === undefined || lastUsed === 'never' ? [] : [lastUsed]));
  return known(times.sort().at(-1) ?? null);
}

function passwordSign(row: Row): Sign['last'] {
  if (!row.known) return row;
  const { passwordLastUsed, user } = row.value;
  if (passwordLastUsed === undefined) return lacking(`the report does not say when the password of ${user} was last used`, reportQuestion);
  return known(passwordLastUsed === 'never' ? null : passwordLastUsed);
}

function isoOf(time: string | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
