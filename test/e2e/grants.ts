import type { Call } from './front.ts';
import type { Template } from './template.ts';

/** Stub. */
export interface Grants {
  refusalOf(call: Call): string | null;
}
/** Stub. */
export function createGrants(_template: Template, _account: string): Grants {
  return { refusalOf: () => null };
}
