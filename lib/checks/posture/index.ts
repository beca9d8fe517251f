import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { auditExtensionLoaded } from './audit-extension-loaded.ts';
import { backupRetention } from './backup-retention.ts';
import { certificateCurrent } from './certificate-current.ts';
import { cloudtrailRecording } from './cloudtrail-recording.ts';
import { connectionsLogged } from './connections-logged.ts';
import { credentialsRotated } from './credentials-rotated.ts';
import { dataApiDisabled } from './data-api-disabled.ts';
import { databaseUsersInStep } from './database-users-in-step.ts';
import { deletionProtected } from './deletion-protected.ts';
import { engineSupported } from './engine-supported.ts';
import { guarddutyRdsProtection } from './guardduty-rds-protection.ts';
import { iamAuthErrorsExported } from './iam-auth-errors-exported.ts';
import { iamAuthenticationEnabled } from './iam-authentication-enabled.ts';
import { ingressRestricted } from './ingress-restricted.ts';
import { kerberosDirectoryJoined } from './kerberos-directory-joined.ts';
import { logDeliveryPossible } from './log-delivery-possible.ts';
import { logStatementSafe } from './log-statement-safe.ts';
import { masterPasswordManaged } from './master-password-managed.ts';
import { masterUsernameCustom } from './master-username-custom.ts';
import { minorUpgradesAutomatic } from './minor-upgrades-automatic.ts';
import { notPubliclyAccessible } from './not-publicly-accessible.ts';
import { parameterGroupCustom } from './parameter-group-custom.ts';
import { passwordCommandsRestricted } from './password-commands-restricted.ts';
import { passwordManagersFew } from './password-managers-few.ts';
import { permissionsThroughGroups } from './permissions-through-groups.ts';
import { postgresqlLogExported } from './postgresql-log-exported.ts';
import { proxyRequiresIam } from './proxy-requires-iam.ts';
import { proxyRequiresTls } from './proxy-requires-tls.ts';
import { proxySecretsRotated } from './proxy-secrets-rotated.ts';
import { rdsAdminLimited } from './rds-admin-limited.ts';
import { rootLockedAway } from './root-locked-away.ts';
import { scramPasswordsOnly } from './scram-passwords-only.ts';
import { securityHubEnabled } from './security-hub-enabled.ts';
import { snapshotsEncrypted } from './snapshots-encrypted.ts';
import { snapshotsPrivate } from './snapshots-private.ts';
import { storageEncrypted } from './storage-encrypted.ts';
import { subnetsPrivate } from './subnets-private.ts';
import { tlsMinimumVersion } from './tls-minimum-version.ts';
import { tlsRequired } from './tls-required.ts';
import { tlsUpgradeSafe } from './tls-upgrade-safe.ts';

/** Sorted by id. */
export const postureChecks: readonly PostureCheck[] = [
  auditExtensionLoaded,
  backupRetention,
  certificateCurrent,
  cloudtrailRecording,
  connectionsLogged,
  credentialsRotated,
  dataApiDisabled,
  databaseUsersInStep,
  deletionProtected,
  engineSupported,
  guarddutyRdsProtection,
  iamAuthErrorsExported,
  iamAuthenticationEnabled,
  ingressRestricted,
  kerberosDirectoryJoined,
  logDeliveryPossible,
  logStatementSafe,
  masterPasswordManaged,
  masterUsernameCustom,
  minorUpgradesAutomatic,
  notPubliclyAccessible,
  parameterGroupCustom,
  passwordCommandsRestricted,
  passwordManagersFew,
  permissionsThroughGroups,
  postgresqlLogExported,
  proxyRequiresIam,
  proxyRequiresTls,
  proxySecretsRotated,
  rdsAdminLimited,
  rootLockedAway,
  scramPasswordsOnly,
  securityHubEnabled,
  snapshotsEncrypted,
  snapshotsPrivate,
  storageEncrypted,
  subnetsPrivate,
  tlsMinimumVersion,
  tlsRequired,
  tlsUpgradeSafe,
];
