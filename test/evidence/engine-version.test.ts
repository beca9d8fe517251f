import { describe, expect, it } from '@jest/globals';
import { isAtLeast, readEngineVersion, versionOfFamily } from '../../lib/evidence/engine-version.ts';

describe('readEngineVersion', () => {
  it.each([
    ['16.4', 16, 4, '16'],
    ['16.6-limitless', 16, 6, '16'],
    ['9.6.24', 9, 6, '9.6'],
    ['17', 17, null, '17'],
    ['13.9-R2', 13, 9, '13'],
  ])('reads %s', (text, major, minor, majorName) => {
    expect(readEngineVersion(text)).toEqual({ text, major, minor, majorName });
  });

  it.each(['', '?', 'v16', 'sixteen', undefined])('does not read %j', (text) => {
    expect(readEngineVersion(text)).toBeNull();
  });
});

describe('versionOfFamily', () => {
  it.each([
    ['aurora-postgresql16', 16],
    ['postgres15', 15],
    ['postgres9.6', 9],
  ])('reads %s', (family, major) => {
    expect(versionOfFamily(family)?.major).toBe(major);
  });

  it.each(['aurora-postgresql', 'mysql8.0.mysql_aurora.3.01', `${'a'.repeat(50_000)}16`, undefined])('does not read %#', (family) => {
    expect(versionOfFamily(family)).toBeNull();
  });
});

describe('isAtLeast', () => {
  it.each([
    ['14.3', 14, 3, true],
    ['14.2', 14, 3, false],
    ['14.11', 14, 3, true],
    ['15.0', 14, 3, true],
    ['13.20', 14, 3, false],
    ['14', 14, 0, true],
    ['14', 14, 3, null],
    ['9.6.24', 10, 6, false],
  ])('%s is %i.%i or later: %s', (text, major, minor, expected) => {
    const version = readEngineVersion(text);

    expect(version && isAtLeast(version, major, minor)).toBe(expected);
  });
});
