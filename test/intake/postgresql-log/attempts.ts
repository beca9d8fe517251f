/** A login attempt as a server writes it into its text log; names are raw bytes (latin1), as the startup packet carries them. */
export interface Attempt {
  readonly process: number;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly outcome: 'session' | 'password' | 'refused' | 'missing-database';
}

/** A record that a server wrote: whose it is, and where it begins. */
export interface Written {
  readonly attempt: Attempt;
  readonly kind: 'received' | 'authenticated' | 'authorized' | 'disconnected' | 'failed' | 'refused' | 'rejected' | 'detail';
  readonly text: string;
}

const time = '2026-05-03 10:00:00 UTC';

/** The records of one attempt, in their order, each with its line feed: after the pattern of PostgreSQL 16 with RDS's usual prefix. */
export function recordsOf(attempt: Attempt): Written[] {
  const { process, host, port, user, database, outcome } = attempt;
  const nobody = `${time}:${host}(${port}):[unknown]@[unknown]:[${process}]:`;
  const prefix = `${time}:${host}(${port}):${user}@${database}:[${process}]:`;
  // Line breaks in a message are followed by a tab; those in a prefix are not.
  const record = (kind: Written['kind'], head: string, level: string, message: string): Written => ({
    attempt,
    kind,
    text: `${head}${level}:  ${message.replaceAll('\n', '\n\t')}\n`,
  });
  const received = record('received', nobody, 'LOG', `connection received: host=${host} port=${port}`);
  switch (outcome) {
    case 'password':
      return [
        received,
        record('failed', prefix, 'FATAL', `password authentication failed for user "${user}"`),
        record(
          'detail',
          prefix,
          'DETAIL',
          `Role "${user}" does not exist.\nConnection matched file "/rdsdbdata/config/pg_hba.conf" line 2: "host all all all md5"`,
        ),
      ];
    case 'refused':
      return [
        received,
        record(
          'refused',
          prefix,
          'FATAL',
          `no pg_hba.conf entry for host "${host}", user "${user}", database "${database}", no encryption`,
        ),
      ];
    case 'session':
      return [
        received,
        record(
          'authenticated',
          prefix,
          'LOG',
          `connection authenticated: identity="${user}" method=scram-sha-256 (/rdsdbdata/config/pg_hba.conf:2)`,
        ),
        record('authorized', prefix, 'LOG', `connection authorized: user=${user} database=${database}`),
        record(
          'disconnected',
          prefix,
          'LOG',
          `disconnection: session time: 0:00:00.020 user=${user} database=${database} host=${host} port=${port}`,
        ),
      ];
    case 'missing-database':
      return [
        received,
        record('authorized', prefix, 'LOG', `connection authorized: user=${user} database=${database}`),
        record('rejected', prefix, 'FATAL', `database "${database}" does not exist`),
      ];
  }
}
