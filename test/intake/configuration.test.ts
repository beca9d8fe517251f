import { describe, expect, it } from '@jest/globals';
import { defaultConfiguration } from '../../lib/domain/configuration.ts';
import { ConfigurationError } from '../../lib/domain/errors.ts';
import { nearest, readConfiguration } from '../../lib/intake/configuration.ts';

const ids = ['tls-required', 'log-statement-safe', 'grant-used'];

function read(text: string) {
  return readConfiguration(text, 'aurora-watch.yaml', ids);
}

function messageOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('readConfiguration', () => {
  it.each(['', '# nothing yet\n', '---\n'])('takes every default from an empty file: %j', (text) => {
    expect(read(text)).toEqual(defaultConfiguration);
  });

  it('reads every key', () => {
    const text = `
trustedAccounts: ["444455556666"]
allowed:
  masterPasswordChanges: ["arn:aws:iam::*:role/dba-*"]
  dataApi: []
  wideGrants: ["arn:aws:iam::111122223333:role/pg-monitor-role"]
  rdsAdministrators: ["arn:aws:iam::*:role/platform-admin"]
thresholds: { unusedDays: 30, unusedKeyDays: 20, failedLogins: 3, failedLoginWindow: 90s, loginAfterFailures: 1h, deniedCalls: 4, deniedCallWindow: 1d, widestIngress: { ipv4: 24, ipv6: 64 }, backupDays: 14, keyAgeDays: 60 }
severities: { log-statement-safe: info }
suppressions:
  - { check: tls-required, resource: "arn:aws:rds:*:*:cluster:legacy-*", reason: "client without TLS until Q3", until: 2026-09-30, by: jane }
alerts: { minimumSeverity: high, digest: weekly, weeklyAllQuiet: false }
`;

    const configuration = read(text);

    expect(configuration).toEqual({
      trustedAccounts: ['444455556666'],
      allowed: {
        masterPasswordChanges: ['arn:aws:iam::*:role/dba-*'],
        dataApi: [],
        wideGrants: ['arn:aws:iam::111122223333:role/pg-monitor-role'],
        rdsAdministrators: ['arn:aws:iam::*:role/platform-admin'],
      },
      thresholds: {
        unusedDays: 30,
        unusedKeyDays: 20,
        failedLogins: 3,
        failedLoginWindow: 90_000,
        loginAfterFailures: 3_600_000,
        deniedCalls: 4,
        deniedCallWindow: 86_400_000,
        widestIngress: { ipv4: 24, ipv6: 64 },
        backupDays: 14,
        keyAgeDays: 60,
      },
      severities: { 'log-statement-safe': 'info' },
      suppressions: [
        {
          check: 'tls-required',
          resource: 'arn:aws:rds:*:*:cluster:legacy-*',
          reason: 'client without TLS until Q3',
          until: '2026-09-30',
          by: 'jane',
        },
      ],
      alerts: { minimumSeverity: 'high', digest: 'weekly', weeklyAllQuiet: false },
    });
  });

  it('keeps the other defaults of a group that sets one key', () => {
    const { thresholds } = read('thresholds:\n  unusedDays: 30\n  widestIngress: { ipv6: 56 }\n');

    expect(thresholds).toEqual({ ...defaultConfiguration.thresholds, unusedDays: 30, widestIngress: { ipv4: 16, ipv6: 56 } });
  });

  it.each([
    [
      'a misspelt key',
      'thresholds:\n  unusedDay: 30\n',
      'aurora-watch.yaml:2: unknown key "thresholds.unusedDay"; did you mean "unusedDays"?',
    ],
    ['a misspelt group', 'alert: {}\n', 'aurora-watch.yaml:1: unknown key "alert"; did you mean "alerts"?'],
    ['a key far from all', '\nbananas: 1\n', 'aurora-watch.yaml:2: unknown key "bananas"'],
    [
      'a check that is none',
      'severities: { tls-require: low }\n',
      'aurora-watch.yaml:1: unknown key "severities.tls-require"; did you mean "tls-required"?',
    ],
    [
      'a suppressed check that is none',
      'suppressions:\n  - { check: grant-use, reason: x }\n',
      'aurora-watch.yaml:2: suppressions[0].check: no check is called "grant-use"; did you mean "grant-used"?',
    ],
    ['a suppression without a reason', 'suppressions:\n  - check: grant-used\n', 'aurora-watch.yaml:2: suppressions[0] needs "reason"'],
    [
      'an account as a number',
      'trustedAccounts: [444455556666]\n',
      'aurora-watch.yaml:1: trustedAccounts[0] must be an account id of twelve digits, in quotes',
    ],
    [
      'a severity that is none',
      'severities:\n  tls-required: bad\n',
      'aurora-watch.yaml:2: severities.tls-required must be one of critical, high, medium, low, info',
    ],
    [
      'a duration without a unit',
      'thresholds: { failedLoginWindow: 5 }\n',
      'aurora-watch.yaml:1: thresholds.failedLoginWindow must be a duration such as 30s, 5m, 2h or 1d',
    ],
    [
      'a count of nothing',
      'thresholds: { failedLogins: 0 }\n',
      'aurora-watch.yaml:1: thresholds.failedLogins must be a whole number from 1 on',
    ],
    [
      'an impossible prefix',
      'thresholds: { widestIngress: { ipv4: 33 } }\n',
      'aurora-watch.yaml:1: thresholds.widestIngress.ipv4 must be a prefix length from 0 to 32',
    ],
    [
      'a date that is none',
      'suppressions: [{ check: tls-required, reason: x, until: soon }]\n',
      'aurora-watch.yaml:1: suppressions[0].until must be a date such as 2026-09-30',
    ],
    [
      'until on a day that no calendar has',
      'suppressions: [{ check: tls-required, reason: x, until: 2026-02-30 }]\n',
      'aurora-watch.yaml:1: suppressions[0].until must be a date such as 2026-09-30',
    ],
    ['a list instead of names', '- a\n', 'aurora-watch.yaml:1: the file must hold names with values'],
    ['text instead of a list', 'trustedAccounts: nobody\n', 'aurora-watch.yaml:1: trustedAccounts must be a list'],
  ])('names the line and what is wrong: %s', (_name, text, message) => {
    expect(messageOf(text)).toBe(message);
  });

  it('says where the YAML breaks', () => {
    expect(messageOf('alerts: {\n')).toMatch(/^aurora-watch\.yaml:\d+: /);
  });
});

describe('nearest', () => {
  it.each([
    ['tls-requird', 'tls-required'],
    ['TLS-REQUIRED', 'tls-required'],
    ['zzz', null],
  ])('finds the name that %j was meant to be: %j', (word, expected) => {
    expect(nearest(word, ids)).toBe(expected);
  });
});
