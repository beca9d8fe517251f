// Holds a CloudFormation template against AWS's own specification of what each resource takes.
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';

type SpecDatabase = Awaited<ReturnType<typeof loadAwsServiceSpec>>;
type Resource = NonNullable<ReturnType<typeof resourceOfType>>;
type ResourceProperties = Resource['properties'];
type Property = ResourceProperties[string];
type PropertyType = Property['type'];
type Attributes = Resource['attributes'];

/** A template as it is deployed, its references unresolved. */
export interface RawTemplate {
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, RawResource>>;
}

/** One resource of a template. */
export interface RawResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

let specification: Promise<SpecDatabase> | undefined;

/** Everything in the template that the specification does not know or wants otherwise, a sentence each. */
export async function problemsIn(template: RawTemplate): Promise<readonly string[]> {
  specification ??= loadAwsServiceSpec();
  const database = await specification;
  const attributes = new Map<string, Attributes>();
  const problems: string[] = [];
  for (const [name, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    const known = resourceOfType(database, Type);
    if (!known) {
      problems.push(`${name}: there is no type ${Type}.`);
      continue;
    }
    attributes.set(name, known.attributes);
    problems.push(...problemsOf(database, name, Properties, known.properties));
  }
  problems.push(...brokenReferences(template, attributes));
  return problems;
}

function resourceOfType(database: SpecDatabase, type: string) {
  return database.lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

function problemsOf(database: SpecDatabase, place: string, given: object, known: ResourceProperties): string[] {
  const missing = Object.entries(known).flatMap(([name, { required }]) =>
    required && !Object.hasOwn(given, name) ? [`${place}: ${name} is missing.`] : [],
  );
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!property) return [`${place}: there is no ${name}.`];
    const tries = typesOf(property).map((type) => mismatches(database, `${place}.${name}`, value, type));
    return tries.some((one) => one.length === 0) ? [] : (tries[0] ?? []);
  });
  return [...missing, ...wrong];
}

function typesOf({ type, previousTypes = [] }: Property): readonly PropertyType[] {
  return [type, ...previousTypes];
}

/** Why the value is not of the type; empty: it is. What CloudFormation works out itself may be of any. */
function mismatches(database: SpecDatabase, place: string, value: unknown, type: PropertyType): string[] {
  if (isReference(value)) return [];
  const not = (what: string): string[] => [`${place}: ${JSON.stringify(value)} is no ${what}.`];
  switch (type.type) {
    case 'json':
      return [];
    case 'string':
    case 'date-time':
      // CloudFormation makes text of numbers.
      return typeof value === 'string' || typeof value === 'number' ? [] : not('text');
    case 'integer':
      return Number.isInteger(Number(value)) && typeof value !== 'boolean' ? [] : not('whole number');
    case 'number':
      return Number.isFinite(Number(value)) && typeof value !== 'boolean' ? [] : not('number');
    case 'boolean':
      return value === true || value === false || value === 'true' || value === 'false' ? [] : not('boolean');
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((one, index) => mismatches(database, `${place}[${index}]`, one, type.element))
        : not('list');
    case 'map':
      return isObject(value)
        ? Object.entries(value).flatMap(([key, one]) => mismatches(database, `${place}.${key}`, one, type.element))
        : not('map');
    case 'tag':
      return isObject(value) && Object.keys(value).sort().join() === 'Key,Value' ? [] : not('tag');
    case 'ref': {
      const definition = database.get('typeDefinition', type.reference.$ref);
      return isObject(value) ? problemsOf(database, place, value, definition.properties) : not(definition.name);
    }
    case 'union': {
      const tries = type.types.map((one) => mismatches(database, place, value, one));
      return tries.some((one) => one.length === 0) ? [] : (tries[0] ?? []);
    }
    default:
      return [];
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isReference(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [only, ...more] = Object.keys(value);
  return more.length === 0 && (only === 'Ref' || only?.startsWith('Fn::') === true);
}

const pseudo = new Set([
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]);

/** References to what the template does not have, and to attributes that the resource does not have. */
function brokenReferences(template: RawTemplate, attributes: ReadonlyMap<string, Attributes>): string[] {
  const problems: string[] = [];
  const there = (name: string): boolean =>
    pseudo.has(name) || Object.hasOwn(template.Resources, name) || Object.hasOwn(template.Parameters ?? {}, name);
  const refer = (place: string, name: string, attribute: string | null): void => {
    if (!there(name)) problems.push(`${place}: there is no ${name} to refer to.`);
    else if (attribute !== null && !Object.hasOwn(attributes.get(name) ?? {}, attribute))
      problems.push(`${place}: ${name} has no attribute ${attribute}.`);
  };
  const walk = (place: string, value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) walk(place, one);
    if (!isObject(value)) return;
    for (const [key, one] of Object.entries(value)) {
      if (key === 'Ref') refer(place, String(one), null);
      else if (key === 'Fn::GetAtt') {
        const [name = '', attribute = ''] = Array.isArray(one) ? one.map(String) : String(one).split('.');
        refer(place, name, attribute);
      } else if (key === 'Fn::Sub' && typeof one === 'string') {
        for (const [, name = '', attribute = null] of one.matchAll(/\$\{([^!.}][^.}]*)(?:\.([^}]*))?\}/g)) refer(place, name, attribute);
      } else walk(place, one);
    }
  };
  for (const [name, { Properties }] of Object.entries(template.Resources)) walk(name, Properties);
  return problems;
}
