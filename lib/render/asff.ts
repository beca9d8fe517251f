import type { Finding } from '../domain/finding.ts';
import type { Report } from '../domain/report.ts';
import type { Resource } from '../domain/resource.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { type Catalogue, isConfiguration, isTime, type ListedFinding, listedFindings, ownerOf, textOf } from './picture.ts';
import { bounded } from './visible.ts';

/** What the renderer of a format for other programs may be told. */
export interface FindingOptions {
  /** What the checks say about themselves: kind, references, controls. */
  readonly catalogue?: Catalogue;
}

const labels = { critical: 'CRITICAL', high: 'HIGH', medium: 'MEDIUM', low: 'LOW', info: 'INFORMATIONAL' } as const;

/**
 * The findings as Security Hub's BatchImportFindings takes them (AWS Security Finding Format 2018-10-08), a hundred a call.
 * Limits: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html. What is gone since the report before is archived.
 */
export function renderAsff(report: Report, { catalogue }: FindingOptions = {}): string {
  const judged = isConfiguration(report, catalogue);
  return `${JSON.stringify(
    listedFindings(report).map((listed) => asff(listed, report, judged(listed.finding.check), catalogue)),
    null,
    2,
  )}\n`;
}

function asff({ finding, novelty }: ListedFinding, report: Report, configuration: boolean, catalogue: Catalogue | undefined): object {
  const { resource } = finding;
  const owner = ownerOf(resource.arn);
  const account = report.account !== null && /^\d{12}$/.test(report.account) ? report.account : (owner.account ?? '000000000000');
  const region = regionOf(resource, report);
  const partition = partitions.find((one) => one === owner.partition) ?? 'aws';
  const about = catalogue?.get(finding.check);
  const gone = novelty === 'gone';
  const created = timeOf(finding.firstSeen, finding.lastSeen, report.at);
  const updated = timeOf(report.at, finding.lastSeen, finding.firstSeen);
  const recommendation = recommendationOf(finding, about);
  return {
    SchemaVersion: '2018-10-08',
    Id: `aurora-watch/${bounded(finding.fingerprint, 400)}`,
    ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: 'Aurora Watch',
    GeneratorId: `aurora-watch/${bounded(finding.check, 400)}`,
    AwsAccountId: account,
    Types: [configuration ? 'Software and Configuration Checks/AWS Security Best Practices' : 'Unusual Behaviors/Database'],
    ...(finding.firstSeen === null ? {} : { FirstObservedAt: created }),
    ...(finding.lastSeen === null ? {} : { LastObservedAt: timeOf(finding.lastSeen, finding.firstSeen) }),
    CreatedAt: created,
    UpdatedAt: updated < created ? created : updated,
    Severity: { Label: labels[finding.severity], Original: finding.severity },
    Title: bounded(`${finding.title}: ${finding.resource.name}`, 256),
    Description: bounded(finding.reason, 1024),
    ...(recommendation ? { Remediation: { Recommendation: recommendation } } : {}),
    ProductFields: fieldsOf(finding, novelty, report),
    Resources: [resourceOf(resource, region, account, partition)],
    ...(configuration
      ? {
          Compliance: {
            Status: gone ? 'PASSED' : 'FAILED',
            ...(about && about.controls.length > 0 ? { RelatedRequirements: about.controls.slice(0, 32) } : {}),
          },
        }
      : {}),
    Workflow: { Status: gone ? 'RESOLVED' : finding.state === 'suppressed' ? 'SUPPRESSED' : 'NEW' },
    RecordState: gone ? 'ARCHIVED' : 'ACTIVE',
    ...(finding.suppression
      ? {
          Note: {
            Text: bounded(
              `${finding.suppression.reason}${finding.suppression.until === null ? '' : ` (until ${finding.suppression.until})`}`,
              512,
            ),
            UpdatedBy: bounded(finding.suppression.by ?? 'aurora-watch', 512),
            UpdatedAt: updated,
          },
        }
      : {}),
  };
}

const partitions = ['aws', 'aws-cn', 'aws-us-gov'] as const;

/** Findings go to the Security Hub of a region, those of IAM and the account to the first that was looked at. */
function regionOf({ region }: Resource, { regions }: Report): string {
  return [region, ...regions].find((one) => /^[a-z]{2}(-[a-z]+)+-\d+$/.test(one) && one.length <= 16) ?? 'us-east-1';
}

/** The first of the times that is one, with milliseconds; where nothing tells the time, the epoch: never the clock. */
function timeOf(...times: readonly (string | null)[]): string {
  const time = times.find((one) => one !== null && isTime(one));
  return new Date(time ?? 0).toISOString();
}

/** Its own command, else what the check says for every resource. */
function recommendationOf({ remediation }: Finding, about: CatalogueEntry | undefined): object | null {
  const url = about?.references.find((reference) => reference.startsWith('https://'));
  const page = url === undefined ? {} : { Url: url };
  if (remediation === null) return about ? { Text: bounded(about.fix, 512), ...page } : null;
  const { command, effect, note } = remediation;
  const rest = ` (effective ${bounded(effect, 60)}${note === undefined ? '' : `; ${bounded(note, 150)}`})`;
  return { Text: `${bounded(command.replaceAll('\n', ' && '), 512 - rest.length)}${rest}`, ...page };
}

/** Security Hub takes 50 fields of 2 048 characters and a finding of 240 KB. */
function fieldsOf(finding: Finding, novelty: ListedFinding['novelty'], report: Report): Readonly<Record<string, string>> {
  const evidence = Object.entries(finding.evidence)
    .slice(0, 30)
    .map(([name, value]) => [`aurora-watch/evidence/${bounded(name, 100)}`, bounded(textOf(value), 1024)] as const);
  return Object.fromEntries([
    ['aurora-watch/fingerprint', bounded(finding.fingerprint, 1024)],
    ['aurora-watch/count', String(finding.count)],
    ['aurora-watch/version', bounded(report.generator.version, 100)],
    ...(finding.inEffect === undefined ? [] : [['aurora-watch/inEffect', String(finding.inEffect)] as const]),
    ...(novelty === null ? [] : [['aurora-watch/comparison', novelty] as const]),
    ...(finding.remediation === null ? [] : [['aurora-watch/command', bounded(finding.remediation.command, 2048)] as const]),
    ...evidence,
  ]);
}

function resourceOf(resource: Resource, region: string, account: string, partition: string): object {
  const type = resourceType(resource);
  return {
    Type: type,
    Id: type === 'AwsAccount' ? `AWS::::Account:${account}` : bounded(resource.arn, 512),
    Partition: partition,
    Region: region,
    Details: { Other: { name: bounded(resource.name, 1024), type: resource.type } },
  };
}

function resourceType({ type, arn }: Resource): string {
  switch (type) {
    case 'account':
    case 'region':
      return 'AwsAccount';
    case 'cluster':
      return 'AwsRdsDbCluster';
    case 'instance':
      return 'AwsRdsDbInstance';
    case 'snapshot':
      return arn.includes(':cluster-snapshot:') ? 'AwsRdsDbClusterSnapshot' : 'AwsRdsDbSnapshot';
    case 'principal':
      return arn.includes(':role/') ? 'AwsIamRole' : arn.includes(':user/') ? 'AwsIamUser' : 'Other';
    case 'policy':
      return 'AwsIamPolicy';
    case 'security-group':
      return 'AwsEc2SecurityGroup';
    case 'trail':
      return 'AwsCloudTrailTrail';
    default:
      return 'Other';
  }
}
