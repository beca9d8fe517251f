import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { renderOcsf } from '../../lib/render/ocsf.ts';
import { comparedReport, exampleCatalogue, exampleReport } from './example-report.ts';
import { nastyStrings, poison } from './nasty.ts';

interface Event {
  readonly [name: string]: unknown;
  readonly class_uid: number;
  readonly finding_info: { readonly uid: string };
}

const ajv = new Ajv2020({ allErrors: true, strict: false });
const validators: ReadonlyMap<number, ValidateFunction> = new Map(
  (
    [
      [2003, 'compliance-finding'],
      [2004, 'detection-finding'],
    ] as const
  ).map(([uid, name]) => {
    const schema = readFileSync(join(import.meta.dirname, 'ocsf-1.5.0', `${name}.schema.json`), 'utf8');
    return [uid, ajv.compile(JSON.parse(schema) as object)] as const;
  }),
);

function complaints(events: readonly Event[]): unknown[] {
  return events.flatMap((event): readonly unknown[] => {
    const validate = validators.get(event.class_uid);
    if (validate === undefined || validate(event)) return validate ? [] : [{ message: `no class ${event.class_uid}` }];
    return validate.errors ?? [];
  });
}

function events(report: typeof exampleReport, options = { catalogue: exampleCatalogue }): readonly Event[] {
  return JSON.parse(renderOcsf(report, options)) as readonly Event[];
}

describe('renderOcsf', () => {
  it.each([
    ['with a catalogue', events(exampleReport)],
    ['without a catalogue', JSON.parse(renderOcsf(exampleReport)) as readonly Event[]],
    ['with a comparison', events(comparedReport)],
    ['where nothing tells the account or the time', events({ ...exampleReport, account: null, at: null, window: null })],
  ])('is valid against OCSF 1.5.0 %s', (_, given) => {
    expect(given.length).toBeGreaterThan(0);
    expect(complaints(given)).toEqual([]);
  });

  it('tells Compliance Finding from Detection Finding', () => {
    const classes = new Map(
      events(exampleReport).map((event) => [(event as { metadata?: { event_code?: string } }).metadata?.event_code, event.class_uid]),
    );

    expect(Object.fromEntries(classes)).toEqual({
      'log-forgery': 2004,
      'tls-required': 2003,
      'failed-iam-logins': 2004,
      'grant-used': 2003,
      'plaintext-sessions': 2004,
      'password-commands-restricted': 2003,
      'deletion-protected': 2003,
    });
  });

  it('says what a finding says', () => {
    const event = events(exampleReport).find(({ finding_info }) => finding_info.uid === '1c52d9a0e6b14f6f8d2a3b4c5d6e7f80');

    expect(event).toMatchObject({
      type_uid: 200301,
      activity_id: 1,
      severity_id: 4,
      status_id: 1,
      time: Date.parse('2026-05-03T12:00:00Z'),
      message: 'rds.force_ssl is 0 in billing-aurora-pg15: sessions without TLS are accepted.',
      cloud: { provider: 'AWS', region: 'eu-central-1', account: { uid: '111122223333', type_id: 10 } },
      compliance: {
        control: 'tls-required',
        standards: ['NIST 800-53', 'PCI DSS 4.0'],
        requirements: ['NIST 800-53 SC-8', 'PCI DSS 4.0 4.2.1'],
        status_id: 3,
      },
      resources: [{ uid: 'arn:aws:rds:eu-central-1:111122223333:cluster:billing', name: 'billing', type: 'cluster' }],
    });
  });

  it('says how to mend it: by its own command, else as the check says', () => {
    const remedy = (uid: string): unknown => events(exampleReport).find(({ finding_info }) => finding_info.uid === uid)?.remediation;

    expect(remedy('77e0a4b3c2d14d0c9b8a7f6e5d4c3b21')).toMatchObject({
      desc: "aws rds reboot-db-instance --region eu-central-1 --db-instance-identifier 'orders-2' (effective after a reboot)",
    });
    expect(remedy('0263829989b6fd954f72baaf2fc64bc2')).toMatchObject({
      desc: 'Grant rds-db:connect to the caller, or find out who it is.',
    });
  });

  it('marks what is suppressed', () => {
    const event = events(exampleReport).find(({ status_id }) => status_id === 3);

    expect(event).toMatchObject({ comment: expect.stringContaining('Suppressed by jane until 2026-09-30') });
  });

  it('creates what is new, updates what is unchanged and closes what is gone', () => {
    const activities = events(comparedReport).map(({ activity_id }) => activity_id);

    expect(activities.filter((activity) => activity === 1).length).toBe(2);
    expect(activities.filter((activity) => activity === 2).length).toBe(8);
    expect(activities.filter((activity) => activity === 3).length).toBe(1);
    expect(events(comparedReport).at(-1)).toMatchObject({ status_id: 4 });
  });

  it.each(Object.entries(nastyStrings))('stays valid with %s in every field', (_, nasty) => {
    const given = events(poison(comparedReport, nasty));

    expect(given.length).toBe(11);
    expect(complaints(given)).toEqual([]);
    for (const { message } of given) expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
});
