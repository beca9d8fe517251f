import type { Expectation } from './parameters.ts';

/** The extension is loaded when the server starts. */
export const auditLoaded: Expectation = {
  name: 'shared_preload_libraries',
  accepts: (value) => librariesOf(value).includes('pgaudit'),
  risk: 'run without pgaudit',
  wanted: (value) => [...librariesOf(value), 'pgaudit'].join(','),
};

/** It is told what to audit. */
export const auditLog: Expectation = {
  name: 'pgaudit.log',
  accepts: (value) => !['', 'none'].includes(value.trim().toLowerCase()),
  risk: 'audit nothing by pgaudit',
  wanted: () => 'ddl,role',
};

function librariesOf(value: string): string[] {
  return value
    .split(',')
    .map((library) => library.trim())
    .filter((library) => library !== '');
}
