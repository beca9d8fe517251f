import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { describe, expect, it } from '@jest/globals';
import type { Report } from '../../lib/domain/report.ts';
import type { ResourceType } from '../../lib/domain/resource.ts';
import { renderAsff } from '../../lib/render/asff.ts';
import { comparedReport, exampleCatalogue, exampleReport } from './example-report.ts';
import { nastyStrings, poison } from './nasty.ts';

function findings(report: Report): readonly AwsSecurityFinding[] {
  return JSON.parse(renderAsff(report, { catalogue: exampleCatalogue })) as readonly AwsSecurityFinding[];
}

function findingOf(report: Report, fingerprint: string): AwsSecurityFinding | undefined {
  return findings(report).find(({ Id }) => Id === `aurora-watch/${fingerprint}`);
}

/** Of the type taxonomy (docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-type-taxonomy.html), what is written here. */
const taxonomy = ['Software and Configuration Checks/AWS Security Best Practices', 'Unusual Behaviors/Database'];
/** Of Security Hub's resource types, those that a finding may be of. */
const resourceTypes = [
  ...['AwsAccount', 'AwsRdsDbCluster', 'AwsRdsDbInstance', 'AwsRdsDbClusterSnapshot', 'AwsRdsDbSnapshot', 'AwsIamRole', 'AwsIamUser'],
  ...['AwsIamPolicy', 'AwsEc2SecurityGroup', 'AwsCloudTrailTrail', 'Other'],
];

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What BatchImportFindings refuses, by the API reference of AwsSecurityFinding; empty: nothing. */
function refusals(finding: AwsSecurityFinding): string[] {
  const wrong: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) wrong.push(what);
  };
  const text = (name: string, value: string | undefined, most: number): void =>
    must(typeof value === 'string' && /\S/.test(value) && value.length <= most, `${name} of 1 to ${most} characters: ${value?.length}`);

  must(finding.SchemaVersion === '2018-10-08', 'SchemaVersion');
  text('Id', finding.Id, 512);
  text('Title', finding.Title, 256);
  text('Description', finding.Description, 1024);
  text('GeneratorId', finding.GeneratorId, 512);
  must(/^\d{12}$/.test(finding.AwsAccountId ?? ''), `AwsAccountId ${finding.AwsAccountId}`);
  const arn = /^arn:(aws|aws-cn|aws-us-gov):securityhub:[a-z]{2}(-[a-z]+)+-\d:(\d{12}):product\/(\d{12})\/default$/.exec(
    finding.ProductArn ?? '',
  );
  must(arn?.[3] === finding.AwsAccountId && arn?.[4] === finding.AwsAccountId, `ProductArn ${finding.ProductArn}`);
  for (const name of ['CreatedAt', 'UpdatedAt'] as const) must(time.test(finding[name] ?? ''), `${name} ${finding[name]}`);
  for (const name of ['FirstObservedAt', 'LastObservedAt'] as const) must(time.test(finding[name] ?? finding.CreatedAt ?? ''), name);
  must((finding.UpdatedAt ?? '') >= (finding.CreatedAt ?? ''), 'UpdatedAt before CreatedAt');
  must(['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].includes(finding.Severity?.Label ?? ''), 'Severity.Label');
  must((finding.Types?.length ?? 0) <= 50, 'Types');
  for (const type of finding.Types ?? ['none']) must(taxonomy.includes(type), `Types ${type}`);
  must(finding.FindingProviderFields?.Severity?.Label === finding.Severity?.Label, 'FindingProviderFields.Severity');
  for (const type of finding.FindingProviderFields?.Types ?? []) must(taxonomy.includes(type), `FindingProviderFields.Types ${type}`);
  const recommendation = finding.Remediation?.Recommendation;
  if (recommendation) text('Remediation', recommendation.Text, 512);
  if (recommendation?.Url !== undefined) must(recommendation.Url.startsWith('https://') && recommendation.Url.length <= 2048, 'Url');
  const fields = Object.entries(finding.ProductFields ?? {});
  must(fields.length <= 50, `${fields.length} ProductFields`);
  for (const [name, value] of fields) {
    text('name of a product field', name, 128);
    text(`product field ${name}`, value, 2048);
  }
  must((finding.Resources?.length ?? 0) >= 1 && (finding.Resources?.length ?? 0) <= 32, 'Resources');
  for (const resource of finding.Resources ?? []) {
    text('Resources.Type', resource.Type, 256);
    text('Resources.Id', resource.Id, 512);
    text('Resources.Region', resource.Region, 16);
    must(['aws', 'aws-cn', 'aws-us-gov'].includes(resource.Partition ?? ''), 'Partition');
    must(resourceTypes.includes(resource.Type ?? ''), `Resources.Type ${resource.Type}`);
    const other = Object.entries(resource.Details?.Other ?? {});
    must(other.length <= 50, 'Details.Other');
    for (const [name, value] of other) {
      text('name in Details.Other', name, 64);
      text(`Details.Other.${name}`, value, 1024);
    }
  }
  const statuses = ['PASSED', 'WARNING', 'FAILED', 'NOT_AVAILABLE'];
  must(finding.Compliance === undefined || statuses.includes(finding.Compliance.Status ?? ''), 'Compliance.Status');
  must((finding.Compliance?.StatusReasons?.length ?? 0) <= 20, 'StatusReasons');
  for (const reason of finding.Compliance?.StatusReasons ?? []) {
    text('StatusReasons.ReasonCode', reason.ReasonCode, 100);
    if (reason.Description !== undefined) text('StatusReasons.Description', reason.Description, 1024);
  }
  must((finding.Compliance?.RelatedRequirements?.length ?? 0) <= 32, 'RelatedRequirements');
  must(['NEW', 'SUPPRESSED', 'RESOLVED'].includes(finding.Workflow?.Status ?? ''), 'Workflow.Status');
  must(['ACTIVE', 'ARCHIVED'].includes(finding.RecordState ?? ''), 'RecordState');
  if (finding.Note) {
    text('Note.Text', finding.Note.Text, 512);
    text('Note.UpdatedBy', finding.Note.UpdatedBy, 512);
    must(time.test(finding.Note.UpdatedAt ?? ''), 'Note.UpdatedAt');
  }
  must(Buffer.byteLength(JSON.stringify(finding)) <= 240_000, 'more than 240 KB');
  return wrong;
}

/** One finding of the comparison is gone. */
const notKnown = comparedReport.verdicts.filter(({ verdict }) => verdict === 'unknown').length;

describe('renderAsff', () => {
  it.each<[string, Report]>([
    ['the example', exampleReport],
    ['a comparison', comparedReport],
    ['a report without account, regions and time', { ...exampleReport, account: null, regions: [], at: null, window: null }],
  ])('writes %s as BatchImportFindings takes it', (_, report) => {
    const given = findings(report);

    expect(given.length).toBeGreaterThanOrEqual(report.findings.length);
    expect(given.flatMap(refusals)).toEqual([]);
  });

  it('says what a posture finding says', () => {
    expect(findingOf(exampleReport, '1c52d9a0e6b14f6f8d2a3b4c5d6e7f80')).toMatchObject({
      ProductArn: 'arn:aws:securityhub:eu-central-1:111122223333:product/111122223333/default',
      GeneratorId: 'aurora-watch/tls-required',
      AwsAccountId: '111122223333',
      Types: ['Software and Configuration Checks/AWS Security Best Practices'],
      CreatedAt: '2026-04-28T09:12:44.000Z',
      UpdatedAt: '2026-05-03T12:00:00.000Z',
      Severity: { Label: 'HIGH', Original: 'high' },
      Description: 'rds.force_ssl is 0 in billing-aurora-pg15: sessions without TLS are accepted.',
      Resources: [{ Type: 'AwsRdsDbCluster', Id: 'arn:aws:rds:eu-central-1:111122223333:cluster:billing', Region: 'eu-central-1' }],
      Compliance: { Status: 'FAILED', RelatedRequirements: ['NIST 800-53 SC-8', 'PCI DSS 4.0 4.2.1'] },
      Workflow: { Status: 'NEW' },
      RecordState: 'ACTIVE',
      ProductFields: { 'aurora-watch/evidence/value': '0' },
    });
  });

  it('says no compliance of what logs say', () => {
    const finding = findingOf(exampleReport, 'e3b0c44298fc1c149afbf4c8996fb924');

    expect(finding).toMatchObject({ Types: ['Unusual Behaviors/Database'], Severity: { Label: 'MEDIUM' } });
    expect(finding?.Compliance).toBeUndefined();
  });

  it('recommends what the check says where a finding has no command of its own', () => {
    expect(findingOf(exampleReport, '0263829989b6fd954f72baaf2fc64bc2')?.Remediation?.Recommendation).toEqual({
      Text: 'Grant rds-db:connect to the caller, or find out who it is.',
      Url: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.Troubleshooting.html',
    });
  });

  it('sends what is suppressed as suppressed, with who and why', () => {
    expect(findingOf(exampleReport, 'a3a5e715f0cc574a73c3f9bebb6bc24f')).toMatchObject({
      Workflow: { Status: 'SUPPRESSED' },
      Note: { UpdatedBy: 'jane', Text: 'The cluster is rebuilt every night until the migration ends. (until 2026-09-30)' },
    });
  });

  it('says of what is not known that no compliance is available, and why, without weight', () => {
    const unknown = exampleReport.verdicts.filter(({ verdict }) => verdict === 'unknown');
    const given = findings(exampleReport).filter(({ Compliance }) => Compliance?.Status === 'NOT_AVAILABLE');

    expect(unknown.length).toBeGreaterThan(0);
    expect(given.map(({ Description }) => Description)).toEqual(unknown.map(({ reason }) => reason));
    for (const one of given) {
      expect(one).toMatchObject({
        Severity: { Label: 'INFORMATIONAL' },
        Compliance: { StatusReasons: [{ ReasonCode: 'NOT_KNOWN', Description: one.Description }] },
        Workflow: { Status: 'NEW' },
        RecordState: 'ACTIVE',
      });
    }
    expect(new Set(findings(exampleReport).map(({ Id }) => Id)).size).toBe(exampleReport.findings.length + unknown.length);
  });

  it('gives what is not known the Id that its finding would have', () => {
    const verdicts = [{ ...exampleReport.verdicts[0], verdict: 'unknown', fingerprint: '3f2a9c01' }] as Report['verdicts'];

    expect(findings({ ...exampleReport, findings: [], verdicts }).map(({ Id }) => Id)).toEqual(['aurora-watch/3f2a9c01']);
  });

  it('archives what is gone and marks what is new', () => {
    expect(findingOf(comparedReport, 'd4735e3a265e16eee03f59718b9b5d03')).toMatchObject({
      RecordState: 'ARCHIVED',
      Workflow: { Status: 'RESOLVED' },
      ProductFields: { 'aurora-watch/comparison': 'gone' },
    });
    expect(findingOf(comparedReport, '1c52d9a0e6b14f6f8d2a3b4c5d6e7f80')?.ProductFields).toMatchObject({
      'aurora-watch/comparison': 'new',
    });
  });

  it.each<[string, ResourceType, string, string?]>([
    ['arn:aws:iam::111122223333:role/pg-app', 'principal', 'AwsIamRole', 'arn:aws:iam::111122223333:role/pg-app'],
    ['arn:aws:iam::111122223333:user/bob', 'principal', 'AwsIamUser', 'arn:aws:iam::111122223333:user/bob'],
    ['arn:aws:iam::111122223333:root', 'account', 'AwsAccount', 'AWS::::Account:111122223333'],
    ['arn:aws:rds:eu-central-1:111122223333:cluster-snapshot:s', 'snapshot', 'AwsRdsDbClusterSnapshot'],
    ['arn:aws:rds:eu-central-1:111122223333:snapshot:s', 'snapshot', 'AwsRdsDbSnapshot'],
    ['arn:aws:rds:eu-central-1:111122223333:db-proxy:prx-1', 'proxy', 'Other'],
  ])('names %s as Security Hub does', (arn, type, expected, id = arn) => {
    const some = exampleReport.findings
      .slice(0, 1)
      .map((finding) => ({ ...finding, resource: { arn, type, name: 'x', region: 'global' } }));

    const [finding] = findings({ ...exampleReport, findings: some });

    expect(finding?.Resources).toMatchObject([{ Type: expected, Id: id, Region: 'eu-central-1' }]);
  });

  it('takes the partition from the resource', () => {
    const arn = 'arn:aws-cn:rds:cn-north-1:111122223333:cluster:c';
    const some = exampleReport.findings
      .slice(0, 1)
      .map((finding) => ({ ...finding, resource: { ...finding.resource, arn, region: 'cn-north-1' } }));

    const [finding] = findings({ ...exampleReport, findings: some });

    expect(finding?.ProductArn).toBe('arn:aws-cn:securityhub:cn-north-1:111122223333:product/111122223333/default');
  });

  it.each(Object.entries(nastyStrings))('keeps to every limit with %s in every field', (_, nasty) => {
    const given = findings(poison(comparedReport, nasty));

    expect(given.length).toBe(comparedReport.findings.length + 1 + notKnown);
    expect(given.flatMap(refusals)).toEqual([]);
    expect(
      given.filter((finding) =>
        /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(
          Object.values(finding)
            .filter((value) => typeof value === 'string')
            .join(''),
        ),
      ).length,
    ).toBe(0);
  });
});
