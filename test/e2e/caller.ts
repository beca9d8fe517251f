// Calls of AWS's two plain protocols, as the one who sets the scene: not as a function of the monitor.

/** Who sets the scene, by service. */
export interface Caller {
  readonly region: string;
  /** A call of a service that speaks JSON; rejects where it is refused. */
  json<Result = unknown>(target: string, body: object): Promise<Result>;
  /** A call of a service that speaks forms; the answer is XML. */
  form(service: string, action: string, parameters: Readonly<Record<string, string>>): Promise<string>;
  /** Any other request. */
  request(service: string, path: string, init: RequestInit): Promise<Response>;
}

const services: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  TrentService: 'kms',
  AWSGlue: 'glue',
  AmazonAthena: 'athena',
  AmazonSSM: 'ssm',
  Logs_20140328: 'logs',
  Firehose_20150804: 'firehose',
  'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101': 'cloudtrail',
};

const versions: Readonly<Record<string, string>> = { sns: '2010-03-31', rds: '2014-10-31', iam: '2010-05-08', ec2: '2016-11-15' };

/** Calls to `endpoint`, in `region`, signed with `key`. */
export function createCaller(endpoint: string, region: string, key = 'setting-the-scene'): Caller {
  const request: Caller['request'] = async (service, path, init) => {
    const scope = `${key}/20260503/${region}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
    const headers = { ...Object.fromEntries(new Headers(init.headers)), authorization };
    const response = await fetch(`${endpoint}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${service} ${path} was answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
    return response;
  };
  return {
    region,
    request,
    async json<Result>(target: string, body: object) {
      const service = services[target.slice(0, target.lastIndexOf('.'))] ?? '';
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
      const response = await request(service, '/', { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await response.text();
      return JSON.parse(text || '{}') as Result;
    },
    async form(service, action, parameters) {
      const body = new URLSearchParams({ Action: action, Version: versions[service] ?? '', ...parameters });
      return (await request(service, '/', { method: 'POST', body })).text();
    },
  };
}
