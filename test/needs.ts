import { describe, it } from '@jest/globals';

/**
 * A suite that needs more than Node.js. Where something is `missing` (a sentence), it is skipped and says so; with CI=true that is a failure.
 */
export function describeWhere(missing: string | null, name: string, suite: () => void): void {
  if (missing === null) {
    describe(name, suite);
  } else if (process.env.CI === 'true') {
    describe(name, () => {
      it('has what it needs', () => {
        throw new Error(missing);
      });
    });
  } else {
    process.stderr.write(`Skipped: ${name}, because ${missing}.\n`);
    describe.skip(name, suite);
  }
}
