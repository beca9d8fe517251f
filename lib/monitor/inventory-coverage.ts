import type { Cause } from '../domain/answer.ts';
import { causeText } from '../domain/answer.ts';
import type { Coverage } from '../domain/report.ts';
import type { Inventory } from '../evidence/inventory.ts';

/** One line for each command that was asked, and one that sums up the inventory. */
export function inventoryCoverage(inventory: Inventory, foreign: readonly string[]): Coverage[] {
  const byCommand = new Map<string, { answered: number; rejected: number; entries: number; causes: Cause[] }>();
  for (const { question, answer } of inventory.entries()) {
    const source = `inventory:${question.service}:${question.command}`;
    const sum = byCommand.get(source) ?? { answered: 0, rejected: 0, entries: 0, causes: [] };
    byCommand.set(source, sum);
    if (answer.known) {
      sum.answered++;
      sum.rejected += answer.rejected ?? 0;
      sum.entries += answer.rejected ?? 0;
    } else {
      sum.causes.push(answer.cause);
      if (answer.cause.kind === 'unreadable') sum.rejected++;
    }
  }

  const lines = [...byCommand].map(([source, { answered, rejected, entries, causes }]) =>
    line(source, answered, rejected, causes, entries > 0 ? [`${entries} list entries could not be read`] : []),
  );
  for (const file of foreign)
    lines.push({ ...empty(`inventory:${file}`), status: 'partial', detail: 'not the name of a command that is read', rejected: 1 });
  const all = [...byCommand.values()];
  const answered = all.reduce((sum, one) => sum + one.answered, 0);
  const causes = all.flatMap((one) => one.causes);
  const rejected = all.reduce((sum, one) => sum + one.rejected, foreign.length);
  const detail = all.length === 0 ? 'nothing was asked' : `${answered} of ${answered + causes.length} questions answered`;
  return [...lines, { ...line('inventory', answered, rejected, causes, []), detail }];
}

function line(source: string, answered: number, rejected: number, causes: readonly Cause[], notes: readonly string[]): Coverage {
  // A file that cannot be read is named, however many there are; of what is not there, three are enough.
  const unread = causes.filter(({ kind }) => kind === 'unreadable');
  const others = causes.filter(({ kind }) => kind !== 'unreadable');
  const shown = [...unread, ...others.slice(0, 3)].map(causeText);
  if (causes.length > shown.length) shown.push(`and ${causes.length - shown.length} more`);
  const complete = causes.length === 0 && rejected === 0;
  const none = answered === 0 && causes.length > 0;
  const status = complete ? 'complete' : none ? (causes.some((cause) => cause.kind === 'denied') ? 'denied' : 'missing') : 'partial';
  return { ...empty(source), status, detail: [...notes, ...shown].join('; '), records: answered, rejected };
}

function empty(source: string): Coverage {
  return { source, status: 'complete', detail: '', from: null, to: null, records: 0, rejected: 0 };
}
