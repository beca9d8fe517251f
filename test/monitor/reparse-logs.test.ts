import { describe, expect, it } from '@jest/globals';
import type { Reparse } from '../../lib/domain/log-object.ts';
import { reparseLogs } from '../../lib/monitor/reparse-logs.ts';

const keyOf = (day: string, index: number) => `cloudwatch/2026/05/${day}/10/logs-${String(index).padStart(4, '0')}.gz`;

/** A bucket that lists `most` keys at once, and a queue. */
function bucket(keys: readonly string[], most: number) {
  const sent: object[] = [];
  const objects = { list: async (after: string) => keys.filter((key) => key > after).slice(0, most) };
  const send = async (messages: readonly object[]) => {
    sent.push(...messages);
  };
  return { sent, given: { objects, send } };
}

/** Steps until there is no next one, as the queue delivers them. */
async function run({ sent, given }: ReturnType<typeof bucket>, asked: Reparse): Promise<readonly string[]> {
  for (let next: Reparse | null = asked; next; ) next = (await reparseLogs(given, next)).next;
  return sent.flatMap((message) => ('keys' in message ? (message.keys as string[]) : []));
}

describe('reparseLogs', () => {
  const all = ['01', '02', '03', '04'].flatMap((day) => Array.from({ length: 5 }, (_, index) => keyOf(day, index)));
  const wanted = all.filter((key) => key.includes('/02/') || key.includes('/03/'));

  it.each([1, 2, 4, 5, 7, 10, 1000])('sends every object of the days once, however many are listed at once: %i', async (most) => {
    const keys = await run(bucket(all, most), { from: '2026/05/02', to: '2026/05/03' });

    expect(keys).toEqual(wanted);
  });

  it('goes on by a message that says where', async () => {
    const { sent, given } = bucket(all, 3);

    const step = await reparseLogs(given, { from: '2026/05/02', to: '2026/05/03' });

    expect(step).toEqual({ sent: 3, next: { from: '2026/05/02', to: '2026/05/03', after: keyOf('02', 2) } });
    expect(sent.at(-1)).toEqual({ reparse: step.next });
  });

  it('ends where a day holds nothing', async () => {
    const { sent, given } = bucket(all, 3);

    expect(await reparseLogs(given, { from: '2026/06/01', to: '2026/06/30' })).toEqual({ sent: 0, next: null });
    expect(sent).toEqual([]);
  });
});
