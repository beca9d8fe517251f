// What must outlive an upgrade: resources that hold data, that carry messages, or that somebody confirmed or refers to by name.
import { isDeepStrictEqual } from 'node:util';
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import type { RawTemplate } from './specification.ts';

/** What of one resource must stay: another value of one of these properties makes CloudFormation replace it. */
export interface LastingResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** By logical id, sorted. */
export type LastingResources = Readonly<Record<string, LastingResource>>;

/** A replaced function, role, rule or alarm is made anew by the same deployment and holds nothing. */
const types: ReadonlySet<string> = new Set([
  'AWS::Athena::WorkGroup',
  'AWS::DynamoDB::Table',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
]);

/** The lasting resources of a template, each with the properties that AWS's specification says cause a replacement. */
export async function lastingIn(template: RawTemplate): Promise<LastingResources> {
  const database = await loadAwsServiceSpec();
  const lasting = Object.entries(template.Resources).flatMap(([id, { Type, DeletionPolicy, Properties = {} }]) => {
    if (!types.has(Type)) return [];
    const [known] = database.lookup('resource', 'cloudFormationType', 'equals', Type);
    if (!known) throw new Error(`AWS's specification has no ${Type}.`);
    const kept = Object.entries(Properties).flatMap(([name, value]): [string, unknown][] => {
      const replaces = (known.properties[name]?.causesReplacement ?? 'no') !== 'no';
      if (replaces) return [[name, value]];
      // Glue's names are one level down, where the specification does not say it.
      const inner = name === 'TableInput' || name === 'DatabaseInput' ? (value as { Name?: unknown }).Name : undefined;
      return inner === undefined ? [] : [[`${name}.Name`, inner]];
    });
    const Lasting = Object.fromEntries(kept.toSorted(([a], [b]) => a.localeCompare(b, 'en')));
    return [[id, { Type, ...(DeletionPolicy === undefined ? {} : { DeletionPolicy }), Properties: Lasting }] as const];
  });
  return Object.fromEntries(lasting.toSorted(([a], [b]) => a.localeCompare(b, 'en')));
}

/** What an upgrade from `released` to `now` would lose or replace, a sentence each. */
export function lossesBetween(released: LastingResources, now: LastingResources): readonly string[] {
  return Object.entries(released).flatMap(([id, before]) => {
    const after = Object.hasOwn(now, id) ? now[id] : undefined;
    if (!after) return [`${id}: is gone, or has another logical id.`];
    if (after.Type !== before.Type) return [`${id}: is no ${before.Type} any more.`];
    const names = [...new Set([...Object.keys(before.Properties), ...Object.keys(after.Properties)])];
    return [
      ...(before.DeletionPolicy === 'Retain' && after.DeletionPolicy !== 'Retain' ? [`${id}: is no longer kept when the stack goes.`] : []),
      ...names
        .filter((name) => !isDeepStrictEqual(before.Properties[name], after.Properties[name]))
        .map((name) => `${id}: another ${name} replaces it.`),
    ];
  });
}
