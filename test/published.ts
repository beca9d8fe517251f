// Holds JSON against the published schemas, as a reader of ours would.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
addFormats.default(ajv);

/** What schemas/<name>.schema.json says against a value; empty: nothing. */
export function complaints(name: string, value: unknown): readonly unknown[] {
  const file = join(import.meta.dirname, '..', 'schemas', `${name}.schema.json`);
  const validate = ajv.getSchema(name) ?? ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')) as object, name).getSchema(name);
  return validate?.(JSON.parse(JSON.stringify(value))) ? [] : (validate?.errors ?? ['no schema']);
}
