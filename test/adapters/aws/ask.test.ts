import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identify, openAccount } from '../../../lib/adapters/aws/account.ts';
import { createAsk } from '../../../lib/adapters/aws/ask.ts';
import type { Question } from '../../../lib/domain/question.ts';

/** What the fake AWS answers: status, body. */
type Reply = readonly [number, string];
type Answering = (action: string, form: URLSearchParams) => Reply;

let server: Server;
let asked: { action: string; form: URLSearchParams }[];
let answering: Answering;
const environment = { ...process.env };

beforeEach(async () => {
  asked = [];
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  process.env.AWS_REGION = 'eu-central-1';
  server = createServer(async (request, response) => {
    const form = new URLSearchParams(await bodyOf(request));
    const action = form.get('Action') ?? String(request.headers['x-amz-target'] ?? request.url);
    asked.push({ action, form });
    const [status, body] = answering(action, form);
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  process.env = { ...environment };
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

async function accessToServer() {
  const { port } = server.address() as AddressInfo;
  return openAccount({ endpoint: `http://127.0.0.1:${port}` });
}

function result(action: string, inner: string): Reply {
  return [200, `<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`];
}

function failure(status: number, code: string, message: string): Reply {
  return [status, `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`];
}

const question = (command: string, key: string | null = null, service = 'rds', region = 'eu-central-1'): Question => ({
  region,
  service,
  command,
  key,
});

describe('asking AWS', () => {
  it('merges all pages and prints dates as text, without the marks of pages', async () => {
    answering = (action, form) =>
      form.get('Marker')
        ? result(action, '<DBClusters><DBCluster><DBClusterIdentifier>orders</DBClusterIdentifier></DBCluster></DBClusters>')
        : result(
            action,
            '<Marker>next</Marker><DBClusters><DBCluster><DBClusterIdentifier>billing</DBClusterIdentifier><ClusterCreateTime>2026-05-03T12:00:00Z</ClusterCreateTime></DBCluster></DBClusters>',
          );
    const ask = createAsk({ access: await accessToServer() });

    const answer = await ask(question('describe-db-clusters'));

    expect(answer).toEqual({
      known: true,
      value: {
        DBClusters: [{ DBClusterIdentifier: 'billing', ClusterCreateTime: '2026-05-03T12:00:00.000Z' }, { DBClusterIdentifier: 'orders' }],
      },
    });
  });

  it('gives an empty list where AWS leaves the list out', async () => {
    answering = (action) => result(action, '');
    const ask = createAsk({ access: await accessToServer() });

    const answer = await ask(question('describe-db-instances'));

    expect(answer).toEqual({ known: true, value: { DBInstances: [] } });
  });

  it('asks only for the parameters and the snapshots that are wanted', async () => {
    answering = (action) => result(action, '');
    const ask = createAsk({ access: await accessToServer(), only: { parameters: ['rds.force_ssl', 'ssl'], snapshots: 'manual' } });

    await ask(question('describe-db-cluster-parameters', 'orders-pg16'));
    await ask(question('describe-db-cluster-snapshots'));
    await ask(question('describe-db-snapshots'));

    expect(Object.fromEntries(asked[0]?.form ?? [])).toMatchObject({
      DBClusterParameterGroupName: 'orders-pg16',
      'Filters.Filter.1.Name': 'parameter-name',
      'Filters.Filter.1.Values.Value.1': 'rds.force_ssl',
      'Filters.Filter.1.Values.Value.2': 'ssl',
    });
    expect(asked.slice(1).map(({ action, form }) => [action, form.get('SnapshotType')])).toEqual([
      ['DescribeDBClusterSnapshots', 'manual'],
      ['DescribeDBSnapshots', 'manual'],
    ]);
  });

  it.each([
    [403, 'AccessDenied', 'denied'],
    [403, 'UnauthorizedOperation', 'denied'],
    [404, 'DBParameterGroupNotFound', 'not-found'],
    [400, 'InvalidAccessException', 'failed'],
  ])('turns the error %d %s into an unknown: %s', async (status, code, kind) => {
    answering = () => failure(status, code, 'no');
    const ask = createAsk({ access: await accessToServer() });

    const answer = await ask(question('describe-db-parameters', 'orders-pg16'));

    expect(answer).toMatchObject({ known: false, cause: { kind, question: 'rds describe-db-parameters orders-pg16 (eu-central-1)' } });
    expect(answer).toMatchObject({ cause: { detail: expect.stringMatching(new RegExp(`^${code}\\w*: no$`)) } });
  });

  it('tries a throttled call again, and says throttled when AWS stays busy', async () => {
    let refusals = 1;
    answering = (action) => (refusals-- > 0 ? failure(400, 'Throttling', 'Rate exceeded') : result(action, '<DBProxies/>'));
    const ask = createAsk({ access: await accessToServer() });

    const mended = await ask(question('describe-db-proxies'));
    refusals = 1000;
    const busy = await ask(question('describe-db-proxies'));

    expect(mended).toEqual({ known: true, value: { DBProxies: [] } });
    expect(busy).toMatchObject({ known: false, cause: { kind: 'throttled' } });
  }, 60_000);

  it('decodes policy documents, URL-encoded or not', async () => {
    const policy = '{"Version":"2012-10-17","Statement":[]}';
    answering = (action) =>
      result(
        action,
        `<RoleDetailList><member><RoleName>a</RoleName><AssumeRolePolicyDocument>${encodeURIComponent(policy)}</AssumeRolePolicyDocument></member>` +
          `<member><RoleName>b</RoleName><AssumeRolePolicyDocument>${policy.replaceAll('"', '&quot;')}</AssumeRolePolicyDocument></member></RoleDetailList>`,
      );
    const ask = createAsk({ access: await accessToServer() });

    const answer = await ask(question('get-account-authorization-details', null, 'iam', 'global'));

    const document = { Version: '2012-10-17', Statement: [] };
    expect(answer).toEqual({
      known: true,
      value: {
        UserDetailList: [],
        RoleDetailList: [
          { RoleName: 'a', AssumeRolePolicyDocument: document },
          { RoleName: 'b', AssumeRolePolicyDocument: document },
        ],
      },
    });
  });

  it('waits for the credential report and gives it as base64', async () => {
    let states = ['STARTED', 'INPROGRESS', 'COMPLETE'];
    const content = Buffer.from('user,arn\nroot,arn:aws:iam::111122223333:root').toString('base64');
    answering = (action) => {
      if (action === 'GetCredentialReport')
        return result(
          action,
          `<Content>${content}</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>2026-05-03T11:00:00Z</GeneratedTime>`,
        );
      const [state, ...rest] = states;
      states = rest;
      return result(action, `<State>${state}</State>`);
    };
    const ask = createAsk({ access: await accessToServer() });

    const answer = await ask(question('get-credential-report', null, 'iam', 'global'));

    expect(answer).toEqual({
      known: true,
      value: { Content: content, ReportFormat: 'text/csv', GeneratedTime: '2026-05-03T11:00:00.000Z' },
    });
    expect(states).toEqual([]);
  });

  it('starts the job for last accessed details, waits for it and merges its pages', async () => {
    const arn = 'arn:aws:iam::111122223333:role/app';
    let polls = 0;
    const service = (name: string) => `<member><ServiceName>${name}</ServiceName><ServiceNamespace>${name}</ServiceNamespace></member>`;
    answering = (action, form) => {
      if (action === 'GenerateServiceLastAccessedDetails') return result(action, '<JobId>job</JobId>');
      polls += 1;
      if (polls === 1) return result(action, '<JobStatus>IN_PROGRESS</JobStatus>');
      return form.get('Marker') === 'm'
        ? result(action, `<JobStatus>COMPLETED</JobStatus><ServicesLastAccessed>${service('rds')}</ServicesLastAccessed>`)
        : result(
            action,
            `<JobStatus>COMPLETED</JobStatus><IsTruncated>true</IsTruncated><Marker>m</Marker><ServicesLastAccessed>${service('ec2')}</ServicesLastAccessed>`,
          );
    };
    const ask = createAsk({ access: await accessToServer() });

    const answer = await ask(question('get-service-last-accessed-details', arn, 'iam', 'global'));

    expect(answer).toEqual({
      known: true,
      value: {
        JobStatus: 'COMPLETED',
        ServicesLastAccessed: [
          { ServiceName: 'ec2', ServiceNamespace: 'ec2' },
          { ServiceName: 'rds', ServiceNamespace: 'rds' },
        ],
      },
    });
    expect(asked[0]?.form.get('Arn')).toBe(arn);
  });

  it('rejects when it is told to stop', async () => {
    answering = (action) => result(action, '<DBClusters/>');
    const ask = createAsk({ access: await accessToServer() });

    const answer = ask(question('describe-db-clusters'), AbortSignal.abort(new Error('enough')));

    await expect(answer).rejects.toThrow('enough');
  });

  it('names the account that the credentials belong to', async () => {
    answering = (action) =>
      result(action, '<Account>111122223333</Account><Arn>arn:aws-us-gov:iam::111122223333:user/jane</Arn><UserId>A</UserId>');

    const identity = await identify(await accessToServer());

    expect(identity).toEqual({ account: '111122223333', arn: 'arn:aws-us-gov:iam::111122223333:user/jane', partition: 'aws-us-gov' });
  });
});
