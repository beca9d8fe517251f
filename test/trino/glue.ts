// The tables of the packaged template as Glue has them, and on a Trino that reads files as Athena does.
import type { Template } from '../e2e/template.ts';

/** A column as Glue has it. */
export interface GlueColumn {
  readonly Name: string;
  readonly Type: string;
}

/** A table as Glue has it. */
export interface GlueTable {
  readonly Name: string;
  readonly PartitionKeys?: readonly GlueColumn[];
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly StorageDescriptor: { readonly Location: string; readonly Columns: readonly GlueColumn[] };
}

/** A table of Iceberg's as Glue has it. */
export interface IcebergTable {
  readonly Location: string;
  readonly Schema: { readonly Fields: readonly (GlueColumn & { readonly Id: number })[] };
  readonly PartitionSpec: { readonly Fields: readonly { readonly SourceId: number; readonly Name: string; readonly Transform: string }[] };
}

/** The tables of files of the template, by their names. */
export function glueTables(template: Template): ReadonlyMap<string, GlueTable> {
  const inputs = template.resources.flatMap(({ type, properties }) =>
    type === 'AWS::Glue::Table' && properties.TableInput ? [properties.TableInput as GlueTable] : [],
  );
  return new Map(inputs.map((input) => [input.Name, input]));
}

/** The table of Iceberg's of the template that has this name. Throws where there is none. */
export function icebergTable(template: Template, name: string): IcebergTable {
  const found = template.resources.find(({ type, properties }) => type === 'AWS::Glue::Table' && properties.Name === name);
  const input = found?.properties.OpenTableFormatInput as { IcebergInput: { IcebergTableInput: IcebergTable } } | undefined;
  if (!input) throw new Error(`The template has no Iceberg table ${name}.`);
  return input.IcebergInput.IcebergTableInput;
}

/** What makes such a table in Trino's iceberg catalog, with the same columns and partitions. */
export function createIcebergStatement(name: string, { Schema, PartitionSpec }: IcebergTable): string {
  const columns = Schema.Fields.map((field) => `"${field.Name}" ${field.Type === 'long' ? 'bigint' : trinoType(field.Type)}`);
  const partitions = PartitionSpec.Fields.map(({ SourceId, Transform }) => {
    if (Transform !== 'identity') throw new Error(`Nothing is known of the transform ${Transform}.`);
    return `'${Schema.Fields.find(({ Id }) => Id === SourceId)?.Name}'`;
  });
  return `CREATE TABLE ${name} (${columns.join(', ')}) WITH (partitioning = ARRAY[${partitions.join(', ')}])`;
}

/** What makes a table of JSON in Trino's hive catalog, with the same columns, partitions and projection, over the same folders below `local:///`. */
export function createStatement({ Name, PartitionKeys = [], Parameters = {}, StorageDescriptor }: GlueTable): string {
  const columns = StorageDescriptor.Columns.map((column) => `"${column.Name}" ${trinoType(column.Type)}`);
  const partitions = PartitionKeys.map((key) => {
    const of = (property: string): string => Parameters[`projection.${key.Name}.${property}`] ?? '';
    const range = of('range')
      .split(',')
      .map((end) => `'${end}'`);
    const projection = [
      `partition_projection_type = '${of('type').toUpperCase()}'`,
      `partition_projection_format = '${of('format')}'`,
      `partition_projection_range = ARRAY[${range.join(', ')}]`,
      `partition_projection_interval = ${of('interval')}`,
      `partition_projection_interval_unit = '${of('interval.unit')}'`,
    ];
    return `"${key.Name}" ${trinoType(key.Type)} WITH (${projection.join(', ')})`;
  });
  const properties = [
    "format = 'OPENX_JSON'",
    `external_location = '${local(StorageDescriptor.Location)}'`,
    `partitioned_by = ARRAY[${PartitionKeys.map((key) => `'${key.Name}'`).join(', ')}]`,
    'partition_projection_enabled = true',
    `partition_projection_location_template = '${local(Parameters['storage.location.template'] ?? '')}'`,
  ];
  return `CREATE TABLE ${Name} (${[...columns, ...partitions].join(', ')}) WITH (${properties.join(', ')})`;
}

function local(location: string): string {
  return location.replace(/^s3:\/\/[^/]+\//, 'local:///');
}

function trinoType(type: string): string {
  return type.replaceAll('string', 'varchar').replaceAll('<', '(').replaceAll('>', ')');
}
