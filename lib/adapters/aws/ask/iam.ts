import { setTimeout as wait } from 'node:timers/promises';
import {
  GenerateCredentialReportCommand,
  GenerateServiceLastAccessedDetailsCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  GetServiceLastAccessedDetailsCommand,
  IAMClient,
  paginateGetAccountAuthorizationDetails,
} from '@aws-sdk/client-iam';
import type { ClientSettings } from '../account.ts';
import { type Asked, allPages, type Calls, markedPages, one } from './answers.ts';

/** What is asked of IAM, by command. */
export function askIam(settings: ClientSettings): Calls {
  const client = new IAMClient(settings);
  return {
    'get-account-authorization-details': ({ sending }) =>
      allPages('UserDetailList', paginateGetAccountAuthorizationDetails({ client, pageSize: 1000 }, {}, sending)),
    'get-account-summary': ({ sending }) => one(client.send(new GetAccountSummaryCommand({}), sending)),
    'get-credential-report': (asked) => credentialReport(client, asked),
    'get-service-last-accessed-details': (asked) => lastAccessedDetails(client, asked),
  };
}

async function credentialReport(client: IAMClient, { sending, signal }: Asked): Promise<unknown> {
  for await (const _ of patience(signal)) {
    const { State } = await client.send(new GenerateCredentialReportCommand({}), sending);
    if (State === 'COMPLETE') return one(client.send(new GetCredentialReportCommand({}), sending));
  }
  throw notReady('The credential report was not ready within a minute.');
}

async function lastAccessedDetails(client: IAMClient, { key, sending, signal }: Asked): Promise<unknown> {
  const { JobId } = await client.send(new GenerateServiceLastAccessedDetailsCommand({ Arn: key }), sending);
  const details = (Marker: { Marker?: string }) =>
    client.send(new GetServiceLastAccessedDetailsCommand({ JobId, MaxItems: 1000, ...Marker }), sending);
  for await (const _ of patience(signal)) {
    const first = await details({});
    if (first.JobStatus === 'FAILED') throw notReady(first.Error?.Message ?? 'The job failed.');
    if (first.JobStatus !== 'COMPLETED') continue;
    return allPages(
      'ServicesLastAccessed',
      markedPages((Marker) => (Marker.Marker === undefined ? Promise.resolve(first) : details(Marker))),
    );
  }
  throw notReady('The job for last accessed details was not ready within a minute.');
}

function notReady(message: string): Error {
  return Object.assign(new Error(message), { name: 'NotReady' });
}

/** Turns of a loop that waits for AWS to finish: the first at once, then slower and slower, for about a minute. */
async function* patience(signal: AbortSignal | undefined): AsyncGenerator<void> {
  for (let spent = 0, pause = 100; spent < 60_000; spent += pause, pause = Math.min(pause * 2, 5_000)) {
    yield;
    await wait(pause, undefined, signal ? { signal } : {});
  }
}
