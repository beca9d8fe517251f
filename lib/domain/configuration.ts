import type { Severity } from './severity.ts';

/** `aurora-watch.yaml`, with every default filled in. Durations are milliseconds. */
export interface Configuration {
  readonly trustedAccounts: readonly string[];
  /** ARN patterns with `*` and `?`. */
  readonly allowed: {
    readonly masterPasswordChanges: readonly string[];
    readonly dataApi: readonly string[];
    readonly wideGrants: readonly string[];
    readonly rdsAdministrators: readonly string[];
  };
  readonly thresholds: Thresholds;
  readonly severities: Readonly<Record<string, Severity>>;
  readonly suppressions: readonly Suppression[];
  readonly alerts: {
    readonly minimumSeverity: Severity;
    readonly digest: 'daily' | 'weekly' | 'off';
    readonly weeklyAllQuiet: boolean;
  };
}

/** Limits that decide when something is worth saying. */
export interface Thresholds {
  readonly unusedDays: number;
  readonly unusedKeyDays: number;
  readonly failedLogins: number;
  readonly failedLoginWindow: number;
  readonly loginAfterFailures: number;
  readonly deniedCalls: number;
  readonly deniedCallWindow: number;
  /** Prefix lengths: a range with a shorter prefix is wider than the limit. */
  readonly widestIngress: { readonly ipv4: number; readonly ipv6: number };
  readonly backupDays: number;
  readonly keyAgeDays: number;
}

/** Quiets findings of one check on matching resources until a date. */
export interface Suppression {
  /** A check id; may hold `*`. */
  readonly check: string;
  /** An ARN pattern. */
  readonly resource: string;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day it holds, or null. */
  readonly until: string | null;
  readonly by: string | null;
}

/** What holds where the file says nothing. */
export const defaultConfiguration: Configuration = {
  trustedAccounts: [],
  allowed: { masterPasswordChanges: [], dataApi: [], wideGrants: [], rdsAdministrators: [] },
  thresholds: {
    unusedDays: 90,
    unusedKeyDays: 45,
    failedLogins: 5,
    failedLoginWindow: 5 * 60_000,
    loginAfterFailures: 10 * 60_000,
    deniedCalls: 10,
    deniedCallWindow: 5 * 60_000,
    widestIngress: { ipv4: 16, ipv6: 48 },
    backupDays: 7,
    keyAgeDays: 90,
  },
  severities: {},
  suppressions: [],
  alerts: { minimumSeverity: 'medium', digest: 'daily', weeklyAllQuiet: true },
};
