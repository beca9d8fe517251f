import { DownloadDBLogFilePortionCommand, paginateDescribeDBLogFiles, RDSClient } from '@aws-sdk/client-rds';
import type { AccountAccess } from './account.ts';
import { clientSettings } from './account.ts';

/** One log file of an instance: its name without folders, and its text in portions. */
export interface LogFile {
  readonly name: string;
  portions(): AsyncGenerator<string>;
}

/** The PostgreSQL logs of an instance that were written to since `since` (milliseconds since 1970). Rejects when AWS refuses or `signal` aborts. */
export async function* logFilesOf(
  access: AccountAccess,
  { region, instance, since }: { readonly region: string; readonly instance: string; readonly since: number },
  signal?: AbortSignal,
): AsyncGenerator<LogFile> {
  const client = new RDSClient(clientSettings(access, region));
  const sending = signal ? { abortSignal: signal } : {};
  const wanted = { DBInstanceIdentifier: instance, FilenameContains: 'postgresql', FileLastWritten: since };
  for await (const page of paginateDescribeDBLogFiles({ client, pageSize: 1000 }, wanted, sending)) {
    for (const { LogFileName } of page.DescribeDBLogFiles ?? []) {
      if (LogFileName === undefined) continue;
      yield { name: LogFileName.slice(LogFileName.lastIndexOf('/') + 1), portions: () => portions(LogFileName) };
    }
  }

  async function* portions(name: string): AsyncGenerator<string> {
    let marker = '0';
    for (;;) {
      const command = new DownloadDBLogFilePortionCommand({ DBInstanceIdentifier: instance, LogFileName: name, Marker: marker });
      const { LogFileData, Marker, AdditionalDataPending } = await client.send(command, sending);
      if (LogFileData) yield LogFileData;
      if (AdditionalDataPending !== true || !Marker || Marker === marker) return;
      marker = Marker;
    }
  }
}
