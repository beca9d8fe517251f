import type { ChangeCheck } from '../../evidence/check-kinds.ts';
import { auditTrailWeakened } from './audit-trail-weakened.ts';
import { guarddutyLoginAnomaly } from './guardduty-login-anomaly.ts';
import { iamAuthenticationDisabled } from './iam-authentication-disabled.ts';
import { iamGrantAdded } from './iam-grant-added.ts';
import { ingressOpened } from './ingress-opened.ts';
import { loggingWeakened } from './logging-weakened.ts';
import { madePublic } from './made-public.ts';
import { masterPasswordChanged } from './master-password-changed.ts';
import { monitorTampered } from './monitor-tampered.ts';
import { passwordRestrictionRemoved } from './password-restriction-removed.ts';
import { protectionRemoved } from './protection-removed.ts';
import { roleAttachedToCluster } from './role-attached-to-cluster.ts';
import { rootUsed } from './root-used.ts';
import { snapshotCopiedAway } from './snapshot-copied-away.ts';
import { snapshotExported } from './snapshot-exported.ts';
import { snapshotShared } from './snapshot-shared.ts';
import { tlsWeakened } from './tls-weakened.ts';

/** Sorted by id. */
export const changeChecks: readonly ChangeCheck[] = [
  auditTrailWeakened,
  guarddutyLoginAnomaly,
  iamAuthenticationDisabled,
  iamGrantAdded,
  ingressOpened,
  loggingWeakened,
  madePublic,
  masterPasswordChanged,
  monitorTampered,
  passwordRestrictionRemoved,
  protectionRemoved,
  roleAttachedToCluster,
  rootUsed,
  snapshotCopiedAway,
  snapshotExported,
  snapshotShared,
  tlsWeakened,
];
