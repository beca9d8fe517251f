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

/** The tables of the template, by their names. */
export function glueTables(template: Template): ReadonlyMap<string, GlueTable> {
  const tables = template.resources.filter(({ type }) => type === 'AWS::Glue::Table');
  return new Map(tables.map(({ properties }) => [(properties.TableInput as GlueTable).Name, properties.TableInput as GlueTable]));
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
