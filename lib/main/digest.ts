import { createFindingStore } from '../adapters/aws/finding-store.ts';
import { createPublish } from '../adapters/aws/notify.ts';
import { type DigestMonitor, sendDigest } from '../monitor/digest.ts';
import { digestMessage } from '../render/alert/digest.ts';
import { environmentValue, openHome, pause } from './home.ts';
import { bundledConfiguration, liveAsk } from './lambda.ts';
import { withReportLink } from './report-link.ts';

/** Sends the digest of the day on which the schedule wanted it (`due`, ISO 8601; absent: now), unless it was sent. Resolves with whether it was. */
export async function runDigest(due: string | undefined, signal: AbortSignal): Promise<boolean> {
  const { access, region, account, partition } = await openHome();
  const publish = createPublish(access, { region, topicArn: environmentValue('TOPIC') });
  const store = createFindingStore({ access, region, table: environmentValue('TABLE'), signal });
  const place = { region, bucket: environmentValue('BUCKET') };
  const monitor: DigestMonitor = {
    account,
    partition,
    region,
    configuration: await bundledConfiguration(),
    ask: liveAsk(access, partition),
    store,
    now: Date.now,
    wait: pause,
    send: async (digest, aborting) => publish(digestMessage(await withReportLink(digest, store, place)), aborting),
  };
  return sendDigest(monitor, { due: due === undefined ? monitor.now() : Date.parse(due), signal });
}
