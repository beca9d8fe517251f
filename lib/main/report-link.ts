import { linkToObject } from '../monitor/console-links.ts';
import type { FindingStore } from '../ports/finding-store.ts';

/** The watermark that holds the key of the latest whole report as a page: keys begin with the time, so that they sort by it. */
export const latestReport = 'report';

/**
 * A thing that is told, with a link to the latest report (`links.report`) where there is one. A store that does not answer costs the link, never what is
 * told.
 */
export async function withReportLink<Told extends { readonly links?: Readonly<Record<string, string>> }>(
  told: Told,
  store: Pick<FindingStore, 'watermark'>,
  { region, bucket }: { readonly region: string; readonly bucket: string },
): Promise<Told> {
  const key = await store.watermark(latestReport).catch(() => null);
  const report = key === null ? null : linkToObject(region, bucket, key);
  return report === null ? told : { ...told, links: { ...told.links, report } };
}
