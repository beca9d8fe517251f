import { z } from 'zod/mini';

const text = z.nullable(z.string());
const number = z.nullable(z.int().check(z.minimum(0)));
const time = z.nullable(z.string());
const texts = z.array(text);
const anything = z.unknown();

const failure = {
  user: text,
  database: text,
  source: text,
  cluster: text,
  attempts: number,
  unconfirmed: number,
  first: time,
  last: time,
  reasons: texts,
};
const session = { user: text, database: text, source: text, cluster: text, sessions: number, first: time, last: time, applications: texts };
const login = { user: text, source: text, cluster: text, first: time, last: time, count: number };

/** What the evidence of a finding holds at least, by check; a value that is not known is null. */
export const evidenceSchemas = {
  'failed-iam-logins': z.looseObject({ ...failure, callers: texts }),
  'failed-password-logins': z.looseObject(failure),
  'plaintext-refused': z.looseObject(failure),
  'plaintext-sessions': z.looseObject(session),
  'weak-tls-sessions': z.looseObject({ ...session, protocol: text, cipher: text }),
  'login-after-failures': z.looseObject(login),
  'new-source': z.looseObject(login),
  'master-user-logins': z.looseObject(login),
  'log-forgery': z.looseObject({ source: text, cluster: text, records: number, first: time, last: time, claimed: anything }),
  'grant-used': z.looseObject({
    principal: text,
    grants: z.array(anything),
    databaseUsers: texts,
    use: text,
    lastUsed: time,
    signs: z.looseObject({}),
  }),
  'cross-account-access': z.looseObject({
    role: text,
    sourceAccount: text,
    sourceIdentity: text,
    sources: texts,
    count: number,
    first: time,
    last: time,
  }),
} as const;
