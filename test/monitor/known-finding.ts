import type { KnownFinding } from '../../lib/ports/finding-store.ts';

/** What a store knows of a problem that is open since `knownAt` and that nobody was told of. */
export function knownFinding(
  one: Pick<KnownFinding, 'fingerprint' | 'resource' | 'knownAt'>,
  more: Partial<KnownFinding> = {},
): KnownFinding {
  return {
    ...one,
    check: 'tls-required',
    state: 'open',
    severity: 'high',
    finding: null,
    openedAt: one.knownAt,
    openedBy: null,
    alerts: [],
    blind: null,
    suppression: null,
    revision: 1,
    ...more,
  };
}
