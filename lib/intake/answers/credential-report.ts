import type { CredentialKey, CredentialReport, CredentialRow } from '../../domain/account-answers.ts';
import { isObject } from './fields.ts';
import type { ReadAnswer } from './index.ts';

/** Reads `{ Content, GeneratedTime }`, where Content is a CSV in base64, or the CSV itself. A row without a user is left out and counted. */
export function readCredentialReport(json: unknown): ReturnType<ReadAnswer> {
  if (!isObject(json) || typeof json.Content !== 'string') return null;
  const text = json.Content.startsWith('user,') ? json.Content : Buffer.from(json.Content, 'base64').toString('utf8');
  const [header, ...records] = readCsv(text.replace(/^\uFEFF/, ''));
  if (header?.[0] !== 'user' || !header.includes('arn')) return null;
  const columns = new Map(header.map((name, index) => [name, index]));
  const rows: CredentialRow[] = [];
  let rejected = 0;
  for (const record of records) {
    const row = rowOf((name) => record[columns.get(name) ?? -1]);
    if (row) rows.push(row);
    else rejected++;
  }
  const generated = timeOf(typeof json.GeneratedTime === 'number' ? new Date(json.GeneratedTime * 1000).toISOString() : json.GeneratedTime);
  const value: CredentialReport = { GeneratedTime: generated, Rows: rows };
  return { value, rejected };
}

function rowOf(field: (name: string) => string | undefined): CredentialRow | null {
  const user = field('user');
  const arn = field('arn');
  if (!user || !arn) return null;
  return {
    user,
    arn,
    passwordEnabled: flagOf(field('password_enabled')),
    passwordLastUsed: momentOf(field('password_last_used')),
    passwordLastChanged: momentOf(field('password_last_changed')),
    mfaActive: flagOf(field('mfa_active')),
    keys: ['access_key_1', 'access_key_2'].map(
      (key): CredentialKey => ({
        active: flagOf(field(`${key}_active`)),
        lastRotated: momentOf(field(`${key}_last_rotated`)),
        lastUsed: momentOf(field(`${key}_last_used_date`)),
      }),
    ),
  };
}

function flagOf(value: string | undefined): boolean | undefined {
  const word = value?.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** The report writes `N/A` and `no_information` for what never was. */
function momentOf(value: string | undefined): string | undefined {
  const word = value?.trim() ?? '';
  return /^(?:n\/a|no_information)$/i.test(word) ? 'never' : timeOf(word);
}

function timeOf(value: unknown): string | undefined {
  const time = typeof value === 'string' && value !== '' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Records of a CSV; names of users may hold commas, so fields may be quoted. Empty lines are left out. */
function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  const endRecord = (): void => {
    if (record.length > 0 || field !== '') records.push([...record, field]);
    record = [];
    field = '';
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quoted && letter === '"' && text[at + 1] === '"') field += text[at++];
    else if (letter === '"') quoted = !quoted;
    else if (quoted || (letter !== ',' && letter !== '\n' && letter !== '\r')) field += letter;
    else if (letter === '\n') endRecord();
    else if (letter === ',') {
      record.push(field);
      field = '';
    }
  }
  endRecord();
  return records;
}
