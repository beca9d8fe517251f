import type { Alert } from '../domain/alert.ts';

/** Hands an alert over to those who are told. Rejects when it could not; telling the same alert twice is allowed, with the same id. */
export type Notify = (alert: Alert, signal?: AbortSignal) => Promise<void>;
