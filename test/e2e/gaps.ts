// What the emulator cannot answer: parameters with their defaults, engine versions, certificates, CloudTrail's memory, last-accessed jobs.
import type { Answer, Call, Gap } from './front.ts';

/** What the test says about the account where the emulator has no place for it. */
export interface Said {
  /** Events that LookupEvents finds, as CloudTrail writes them. */
  readonly events: Readonly<Record<string, unknown>>[];
  /** Clusters whose members have yet to take over their parameter group. */
  readonly pending: Set<string>;
  /** By cluster: fields that the emulator does not keep. */
  readonly fields: Map<string, Readonly<Record<string, string>>>;
}

/** Parameters of Aurora PostgreSQL 16 as RDS lists them when nobody set any: value, source, apply type. */
const defaults: Readonly<Record<string, readonly [string | null, 'system' | 'engine-default', 'dynamic' | 'static']>> = {
  'rds.force_ssl': ['0', 'system', 'dynamic'],
  ssl: ['1', 'system', 'dynamic'],
  ssl_min_protocol_version: ['TLSv1.2', 'system', 'dynamic'],
  'rds.restrict_password_commands': [null, 'engine-default', 'static'],
  'rds.accepted_password_auth_method': ['md5+scram', 'system', 'dynamic'],
  password_encryption: [null, 'system', 'dynamic'],
  log_connections: [null, 'engine-default', 'dynamic'],
  log_disconnections: [null, 'engine-default', 'dynamic'],
  log_statement: [null, 'engine-default', 'dynamic'],
  shared_preload_libraries: ['pg_stat_statements', 'system', 'static'],
  'pgaudit.log': [null, 'engine-default', 'dynamic'],
};

/** Parameters on a page: few, so that paging happens. */
const pageSize = 3;
const snapshotPageSize = 20;

/** The actions that are answered here. */
export const gapActions = [
  'DescribeCertificates',
  'DescribeDBClusterParameters',
  'DescribeDBClusterSnapshots',
  'DescribeDBClusters',
  'DescribeDBEngineVersions',
  'DescribeDBMajorEngineVersions',
  'DescribeDBParameters',
  'GenerateServiceLastAccessedDetails',
  'GetServiceLastAccessedDetails',
  'GetTrailStatus',
  'LookupEvents',
];

/** The gaps of the emulator, filled with what is `said`. */
export function fillGaps(said: Said): Gap {
  return async (call, pass) => {
    const { service, action } = call;
    if (service === 'rds') return rds(call, pass, said);
    if (service === 'cloudtrail' && action === 'LookupEvents') return lookUp(call, said);
    if (service === 'cloudtrail' && action === 'GetTrailStatus') return { ...json, body: delivered(await pass()) };
    if (service === 'iam' && action === 'GenerateServiceLastAccessedDetails')
      return xmlAnswer(call, `<JobId>job for ${String(call.parameters.Arn)}</JobId>`);
    if (service === 'iam' && action === 'GetServiceLastAccessedDetails') {
      const times = '<JobCreationDate>2026-05-03T12:00:00Z</JobCreationDate><JobCompletionDate>2026-05-03T12:00:01Z</JobCompletionDate>';
      return xmlAnswer(
        call,
        `<JobStatus>COMPLETED</JobStatus>${times}<ServicesLastAccessed></ServicesLastAccessed><IsTruncated>false</IsTruncated>`,
      );
    }
    return null;
  };
}

const json = { status: 200, type: 'application/x-amz-json-1.1' };
const started = Math.floor(Date.now() / 1000);

/** The emulator delivers whenever it is asked; here once, at the start. */
function delivered(status: string): string {
  return status.replace(/("Latest\w*DeliveryTime": )[\d.]+/g, `$1${started}`);
}

async function rds(call: Call, pass: () => Promise<string>, said: Said): Promise<Answer | null> {
  const { action } = call;
  if (action === 'DescribeDBClusterParameters' || action === 'DescribeDBParameters') {
    const group = String(call.parameters.DBClusterParameterGroupName ?? call.parameters.DBParameterGroupName);
    return xmlAnswer(call, parameterPage(call, group.startsWith('default.') ? '' : await pass()));
  }
  if (action === 'DescribeDBEngineVersions') {
    const version = '<Engine>aurora-postgresql</Engine><EngineVersion>16.6</EngineVersion><Status>available</Status>';
    return xmlAnswer(
      call,
      `<DBEngineVersions><DBEngineVersion>${version}<MajorEngineVersion>16</MajorEngineVersion></DBEngineVersion></DBEngineVersions>`,
    );
  }
  if (action === 'DescribeDBMajorEngineVersions') {
    const support =
      '<LifecycleSupportName>open-source-rds-standard-support</LifecycleSupportName>' +
      '<LifecycleSupportStartDate>2024-01-31T00:00:00Z</LifecycleSupportStartDate><LifecycleSupportEndDate>2029-02-28T23:59:59Z</LifecycleSupportEndDate>';
    const version = `<Engine>aurora-postgresql</Engine><MajorEngineVersion>16</MajorEngineVersion><SupportedEngineLifecycles><SupportedEngineLifecycle>${support}</SupportedEngineLifecycle></SupportedEngineLifecycles>`;
    return xmlAnswer(call, `<DBMajorEngineVersions><DBMajorEngineVersion>${version}</DBMajorEngineVersion></DBMajorEngineVersions>`);
  }
  if (action === 'DescribeCertificates') {
    const certificate =
      '<CertificateIdentifier>rds-ca-rsa2048-g1</CertificateIdentifier><CertificateType>CA</CertificateType><ValidTill>2061-05-25T23:59:59Z</ValidTill>';
    return xmlAnswer(call, `<Certificates><Certificate>${certificate}</Certificate></Certificates>`);
  }
  if (action === 'DescribeDBClusterSnapshots')
    return { status: 200, type: 'text/xml', body: onePage(call, await pass(), 'DBClusterSnapshot') };
  if (action === 'DescribeDBClusters') {
    const clusters = (await pass()).split('</DBCluster>').map((text) => corrected(text, said));
    return { status: 200, type: 'text/xml', body: clusters.join('</DBCluster>') };
  }
  return null;
}

/** One page of a list that the emulator gives whole. */
function onePage({ parameters }: Call, text: string, element: string): string {
  const [open, close] = [`<${element}s>`, `</${element}s>`];
  if (!text.includes(open)) return text;
  const [from, to] = [text.indexOf(open) + open.length, text.indexOf(close)];
  const all = text
    .slice(from, to)
    .split(`</${element}>`)
    .slice(0, -1)
    .map((one) => `${one}</${element}>`);
  const start = Number(parameters.Marker ?? 0);
  const more = start + snapshotPageSize < all.length ? `<Marker>${start + snapshotPageSize}</Marker>` : '';
  return `${text.slice(0, from)}${all.slice(start, start + snapshotPageSize).join('')}${close}${more}${text.slice(to + close.length)}`;
}

/** The text of one cluster with what is said of it. */
function corrected(text: string, { pending, fields }: Said): string {
  const name = field(text, 'DBClusterIdentifier');
  const inSync = '>in-sync</DBClusterParameterGroupStatus>';
  const synced = pending.has(name) ? text.replaceAll(inSync, '>pending-reboot</DBClusterParameterGroupStatus>') : text;
  return Object.entries(fields.get(name) ?? {}).reduce((all, [key, value]) => {
    const said = `<${key}>${value}</${key}>`;
    return field(all, key) === '' ? `${all}${said}` : all.replace(`<${key}>${field(all, key)}</${key}>`, said);
  }, synced);
}

/** What was set (as the emulator lists it) over the defaults; filtered and in pages, as RDS does. */
function parameterPage({ parameters }: Call, setText: string): string {
  const set = new Map<string, string>();
  for (const [, one = ''] of setText.matchAll(/<Parameter>([\s\S]*?)<\/Parameter>/g))
    set.set(field(one, 'ParameterName'), field(one, 'ParameterValue'));
  const wanted = new Set(
    Object.entries(parameters).flatMap(([name, value]) => (/^Filters\..*\.Values\./.test(name) ? [String(value)] : [])),
  );
  const names = [...new Set([...Object.keys(defaults), ...set.keys()])].filter((name) => wanted.size === 0 || wanted.has(name)).sort();
  const start = Number(parameters.Marker ?? 0);
  const listed = names.slice(start, start + pageSize).map((name) => {
    const [usual = null, source = 'engine-default', applyType = 'dynamic'] = defaults[name] ?? [];
    const value = set.get(name) ?? usual;
    const said = value === null ? '' : `<ParameterValue>${value}</ParameterValue>`;
    return `<Parameter><ParameterName>${name}</ParameterName>${said}<Source>${set.has(name) ? 'user' : source}</Source><ApplyType>${applyType}</ApplyType><ApplyMethod>pending-reboot</ApplyMethod><IsModifiable>true</IsModifiable></Parameter>`;
  });
  const more = start + pageSize < names.length ? `<Marker>${start + pageSize}</Marker>` : '';
  return `<Parameters>${listed.join('')}</Parameters>${more}`;
}

function field(text: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
}

function lookUp({ parameters, region }: Call, { events }: Said): Answer {
  const [wanted] = parameters.LookupAttributes as readonly { AttributeKey: string; AttributeValue: string }[];
  const name = wanted?.AttributeKey === 'EventName' ? 'eventName' : 'eventSource';
  const found = events.filter((event) => event[name] === wanted?.AttributeValue && event.awsRegion === region);
  const Events = found.map((event) => ({ EventId: event.eventID, CloudTrailEvent: JSON.stringify(event) }));
  return { ...json, body: JSON.stringify({ Events }) };
}

function xmlAnswer({ action }: Call, inner: string): Answer {
  const body = `<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`;
  return { status: 200, type: 'text/xml', body };
}
