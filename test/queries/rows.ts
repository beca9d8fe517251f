import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RowFiles } from '../../lib/adapters/local/rows.ts';
import { cloudTrailRow, logHourRow } from '../../lib/adapters/local/tables.ts';
import type { LogHour, LoginRecord } from '../../lib/domain/login-record.ts';
import { readCloudTrailRecord } from '../../lib/intake/cloudtrail.ts';

/** What was logged. */
export interface Logged {
  readonly records?: readonly LoginRecord[];
  readonly hours?: readonly LogHour[];
  /** CloudTrail records as CloudTrail writes them. */
  readonly calls?: readonly object[];
}

/** Writes rows the way a scan does and gives their folder to `use`; the folder is gone afterwards. */
export async function withRows<T>({ records = [], hours = [], calls = [] }: Logged, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-test-'));
  try {
    const rows = new RowFiles(folder, 0);
    for (const record of records) rows.add('login_record', record);
    for (const hour of hours) rows.add('log_hour', logHourRow(hour));
    for (const call of calls) {
      const event = readCloudTrailRecord(call);
      if (event === null) throw new Error('A call of the test is no CloudTrail record.');
      rows.add('cloudtrail', cloudTrailRow(event));
    }
    rows.flush();
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
