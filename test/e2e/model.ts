// AWS's own description of its services, which the emulator brings along: what is made up here is held against it, so that it cannot drift into fiction.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Reference>>;
  readonly required?: readonly string[];
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly enum?: readonly string[];
  readonly flattened?: boolean;
}

interface Reference {
  readonly shape: string;
  readonly locationName?: string;
  readonly resultWrapper?: string;
}

interface Service {
  readonly metadata: { readonly protocol: string };
  readonly operations: Readonly<Record<string, { readonly output?: Reference }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** What is wrong with an answer: a sentence for each place, empty where it could be AWS's. */
export interface Models {
  /** An answer as it goes over the wire: XML, or JSON. */
  ofWire(service: string, action: string, body: string): readonly string[];
  /** An answer as the AWS CLI prints it; `command` is `describe-db-clusters`. */
  ofPrinted(service: string, command: string, answer: unknown): readonly string[];
}

/** Reads the models in the environment of the emulator. Throws for a service or action that AWS does not have. */
export function openModels(motoFolder: string): Models {
  const lib = join(motoFolder, 'lib');
  const [python = ''] = readdirSync(lib).filter((name) => name.startsWith('python'));
  const data = join(lib, python, 'site-packages', 'botocore', 'data');
  const services = new Map<string, Service>();

  const modelOf = (name: string): Service => {
    const found = services.get(name);
    if (found) return found;
    const newest = readdirSync(join(data, name)).sort().at(-1) ?? '';
    const service = JSON.parse(gunzipSync(readFileSync(join(data, name, newest, 'service-2.json.gz'))).toString()) as Service;
    services.set(name, service);
    return service;
  };
  const outputOf = (service: Service, action: string): Reference => {
    const operation = service.operations[action];
    if (!operation) throw new Error(`There is no action ${action}.`);
    return operation.output ?? { shape: '' };
  };

  return {
    ofWire(name, action, body) {
      const service = modelOf(name);
      const output = outputOf(service, action);
      if (!['query', 'ec2'].includes(service.metadata.protocol)) return jsonFaults(service, output, JSON.parse(body), action, 'wire');
      const root = parseXml(body);
      const result = service.metadata.protocol === 'ec2' ? root : root?.children.find((child) => child.name === output.resultWrapper);
      if (root?.name !== `${action}Response` || !result) return [`${action}: it is not wrapped in ${action}Response and its result`];
      return xmlFaults(service, output, result, action);
    },
    ofPrinted(name, command, answer) {
      const service = modelOf(name);
      const action = Object.keys(service.operations).find((one) => kebab(one) === command);
      if (action === undefined) throw new Error(`There is no command ${name} ${command}.`);
      return jsonFaults(service, outputOf(service, action), answer, command, 'printed');
    },
  };
}

/** `DescribeDBClusters` → `describe-db-clusters`, as the AWS CLI calls it. */
function kebab(action: string): string {
  return action.replace(/(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

function shapeOf(service: Service, { shape }: Reference): Shape {
  return service.shapes[shape] ?? { type: 'structure', members: {} };
}

function jsonFaults(service: Service, reference: Reference, value: unknown, place: string, form: 'wire' | 'printed'): string[] {
  const shape = shapeOf(service, reference);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  switch (shape.type) {
    case 'structure': {
      if (!isObject) return [`${place}: no object`];
      const members = Object.entries(shape.members ?? {}).map(
        ([name, member]) => [form === 'wire' ? (member.locationName ?? name) : name, member] as const,
      );
      const byName = new Map(members);
      const missing = (shape.required ?? []).filter((name) => !Object.hasOwn(value, name) && form === 'printed');
      return [
        ...missing.map((name) => `${place}.${name}: it is required`),
        ...Object.entries(value).flatMap(([name, one]) => {
          const member = byName.get(name);
          return member ? jsonFaults(service, member, one, `${place}.${name}`, form) : [`${place}.${name}: there is no such member`];
        }),
      ];
    }
    case 'list':
      if (!Array.isArray(value)) return [`${place}: no list`];
      return value.flatMap((one, index) => jsonFaults(service, shape.member ?? { shape: '' }, one, `${place}[${index}]`, form));
    case 'map':
      if (!isObject) return [`${place}: no map`];
      return Object.entries(value).flatMap(([key, one]) => jsonFaults(service, shape.value ?? { shape: '' }, one, `${place}.${key}`, form));
    case 'timestamp':
      return (form === 'wire' ? typeof value === 'number' : typeof value === 'string' && isTime(value)) ? [] : [`${place}: no time`];
    case 'string':
      // The CLI prints policies as JSON.
      if (isObject && /policyDocument/i.test(reference.shape)) return [];
      return typeof value === 'string' ? enumFaults(shape, value, place) : [`${place}: no text`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${place}: neither true nor false`];
    case 'blob':
      return typeof value === 'string' ? [] : [`${place}: no bytes`];
    default:
      return typeof value === 'number' ? [] : [`${place}: no number`];
  }
}

function xmlFaults(service: Service, reference: Reference, element: Element, place: string): string[] {
  const shape = shapeOf(service, reference);
  switch (shape.type) {
    case 'structure': {
      const members = new Map(Object.entries(shape.members ?? {}).map(([name, member]) => [member.locationName ?? name, member]));
      return element.children.flatMap((child) => {
        const member = members.get(child.name);
        return member ? xmlFaults(service, member, child, `${place}.${child.name}`) : [`${place}.${child.name}: there is no such member`];
      });
    }
    case 'list': {
      const name = shape.member?.locationName ?? 'member';
      return element.children.flatMap((child, index) =>
        child.name === name
          ? xmlFaults(service, shape.member ?? { shape: '' }, child, `${place}[${index}]`)
          : [`${place}: its elements are called ${name}, not ${child.name}`],
      );
    }
    case 'map':
      return [];
    case 'timestamp':
      return isTime(element.text) ? [] : [`${place}: no time: ${element.text}`];
    case 'boolean':
      return /^(true|false)$/.test(element.text) ? [] : [`${place}: neither true nor false: ${element.text}`];
    case 'integer':
    case 'long':
      return /^-?\d+$/.test(element.text) ? [] : [`${place}: no number: ${element.text}`];
    default:
      return element.children.length > 0 ? [`${place}: no text`] : enumFaults(shape, element.text, place);
  }
}

function enumFaults({ enum: values }: Shape, value: string, place: string): string[] {
  return values && !values.includes(value) ? [`${place}: ${value} is none of ${values.join(', ')}`] : [];
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text));
}

interface Element {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

/** Elements and their text; attributes are left out. */
function parseXml(text: string): Element | undefined {
  const root: Element = { name: '', children: [], text: '' };
  const open = [root];
  for (const [, closing, name = '', itself, between = ''] of text.matchAll(/<(\/?)([\w:.-]+)[^>]*?(\/?)>([^<]*)/g)) {
    if (closing) open.pop();
    else {
      const element: Element = { name, children: [], text: '' };
      open.at(-1)?.children.push(element);
      if (!itself) {
        element.text = between;
        open.push(element);
      }
    }
  }
  return root.children[0];
}
