import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { auditExtensionLoaded } from './audit-extension-loaded.ts';
import { connectionsLogged } from './connections-logged.ts';
import { iamAuthErrorsExported } from './iam-auth-errors-exported.ts';
import { iamAuthenticationEnabled } from './iam-authentication-enabled.ts';
import { ingressRestricted } from './ingress-restricted.ts';
import { logDeliveryPossible } from './log-delivery-possible.ts';
import { logStatementSafe } from './log-statement-safe.ts';
import { notPubliclyAccessible } from './not-publicly-accessible.ts';
import { passwordCommandsRestricted } from './password-commands-restricted.ts';
import { postgresqlLogExported } from './postgresql-log-exported.ts';
import { scramPasswordsOnly } from './scram-passwords-only.ts';
import { subnetsPrivate } from './subnets-private.ts';
import { tlsMinimumVersion } from './tls-minimum-version.ts';
import { tlsRequired } from './tls-required.ts';

/** Sorted by id. */
export const postureChecks: readonly PostureCheck[] = [
  auditExtensionLoaded,
  connectionsLogged,
  iamAuthErrorsExported,
  iamAuthenticationEnabled,
  ingressRestricted,
  logDeliveryPossible,
  logStatementSafe,
  notPubliclyAccessible,
  passwordCommandsRestricted,
  postgresqlLogExported,
  scramPasswordsOnly,
  subnetsPrivate,
  tlsMinimumVersion,
  tlsRequired,
];
