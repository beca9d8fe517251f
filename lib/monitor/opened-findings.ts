import type { Alert } from '../domain/alert.ts';
import type { Finding } from '../domain/finding.ts';
import { opens } from './change-owner.ts';

/**
 * The changes, each with the fingerprints of the findings that it opened: problems of the kind that such a change makes, on what it touched,
 * that are there after it. Of several changes the last one counts. `at`: the moment of the findings, milliseconds since 1970.
 */
export function withOpened(changes: readonly Alert[], findings: readonly Finding[], at: number): readonly Alert[] {
  const byResource = new Map<string, Finding[]>();
  for (const finding of findings) byResource.set(finding.resource.arn, [...(byResource.get(finding.resource.arn) ?? []), finding]);
  const opener = new Map<string, { readonly id: string; readonly time: number }>();
  for (const { id, check, eventTime, resources } of changes) {
    const time = Date.parse(eventTime ?? '');
    const kinds = opens[check] ?? [];
    if (!(time <= at)) continue;
    for (const { fingerprint, check: found } of resources.flatMap(({ arn }) => byResource.get(arn) ?? [])) {
      const before = opener.get(fingerprint);
      if (kinds.includes(found) && (before === undefined || before.time <= time)) opener.set(fingerprint, { id, time });
    }
  }
  const opened = new Map<string, string[]>();
  for (const [fingerprint, { id }] of opener) opened.set(id, [...(opened.get(id) ?? []), fingerprint]);
  return changes.map((change) => {
    const own = opened.get(change.id) ?? [];
    return own.length === 0 ? change : { ...change, findings: [...new Set([...change.findings, ...own])].sort() };
  });
}
