import { setTimeout as wait } from 'node:timers/promises';
import { type AccountAccess, openAccount } from '../adapters/aws/account.ts';

/** What the template puts into a function's environment. Throws where a name is missing. */
export function environmentValue(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set; the template sets it.`);
  return value;
}

/** Access to the account that the function runs in. */
export async function openHome(): Promise<{ access: AccountAccess; region: string; account: string; partition: string }> {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const access = await openAccount(endpoint ? { endpoint } : {});
  return { access, region: environmentValue('AWS_REGION'), account: environmentValue('ACCOUNT'), partition: environmentValue('PARTITION') };
}

/** Resolves after so many milliseconds; rejects when `signal` aborts. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, signal ? { signal } : {});
}
