import type { Encryption } from '../evidence/encryption.ts';

/** `with key arn:…`, `with a key that AWS owns`. */
export function encryptedWords({ key, awsOwned }: Encryption): string {
  if (key !== null) return `with key ${key}`;
  return awsOwned ? 'with a key that AWS owns' : 'with a key that is not named';
}
