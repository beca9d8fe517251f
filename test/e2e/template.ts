// The packaged CloudFormation template, with its references resolved to the names that a deployment would give.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One resource as the template has it, its properties resolved. */
export interface TemplateResource {
  readonly name: string;
  readonly type: string;
  /** Null where its kind has none that is known here. */
  readonly arn: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A template for one region of one account. */
export interface Template {
  readonly resources: readonly TemplateResource[];
  /** The resource of this logical name. Throws where there is none. */
  resource(name: string): TemplateResource;
  /** A value with its references resolved. */
  resolve(value: unknown): unknown;
}

/** What `serverless package` calls the template. */
export const templateFile = 'cloudformation-template-update-stack.json';

type Named = Readonly<Record<string, unknown>>;

interface RawTemplate {
  readonly Conditions?: Named;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Condition?: string; readonly Properties?: Named }>>;
}

/** Reads the template in a folder that `serverless package` wrote; queues have their address at `endpoint`. */
export function readTemplate(
  folder: string,
  { account, region, endpoint }: { readonly account: string; readonly region: string; readonly endpoint: string },
): Template {
  const raw: RawTemplate = JSON.parse(readFileSync(join(folder, templateFile), 'utf8'));
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  };

  const ref = (name: string): string => {
    const known = pseudo[name];
    if (known !== undefined) return known;
    const type = typeOf(name);
    if (type === 'AWS::SNS::Topic' || type === 'AWS::IAM::ManagedPolicy') return arnOf(name);
    if (type === 'AWS::SQS::Queue') return `${endpoint}/${account}/${physical(name)}`;
    return physical(name);
  };
  const attribute = (name: string, field: string): string => (field === 'Arn' ? arnOf(name) : physical(name));

  function typeOf(name: string): string {
    const resource = raw.Resources[name];
    if (!resource) throw new Error(`The template has no ${name}.`);
    return resource.Type;
  }
  function property(name: string, field: string): string | null {
    const value = resolve(raw.Resources[name]?.Properties?.[field]);
    return typeof value === 'string' ? value : null;
  }
  function physical(name: string): string {
    const fields = [
      'TableName',
      'QueueName',
      'TopicName',
      'BucketName',
      'RoleName',
      'ManagedPolicyName',
      'FunctionName',
      'LogGroupName',
      'DeliveryStreamName',
      'Name',
    ];
    for (const field of fields) {
      const value = property(name, field);
      if (value !== null) return value;
    }
    const { Name } = (raw.Resources[name]?.Properties?.DatabaseInput ?? {}) as Named;
    if (Name !== undefined) return String(resolve(Name));
    return name.toLowerCase();
  }
  function arnOf(name: string): string {
    const form = arns[typeOf(name)];
    if (!form) throw new Error(`No ARN is known for ${typeOf(name)}.`);
    return form({ region, account, name: physical(name) });
  }

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve).filter((one) => one !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (only && entries.length === 1 && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) return resolveCall(only[0], only[1]);
    return Object.fromEntries(entries.map(([key, inner]) => [key, resolve(inner)]));
  }
  function resolveCall(name: string, given: unknown): unknown {
    if (name === 'Ref') return ref(String(given));
    if (name === 'Fn::GetAtt') {
      const [resource, field] = Array.isArray(given) ? given.map(String) : String(given).split('.');
      return attribute(resource ?? '', field ?? '');
    }
    if (name === 'Fn::Sub') {
      const [text, own] = (Array.isArray(given) ? given : [given, {}]) as [string, Named];
      return text.replaceAll(/\$\{([^}]*)\}/g, (_, inner: string) => {
        if (inner.startsWith('!')) return `\${${inner.slice(1)}}`;
        if (Object.hasOwn(own, inner)) return String(resolve(own[inner]));
        const [resource, field] = inner.split('.');
        return field === undefined ? ref(inner) : attribute(resource ?? '', field);
      });
    }
    if (name === 'Fn::Join' && Array.isArray(given)) return (resolve(given[1]) as string[]).join(String(given[0]));
    if (name === 'Fn::Split' && Array.isArray(given)) return String(resolve(given[1])).split(String(given[0]));
    if (name === 'Fn::If' && Array.isArray(given)) return resolve(given[resolve(raw.Conditions?.[String(given[0])]) === true ? 1 : 2]);
    if (name === 'Fn::Equals' && Array.isArray(given)) return resolve(given[0]) === resolve(given[1]);
    if (name === 'Fn::Not' && Array.isArray(given)) return !resolve(given[0]);
    throw new Error(`The template uses ${name}, which is not known here.`);
  }

  const wanted = Object.entries(raw.Resources).filter(
    ([, { Condition }]) => Condition === undefined || resolve(raw.Conditions?.[Condition]) === true,
  );
  const resources = wanted.map(([name, { Type, Properties }]) => ({
    name,
    type: Type,
    arn: Object.hasOwn(arns, Type) ? arnOf(name) : null,
    properties: resolve(Properties ?? {}) as Named,
  }));
  return {
    resources,
    resource(name) {
      const found = resources.find((one) => one.name === name);
      if (!found) throw new Error(`The template has no ${name}.`);
      return found;
    },
    resolve,
  };
}

const arns: Readonly<Record<string, (one: { region: string; account: string; name: string }) => string>> = {
  'AWS::DynamoDB::Table': ({ region, account, name }) => `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  'AWS::SQS::Queue': ({ region, account, name }) => `arn:aws:sqs:${region}:${account}:${name}`,
  'AWS::SNS::Topic': ({ region, account, name }) => `arn:aws:sns:${region}:${account}:${name}`,
  'AWS::S3::Bucket': ({ name }) => `arn:aws:s3:::${name}`,
  'AWS::KMS::Key': ({ region, account, name }) => `arn:aws:kms:${region}:${account}:key/${name}`,
  'AWS::IAM::Role': ({ account, name }) => `arn:aws:iam::${account}:role/${name}`,
  'AWS::IAM::ManagedPolicy': ({ account, name }) => `arn:aws:iam::${account}:policy/${name}`,
  'AWS::Lambda::Function': ({ region, account, name }) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  'AWS::Events::Rule': ({ region, account, name }) => `arn:aws:events:${region}:${account}:rule/${name}`,
  'AWS::KinesisFirehose::DeliveryStream': ({ region, account, name }) => `arn:aws:firehose:${region}:${account}:deliverystream/${name}`,
  'AWS::Logs::LogGroup': ({ region, account, name }) => `arn:aws:logs:${region}:${account}:log-group:${name}`,
};
