import { describe, expect, it } from '@jest/globals';
import { QueryError } from '../../lib/domain/errors.ts';
import { literal, readQueryFile, valuesOf, withLiterals } from '../../lib/intake/query-file.ts';

const header = ['-- id: some-query', '-- finds: something', '-- reads: login, login_record', '-- params: from_day, n', '-- returns: a, b'];
const text = (sql: string): string => `${header.join('\n')}\n${sql}\n`;

describe('readQueryFile', () => {
  it('takes the header apart from the SQL', () => {
    expect(readQueryFile(text('SELECT a, b\nFROM login'))).toEqual({
      id: 'some-query',
      finds: 'something',
      reads: ['login', 'login_record'],
      params: ['from_day', 'n'],
      returns: ['a', 'b'],
      sql: 'SELECT a, b\nFROM login',
    });
  });

  it('knows a query without parameters', () => {
    const without = text('SELECT 1').replace('-- params: from_day, n', '-- params:');

    expect(readQueryFile(without).params).toEqual([]);
  });

  it.each(header)('refuses a query without the line "%s"', (line) => {
    expect(() => readQueryFile(text('SELECT 1').replace(`${line}\n`, ''))).toThrow(QueryError);
  });

  it('refuses a query whose header comes late', () => {
    expect(() => readQueryFile(`\n\n${text('SELECT 1')}`)).toThrow(
      'A query must begin with the lines id, finds, reads, params and returns.',
    );
  });
});

describe('valuesOf', () => {
  const query = readQueryFile(text('SELECT ?, ?').replace('from_day, n', 'n, from_day, n'));

  it('gives values in the order of the names, a name as often as it stands there', () => {
    expect(valuesOf(query, { from_day: '2026/05/03', n: 2, other: 3 })).toEqual([2, '2026/05/03', 2]);
  });

  it('keeps 0 and an empty text', () => {
    expect(valuesOf(query, { from_day: '', n: 0 })).toEqual([0, '', 0]);
  });

  it('refuses when a value is missing', () => {
    expect(() => valuesOf(query, { n: 2 })).toThrow('The query some-query needs a value for from_day.');
  });

  it('takes nothing that every object has for a value', () => {
    const odd = { ...query, params: ['toString', '__proto__'] };

    expect(() => valuesOf(odd, {})).toThrow('needs a value for toString');
  });
});

describe('literal', () => {
  it.each([
    ['2026/05/03', "'2026/05/03'"],
    ['', "''"],
    ["o'rders", "'o''rders'"],
    ["'; DROP TABLE login; --", "'''; DROP TABLE login; --'"],
    ['back\\slash', "'back\\slash'"],
    ['?', "'?'"],
    ['new\nline', "'new\nline'"],
    [0, '0'],
    [-1, '-1'],
    [1_777_809_600_000, '1777809600000'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('writes %j', (value, sql) => {
    expect(literal(value)).toBe(sql);
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e300])('refuses the number %p', (value) => {
    expect(() => literal(value)).toThrow('Only texts and whole numbers may stand in a query.');
  });
});

describe('withLiterals', () => {
  const withSql = (sql: string): string => withLiterals(readQueryFile(text(sql)), { from_day: "it's ? $& day", n: 2 });

  it('puts each value in its place, whatever it holds', () => {
    expect(withSql('WHERE day = ? AND n < ?')).toBe("WHERE day = 'it''s ? $& day' AND n < 2");
  });

  it('leaves a ? in a text or a comment alone', () => {
    expect(withSql("WHERE a = 'why? it''s ?' -- really?\n  AND day = ? AND n < ?")).toBe(
      "WHERE a = 'why? it''s ?' -- really?\n  AND day = 'it''s ? $& day' AND n < 2",
    );
  });
});
