import { describe, expect, it } from '@jest/globals';
import { renderCsv } from '../../lib/render/csv.ts';
import { comparedReport, exampleCatalogue, exampleReport } from './example-report.ts';
import { nastyStrings, poison } from './nasty.ts';

/** Records of an RFC 4180 file: every line ends with CR LF, quotes are doubled, line breaks stand in quotes only. */
function parse(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let index = 0; index < csv.length; index++) {
    const character = csv[index] ?? '';
    if (quoted) {
      if (character !== '"') cell += character;
      else if (csv[index + 1] === '"') {
        cell += '"';
        index++;
      } else quoted = false;
    } else if (character === '"') {
      if (cell !== '') throw new Error(`a quote within an unquoted cell: ${cell}`);
      quoted = true;
    } else if (character === ',') {
      row.push(cell);
      cell = '';
    } else if (character === '\r' && csv[index + 1] === '\n') {
      row.push(cell);
      rows.push(row);
      row = [];
      cell = '';
      index++;
    } else if (character === '\r' || character === '\n') throw new Error('a bare line break');
    else cell += character;
  }
  if (quoted || row.length > 0 || cell !== '') throw new Error('the last line does not end');
  return rows;
}

function records(csv: string): Record<string, string>[] {
  const [header = [], ...rows] = parse(csv);
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? '(missing)'])));
}

describe('renderCsv', () => {
  it('has one row per finding, in the order of the report, then one for each thing not known, each as wide as the header', () => {
    const [header = [], ...rows] = parse(renderCsv(exampleReport));
    const unknown = exampleReport.verdicts.filter(({ verdict }) => verdict === 'unknown');
    const found = rows.slice(0, exampleReport.findings.length);

    expect(rows.map((row) => row.length)).toEqual([...exampleReport.findings, ...unknown].map(() => header.length));
    expect(found.map(([fingerprint]) => fingerprint)).toEqual(exampleReport.findings.map(({ fingerprint }) => fingerprint));
  });

  it('says of what is not known why, and what its finding would weigh', () => {
    const rows = records(renderCsv(exampleReport, { catalogue: exampleCatalogue })).filter(({ state }) => state === 'unknown');
    const unknown = exampleReport.verdicts.filter(({ verdict }) => verdict === 'unknown');

    expect(rows.map(({ reason, resourceName, check }) => ({ reason, resourceName, check }))).toEqual(
      unknown.map(({ reason, resource, check }) => ({ reason, resourceName: resource.name, check })),
    );
    expect(rows.find(({ check }) => check === 'tls-required')?.severity).toBe('high');
  });

  it('says of a finding what the report says', () => {
    const row = records(renderCsv(exampleReport)).find(({ fingerprint }) => fingerprint === '77e0a4b3c2d14d0c9b8a7f6e5d4c3b21');

    expect(row).toMatchObject({
      check: 'tls-required',
      severity: 'high',
      state: 'open',
      comparison: '',
      reason: 'rds.force_ssl is 1, but not in effect on orders-2: its group waits for a reboot.',
      account: '111122223333',
      region: 'eu-central-1',
      resourceType: 'cluster',
      resourceName: 'orders',
      resourceArn: 'arn:aws:rds:eu-central-1:111122223333:cluster:orders',
      inEffect: 'false',
      firstSeen: '2026-05-01T16:03:00.000Z',
      lastSeen: '2026-05-03T12:00:00.000Z',
      count: '1',
      effect: 'after a reboot',
    });
    expect(JSON.parse(row?.evidence ?? '')).toMatchObject({ value: '1' });
  });

  it('says who suppressed what', () => {
    const row = records(renderCsv(exampleReport)).find(({ state }) => state === 'suppressed');

    expect(row).toMatchObject({ check: 'deletion-protected', suppressedBy: 'jane', suppressedUntil: '2026-09-30' });
  });

  it('keeps the lines of a command in one cell', () => {
    const row = records(renderCsv(exampleReport)).find(({ check }) => check === 'password-commands-restricted');

    expect(row?.command?.split('\n').map((line) => line.slice(0, 34))).toEqual([
      'aws rds modify-db-cluster-paramete',
      'aws rds reboot-db-instance --regio',
    ]);
  });

  it('says what is new, unchanged and gone', () => {
    const rows = records(renderCsv(comparedReport));

    expect(rows.filter(({ comparison }) => comparison === 'new').length).toBe(2);
    expect(rows.filter(({ comparison }) => comparison === 'unchanged').length).toBe(8);
    expect(rows.find(({ comparison }) => comparison === 'gone')).toMatchObject({ state: 'resolved', check: 'certificate-current' });
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-2+3', "'-2+3"],
    ['@SUM(1)', "'@SUM(1)"],
    ['\t=1+1', "'\\t=1+1"],
    ['\r=1+1', "'\\r=1+1"],
    ['＝1+1', "'＝1+1"],
    ['a=1', 'a=1'],
    ['a,"b"', 'a,"b"'],
    ['', ''],
  ])('makes %j inert and keeps what is harmless', (name, expected) => {
    const findings = exampleReport.findings.slice(0, 1).map((finding) => ({ ...finding, resource: { ...finding.resource, name } }));

    const [row] = records(renderCsv({ ...exampleReport, findings }));

    expect(row?.resourceName).toBe(expected);
  });

  describe.each(Object.entries(nastyStrings))('with %s in every field', (_, nasty) => {
    const csv = renderCsv(poison(comparedReport, nasty));
    const rows = parse(csv);

    it('has the same rows and columns', () => {
      expect(rows.map((row) => row.length)).toEqual(parse(renderCsv(comparedReport)).map((row) => row.length));
    });

    it('has no formula, no control character and no cell that a spreadsheet refuses', () => {
      const cells = rows.flat();

      expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
      expect(cells.filter((cell) => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(cell.replaceAll('\n', '')))).toEqual([]);
      expect(cells.map(({ length }) => length).filter((length) => length > 32_767)).toEqual([]);
    });
  });
});
