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

/** One finding of the comparison is gone. */
const notKnown = comparedReport.verdicts.filter(({ verdict }) => verdict === 'unknown').length;

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
      events({ ...exampleReport, changes: [] })
        .slice(0, exampleReport.findings.length)
        .map((event) => [(event as { metadata?: { event_code?: string } }).metadata?.event_code, event.class_uid]),
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

  it('says of what is not known that it is unknown, and why: neither pass nor fail', () => {
    const unknown = exampleReport.verdicts.filter(({ verdict }) => verdict === 'unknown');
    const given = events(exampleReport).filter(({ compliance }) => (compliance as { status_id?: number } | undefined)?.status_id === 0);

    expect(unknown.length).toBeGreaterThan(0);
    expect(given.map(({ message }) => message)).toEqual(unknown.map(({ reason }) => reason));
    for (const one of given) {
      expect(one).toMatchObject({ class_uid: 2003, severity_id: 1, compliance: { status: 'Unknown', status_details: [one.message] } });
    }
  });

  it('tells each change as a Detection Finding: when, who, from where, and the findings that it opened', () => {
    const [change] = exampleReport.changes.filter(({ principal, findings }) => principal?.session && findings.length > 0);
    const event = events(exampleReport).find(({ finding_info }) => finding_info.uid === change?.id);

    expect(change).toBeDefined();
    expect(event).toMatchObject({
      class_uid: 2004,
      time: Date.parse(change?.eventTime ?? ''),
      message: change?.reason,
      finding_info: { related_events: change?.findings.map((uid) => ({ uid })) },
      evidences: [
        {
          actor: { user: { uid: change?.principal?.arn }, session: { uid: change?.principal?.session, issuer: change?.principal?.issuer } },
          src_endpoint: { name: change?.sourceAddress, ip: change?.sourceAddress },
          data: { before: change?.before, after: change?.after },
        },
      ],
    });
    expect(events(exampleReport).filter(({ class_uid }) => class_uid === 2004).length).toBeGreaterThanOrEqual(exampleReport.changes.length);
  });

  it.each<[string, boolean]>([
    ['203.0.113.40', true],
    ['2001:db8::1', true],
    ['2001:db8:0:0:0:0:0:1', true],
    ['::1', true],
    ['203.0.113.256', false],
    ['203.0.113', false],
    ['2001:db8::1::2', false],
    ['2001:db8:0:0:0:0:0:0:1', false],
    ['cloudformation.amazonaws.com', false],
  ])('takes %s for an address: %s', (sourceAddress, expected) => {
    const changes = exampleReport.changes.slice(0, 1).map((change) => ({ ...change, sourceAddress }));
    const given = events({ ...exampleReport, verdicts: [], findings: [], changes });
    const evidences = given.flatMap((event) => event.evidences as readonly { src_endpoint: object }[]);

    expect(evidences.map(({ src_endpoint }) => src_endpoint)).toEqual([
      { name: sourceAddress, ...(expected ? { ip: sourceAddress } : {}) },
    ]);
    expect(complaints(given)).toEqual([]);
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
    const given = events({ ...comparedReport, verdicts: [], changes: [] });
    const activities = given.map(({ activity_id }) => activity_id);

    expect(activities.filter((activity) => activity === 1).length).toBe(2);
    expect(activities.filter((activity) => activity === 2).length).toBe(8);
    expect(activities.filter((activity) => activity === 3).length).toBe(1);
    expect(given.at(-1)).toMatchObject({ status_id: 4 });
  });

  it.each(Object.entries(nastyStrings))('stays valid with %s in every field', (_, nasty) => {
    const given = events(poison(comparedReport, nasty));

    expect(given.length).toBe(comparedReport.findings.length + 1 + notKnown + comparedReport.changes.length);
    expect(complaints(given)).toEqual([]);
    for (const { message } of given) expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
});
