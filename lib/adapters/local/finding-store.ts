import type { CloudTrailEvent } from '../../domain/event.ts';
import type { FindingStore, KnownFinding, StoredAlert } from '../../ports/finding-store.ts';

/** A store in memory, with the same conditions on writes as the one in AWS: for tests, and for what needs no memory after it ends. */
export function createMemoryStore(): FindingStore & {
  readonly findings: ReadonlyMap<string, KnownFinding>;
  readonly alerts: readonly StoredAlert[];
} {
  const findings = new Map<string, KnownFinding>();
  const alerts = new Map<string, StoredAlert>();
  const watermarks = new Map<string, string>();
  const awaited = new Map<string, { readonly event: CloudTrailEvent; readonly until: number }>();
  let everybody: Awaited<ReturnType<FindingStore['present']>> = { present: [], revision: 0 };
  return {
    findings,
    get alerts() {
      return [...alerts.values()];
    },
    async load(fingerprints) {
      const found = new Map<string, KnownFinding>();
      for (const fingerprint of fingerprints) {
        const known = findings.get(fingerprint);
        if (known) found.set(fingerprint, known);
      }
      return found;
    },
    async listOpen() {
      return [...findings.values()].filter(({ state }) => state === 'open' || state === 'suppressed' || state === 'unseen');
    },
    async save(next) {
      if ((findings.get(next.fingerprint)?.revision ?? 0) !== next.revision - 1) return false;
      findings.set(next.fingerprint, next);
      return true;
    },
    async loadAlerts(cause) {
      return [...alerts.values()].filter((alert) => alert.cause === cause);
    },
    async listUnsent() {
      return [...alerts.values()].filter(({ status }) => status !== 'sent' && status !== 'void');
    },
    async saveAlert(next) {
      const place = JSON.stringify([next.cause, next.key]);
      if ((alerts.get(place)?.revision ?? 0) !== next.revision - 1) return false;
      alerts.set(place, next);
      return true;
    },
    async present() {
      return everybody;
    },
    async savePresent(next) {
      if (everybody.revision !== next.revision - 1) return false;
      everybody = next;
      return true;
    },
    async awaitEffect(event, until) {
      awaited.set(event.eventId, { event, until });
    },
    async listAwaited(now) {
      return [...awaited.values()].filter(({ until }) => until > now).map(({ event }) => event);
    },
    async watermark(name) {
      return watermarks.get(name) ?? null;
    },
    async moveWatermark(name, to) {
      if ((watermarks.get(name) ?? '') < to) watermarks.set(name, to);
    },
  };
}
