import type { ActivityCheck } from '../../evidence/check-kinds.ts';
import { crossAccountAccess } from './cross-account-access.ts';
import { deniedRdsCalls } from './denied-rds-calls.ts';
import { failedIamLogins } from './failed-iam-logins.ts';
import { failedPasswordLogins } from './failed-password-logins.ts';
import { logForgery } from './log-forgery.ts';
import { logGaps } from './log-gaps.ts';
import { loginAfterFailures } from './login-after-failures.ts';
import { loginWithoutGrant } from './login-without-grant.ts';
import { masterUserLogins } from './master-user-logins.ts';
import { newSource } from './new-source.ts';
import { parameterHistory } from './parameter-history.ts';
import { passwordSetBySql } from './password-set-by-sql.ts';
import { plaintextRefused } from './plaintext-refused.ts';
import { plaintextSessions } from './plaintext-sessions.ts';
import { protectedRoleTampering } from './protected-role-tampering.ts';
import { weakTlsSessions } from './weak-tls-sessions.ts';

/** Checks that judge what was logged, sorted by id. */
export const activityChecks: readonly ActivityCheck[] = [
  crossAccountAccess,
  deniedRdsCalls,
  failedIamLogins,
  failedPasswordLogins,
  logForgery,
  logGaps,
  loginAfterFailures,
  loginWithoutGrant,
  masterUserLogins,
  newSource,
  parameterHistory,
  passwordSetBySql,
  plaintextRefused,
  plaintextSessions,
  protectedRoleTampering,
  weakTlsSessions,
];
