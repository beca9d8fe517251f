import type { EvidenceData } from '../domain/verdict.ts';
import type { ProxySubject } from '../evidence/proxies.ts';
import { listed } from './sentences.ts';

/** ` in front of orders`; nothing where that is not known. */
export function frontedBy({ targets }: ProxySubject): string {
  return targets.known && targets.value.length > 0 ? ` in front of ${listed([...targets.value].sort())}` : '';
}

/** What stands behind the proxy, as a fact; null: not known. */
export function behind({ targets }: ProxySubject): EvidenceData {
  return { inFrontOf: targets.known ? [...targets.value].sort() : null };
}
