import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { region } from '../checks/denied-region.ts';
import { questionOf } from '../evidence/answers.ts';
import { describeWhere } from '../needs.ts';
import { type Models, openModels } from './model.ts';
import { motoFolder, whyNoMoto } from './moto.ts';

const samples = join(import.meta.dirname, '..', '..', 'samples', 'inventory');

/** Service, command and answer of each file of the samples. */
function sampleAnswers(): readonly (readonly [service: string, command: string, answer: unknown])[] {
  return readdirSync(samples, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.error.json'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const [, service = '', command = ''] = relative(samples, path).split(sep);
      return [service, command.replace(/\.json$/, ''), JSON.parse(readFileSync(path, 'utf8'))] as const;
    });
}

describeWhere(whyNoMoto(), "answers that were made up, against AWS's description of its services", () => {
  let models: Models;
  beforeAll(async () => {
    models = openModels(await motoFolder());
  });

  it('could be the samples', () => {
    const answers = sampleAnswers();

    expect(answers.length).toBeGreaterThan(20);
    expect([...new Set(answers.flatMap(([service, command, answer]) => models.ofPrinted(service, command, answer)))]).toEqual([]);
  });

  it('could be what the tests of checks build on', () => {
    const faults = Object.entries(region).flatMap(([name, answer]) => {
      const { service, command } = questionOf(name);
      return models.ofPrinted(service, command, JSON.parse(JSON.stringify(answer)));
    });

    expect(faults).toEqual([]);
  });
});

describeWhere(whyNoMoto(), 'the description itself', () => {
  let models: Models;
  beforeAll(async () => {
    models = openModels(await motoFolder());
  });
  const wrapped = (inner: string) =>
    `<DescribeDBClustersResponse><DescribeDBClustersResult>${inner}</DescribeDBClustersResult></DescribeDBClustersResponse>`;

  describe.each([
    [
      'a member that does not exist',
      { DBClusters: [{ ForceSsl: true }] },
      'describe-db-clusters.DBClusters[0].ForceSsl: there is no such member',
    ],
    ['a number that is text', { DBClusters: [{ Port: '5432' }] }, 'describe-db-clusters.DBClusters[0].Port: no number'],
    [
      'a time that is none',
      { DBClusters: [{ ClusterCreateTime: 'yesterday' }] },
      'describe-db-clusters.DBClusters[0].ClusterCreateTime: no time',
    ],
    ['an object for a list', { DBClusters: {} }, 'describe-db-clusters.DBClusters: no list'],
  ])('notices %s', (_, answer, fault) => {
    it('in what the CLI prints', () => {
      expect(models.ofPrinted('rds', 'describe-db-clusters', answer)).toEqual([fault]);
    });
  });

  it('notices what is required, and values that are not allowed', () => {
    expect(models.ofPrinted('iam', 'get-service-last-accessed-details', { JobStatus: 'DONE' })).toEqual([
      'get-service-last-accessed-details.JobCreationDate: it is required',
      'get-service-last-accessed-details.ServicesLastAccessed: it is required',
      'get-service-last-accessed-details.JobCompletionDate: it is required',
      'get-service-last-accessed-details.JobStatus: DONE is none of IN_PROGRESS, COMPLETED, FAILED',
    ]);
  });

  it.each([
    [
      'a wrong wrapper',
      '<DescribeDBClustersResult/>',
      'DescribeDBClusters: it is not wrapped in DescribeDBClustersResponse and its result',
    ],
    [
      'a wrong element',
      wrapped('<DBClusters><member/></DBClusters>'),
      'DescribeDBClusters.DBClusters: its elements are called DBCluster, not member',
    ],
    ['a wrong member', wrapped('<Clusters/>'), 'DescribeDBClusters.Clusters: there is no such member'],
    [
      'a wrong number',
      wrapped('<DBClusters><DBCluster><Port>x</Port></DBCluster></DBClusters>'),
      'DescribeDBClusters.DBClusters[0].Port: no number: x',
    ],
  ])('notices %s on the wire', (_, body, fault) => {
    expect(models.ofWire('rds', 'DescribeDBClusters', body)).toEqual([fault]);
  });
});
