import type { Answer } from '../domain/answer.ts';
import { mapAnswer } from '../domain/answer.ts';
import type { Place } from './told.ts';
import { told } from './told.ts';

/** Encryption at rest. */
export interface Encryption {
  readonly encrypted: boolean;
  /** The KMS key, or null: none is named. */
  readonly key: string | null;
  /** True: a key that AWS owns and nobody else controls. */
  readonly awsOwned: boolean;
}

/** `sse-rds` is encryption with a key of AWS's own, where `StorageEncrypted` reads false. */
export function encryptionOf(
  flag: boolean | undefined,
  type: string | undefined,
  key: string | undefined,
  place: Place,
): Answer<Encryption> {
  const awsOwned = type === 'sse-rds';
  return mapAnswer(told(awsOwned ? true : flag, 'StorageEncrypted', place), (encrypted) => ({ encrypted, key: key ?? null, awsOwned }));
}
