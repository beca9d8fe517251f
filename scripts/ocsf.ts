// Writes test/render/ocsf-<version>/<class>.schema.json from the published OCSF schema: every attribute of the classes and objects that the renderer
// writes, with its type, requirement and values. To make them again, for another version:
//   git clone --branch <commit of the release> https://github.com/ocsf/ocsf-schema && pip install ocsf-lib==0.10.4
//   python -m ocsf.compile ocsf-schema > compiled.json && node scripts/ocsf.ts compiled.json ocsf-schema
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Attribute {
  readonly type: string;
  readonly requirement: string;
  readonly is_array: boolean;
  readonly profile: string | null;
  readonly enum: Readonly<Record<string, unknown>> | null;
}
interface Thing {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] } | null;
}
interface Compiled {
  readonly version: string;
  readonly classes: Readonly<Record<string, Thing>>;
  readonly objects: Readonly<Record<string, Thing>>;
  readonly types: Readonly<
    Record<string, { readonly type: string | null; readonly regex: string | null; readonly max_len: number | null }>
  >;
}

/** What the renderer writes; an attribute of another object may not be there. */
const classes = ['compliance_finding', 'detection_finding'];
const objects = [
  ...['account', 'actor', 'analytic', 'cloud', 'compliance', 'evidences', 'finding_info', 'metadata', 'network_endpoint'],
  ...['product', 'related_event', 'remediation', 'resource_details', 'session', 'user'],
];
const profiles = ['cloud'];

const [compiledFile = '', checkout = ''] = process.argv.slice(2);
const compiled = JSON.parse(readFileSync(compiledFile, 'utf8')) as Compiled;
const folder = join(import.meta.dirname, '..', 'test', 'render', `ocsf-${compiled.version}`);

for (const name of classes) {
  const thing = compiled.classes[name];
  if (!thing) throw new Error(`The schema has no class ${name}.`);
  const own = JSON.parse(readFileSync(join(checkout, 'events', 'findings', `${name}.json`), 'utf8')) as Thing;
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $comment: `Made by scripts/ocsf.ts from the OCSF schema ${compiled.version} (https://schema.ocsf.io/${compiled.version}/classes/${name}, Apache-2.0).`,
    ...schemaOf(thing, own),
    $defs: Object.fromEntries(
      objects.map((one) => {
        const object = compiled.objects[one];
        if (!object) throw new Error(`The schema has no object ${one}.`);
        return [one, schemaOf(object)];
      }),
    ),
  };
  writeFileSync(join(folder, `${name.replaceAll('_', '-')}.schema.json`), `${JSON.stringify(schema, null, 1)}\n`);
}

/** @param own the class as its own file has it: an attribute whose profile is null there is in every event, whatever profiles bring it too */
function schemaOf({ attributes, constraints }: Thing, own?: Thing): object {
  const known = Object.entries(attributes).filter(
    ([name, { profile }]) => profile === null || profiles.includes(profile) || own?.attributes[name]?.profile === null,
  );
  const { at_least_one: some, just_one: one } = constraints ?? {};
  return {
    type: 'object',
    properties: Object.fromEntries(known.map(([name, attribute]) => [name, shapeOf(attribute)])),
    required: known.filter(([, { requirement }]) => requirement === 'required').map(([name]) => name),
    ...(some ? { anyOf: some.map((name) => ({ required: [name] })) } : {}),
    ...(one ? { oneOf: one.map((name) => ({ required: [name] })) } : {}),
    additionalProperties: false,
  };
}

function shapeOf({ type, is_array: isArray, enum: values }: Attribute): object | false {
  const single = singleOf(type, values);
  return isArray && single !== false ? { type: 'array', items: single } : single;
}

function singleOf(type: string, values: Attribute['enum']): object | false {
  const scalar = compiled.types[type];
  if (!scalar) return type === 'object' ? { type: 'object' } : objects.includes(type) ? { $ref: `#/$defs/${type}` } : false;
  const base = scalar.type ?? type;
  if (base === 'json_t' || type === 'json_t') return {};
  if (/^(?:integer|long|port|timestamp)_t$/.test(base))
    return { type: 'integer', ...(values ? { enum: Object.keys(values).map(Number) } : {}) };
  if (base === 'float_t') return { type: 'number' };
  if (base === 'boolean_t') return { type: 'boolean' };
  return {
    type: 'string',
    ...(values ? { enum: Object.keys(values) } : {}),
    ...(scalar.regex ? { pattern: scalar.regex } : {}),
    ...(scalar.max_len ? { maxLength: scalar.max_len } : {}),
  };
}
