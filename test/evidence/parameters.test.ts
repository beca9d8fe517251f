import { describe, expect, it } from '@jest/globals';
import { readEngineVersion } from '../../lib/evidence/engine-version.ts';
import { defaultOf, isDefaultGroup, isOn } from '../../lib/evidence/parameters.ts';

describe('defaultOf rds.force_ssl', () => {
  it.each([
    ['aurora', '17.2', '1'],
    ['aurora', '18.1', '1'],
    ['aurora', '16.4', '0'],
    ['aurora', '16.6-limitless', '0'],
    ['aurora', '11.21', '0'],
    ['instance', '15.2', '1'],
    ['instance', '17.1', '1'],
    ['instance', '14.9', '0'],
    ['instance', '9.6.24', '0'],
    ['multi-az', '16.4', null],
    ['multi-az', '13.9', null],
  ] as const)('%s %s: %s', (kind, version, expected) => {
    expect(defaultOf('rds.force_ssl', { kind, version: readEngineVersion(version) })).toBe(expected);
  });

  it('is not guessed without a version', () => {
    expect(defaultOf('rds.force_ssl', { kind: 'aurora', version: null })).toBeNull();
  });
});

describe('defaultOf password_encryption', () => {
  it.each([
    ['14.3', 'scram-sha-256'],
    ['13.9', 'md5'],
  ])('%s: %s', (version, expected) => {
    expect(defaultOf('password_encryption', { kind: 'aurora', version: readEngineVersion(version) })).toBe(expected);
  });
});

describe('isOn', () => {
  it.each(['1', 'on', 'true', 'yes', 'ON', ' True '])('%j is on', (value) => {
    expect(isOn(value)).toBe(true);
  });

  it.each(['0', 'off', 'false', 'no', '', '2', 'onward'])('%j is off', (value) => {
    expect(isOn(value)).toBe(false);
  });
});

describe('isDefaultGroup', () => {
  it.each([
    ['default.aurora-postgresql16', true],
    ['default:postgres-16', true],
    ['defaults', false],
    ['my-default.postgres16', false],
  ])('%s: %s', (group, expected) => {
    expect(isDefaultGroup(group)).toBe(expected);
  });
});
