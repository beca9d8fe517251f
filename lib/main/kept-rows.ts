import type { AccountAccess } from '../adapters/aws/account.ts';
import { createResults } from '../adapters/aws/athena.ts';
import { createRunStore } from '../adapters/aws/run-store.ts';
import type { Delivered, KeptRows } from '../monitor/kept-activity.ts';
import { environmentValue } from './home.ts';

/** What the stack of this function delivers to itself. */
export function deliveredHere(): Delivered {
  return { logs: process.env.LOG_DELIVERY === 'true', trail: (process.env.TRAIL ?? '') !== '' };
}

/** The rows of the queries that the function `activity` ran. */
export function openKeptRows(access: AccountAccess, region: string): KeptRows {
  const runs = createRunStore({ access, region, table: environmentValue('TABLE') });
  return { delivered: deliveredHere(), runs, executions: createResults(access, { region }) };
}
