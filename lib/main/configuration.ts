import { readFile } from 'node:fs/promises';
import { isMissing } from '../adapters/local/errors.ts';
import { checks as registry } from '../checks/registry.ts';
import { type Configuration, defaultConfiguration } from '../domain/configuration.ts';
import { UsageError } from '../domain/errors.ts';
import { readConfiguration } from '../intake/configuration.ts';

/** The configuration in `file`; without one, `aurora-watch.yaml` of the working directory, else the defaults. Throws a UsageError. */
export async function loadConfiguration(file: string | undefined): Promise<Configuration> {
  const path = file ?? 'aurora-watch.yaml';
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (file === undefined && isMissing(error)) return null;
    throw new UsageError(`The configuration ${path} cannot be read.`, { cause: error });
  });
  return text === null
    ? defaultConfiguration
    : readConfiguration(
        text,
        path,
        registry.map(({ id }) => id),
      );
}
