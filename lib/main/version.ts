import { createRequire } from 'node:module';

const { version: packageVersion } = createRequire(import.meta.url)('#package') as { version: string };

/** The version of this program, from its package.json. */
export const version: string = packageVersion;
