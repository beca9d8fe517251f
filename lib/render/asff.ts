import type { Finding } from '../domain/finding.ts';
import type { Report } from '../domain/report.ts';
import type { Resource } from '../domain/resource.ts';
import type { CatalogueEntry } from './catalogue.ts';
import {
  type Catalogue,
  isConfiguration,
  isTime,
  type ListedFinding,
  listedFindings,
  ownerOf,
  textOf,
  unknownFindings,
} from './picture.ts';
import { bounded } from './visible.ts';

/** What the renderer of a format for other programs may be told. */
export interface FindingOptions {
  /** What the checks say about themselves: kind, references, controls. */
  readonly catalogue?: Catalogue;
}

const labels = { critical: 'CRITICAL', high: 'HIGH', medium: 'MEDIUM', low: 'LOW', info: 'INFORMATIONAL' } as const;

/**
 * The findings as Security Hub's BatchImportFindings takes them (AWS Security Finding Format 2018-10-08), a hundred a call; what could not be judged is
 * among them, with a compliance that is not available.
 * Limits: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html. What is gone since the report before is archived.
 */
export function renderAsff(report: Report, { catalogue }: FindingOptions = {}): string {
  const judged = isConfiguration(report, catalogue);
  const { account, at } = report;
  const from = (finding: Finding): AsffSource => ({
    account,
    region: regionOf(finding.resource, report.regions),
    at,
    version: report.generator.version,
  });
  const findings = listedFindings(report).map(({ finding, novelty }) =>
    asffFinding(finding, from(finding), {
      about: catalogue?.get(finding.check),
      configuration: judged(finding.check),
      novelty,
      status: novelty === 'gone' ? 'PASSED' : 'FAILED',
      archived: novelty === 'gone',
    }),
  );
  const unknown = unknownFindings(report, catalogue).map((finding) =>
    asffFinding(finding, from(finding), {
      about: catalogue?.get(finding.check),
      configuration: true,
      novelty: null,
      status: 'NOT_AVAILABLE',
      archived: false,
    }),
  );
  return `${JSON.stringify([...findings, ...unknown], null, 2)}\n`;
}

/** What identifies a finding in Security Hub, and the rest of it. */
export interface AsffFinding {
  readonly Id: string;
  readonly [name: string]: unknown;
}

/** Who says so, and when. */
interface AsffSource {
  readonly account: string | null;
  /** Whose Security Hub is told. */
  readonly region: string;
  /** ISO 8601, UTC. */
  readonly at: string | null;
  readonly version: string;
}

/** How a finding stands. */
interface AsffStanding {
  readonly about: CatalogueEntry | undefined;
  /** True: of what is configured or granted, which complies or not; false: of what the logs say. */
  readonly configuration: boolean;
  readonly novelty: ListedFinding['novelty'];
  readonly status: 'PASSED' | 'FAILED' | 'NOT_AVAILABLE';
  readonly archived: boolean;
}

/** One finding in the AWS Security Finding Format; the same fingerprint gives the same `Id`. */
export function asffFinding(finding: Finding, from: AsffSource, standing: AsffStanding): AsffFinding {
  const { resource } = finding;
  const { about, configuration, novelty, status, archived } = standing;
  const owner = ownerOf(resource.arn);
  const account = from.account !== null && /^\d{12}$/.test(from.account) ? from.account : (owner.account ?? '000000000000');
  const { region } = from;
  const partition = partitions.find((one) => one === owner.partition) ?? 'aws';
  const created = timeOf(finding.firstSeen, finding.lastSeen, from.at);
  const updated = timeOf(from.at, finding.lastSeen, finding.firstSeen);
  const recommendation = recommendationOf(finding, about);
  const severity = {
    Label: status === 'NOT_AVAILABLE' ? labels.info : labels[finding.severity],
    Original: finding.severity,
  };
  const types = [configuration ? 'Software and Configuration Checks/AWS Security Best Practices' : 'Unusual Behaviors/Database'];
  return {
    SchemaVersion: '2018-10-08',
    Id: `aurora-watch/${bounded(finding.fingerprint, 400)}`,
    ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: 'Aurora Watch',
    GeneratorId: `aurora-watch/${bounded(finding.check, 400)}`,
    AwsAccountId: account,
    Types: types,
    ...(finding.firstSeen === null ? {} : { FirstObservedAt: created }),
    ...(finding.lastSeen === null ? {} : { LastObservedAt: timeOf(finding.lastSeen, finding.firstSeen) }),
    CreatedAt: created,
    UpdatedAt: updated < created ? created : updated,
    Severity: severity,
    // What an update may change of severity and types stands here alone.
    FindingProviderFields: { Severity: severity, Types: types },
    Title: bounded(`${finding.title}: ${finding.resource.name}`, 256),
    Description: bounded(finding.reason, 1024),
    ...(recommendation ? { Remediation: { Recommendation: recommendation } } : {}),
    ProductFields: fieldsOf(finding, novelty, from.version),
    Resources: [resourceOf(resource, region, account, partition)],
    ...(configuration
      ? {
          Compliance: {
            Status: status,
            ...(about && about.controls.length > 0 ? { RelatedRequirements: about.controls.slice(0, 32) } : {}),
            ...(status === 'NOT_AVAILABLE'
              ? { StatusReasons: [{ ReasonCode: 'NOT_KNOWN', Description: bounded(finding.reason, 1024) }] }
              : {}),
          },
        }
      : {}),
    Workflow: { Status: status === 'PASSED' ? 'RESOLVED' : finding.state === 'suppressed' ? 'SUPPRESSED' : 'NEW' },
    RecordState: archived ? 'ARCHIVED' : 'ACTIVE',
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

/** In a report of several regions, findings go to the Security Hub of their own, those of IAM and the account to the first that was looked at. */
function regionOf({ region }: Resource, regions: readonly string[]): string {
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
  const rest = ` (effective ${bounded(effect, 60)}${note === undefined ? '' : `. ${bounded(note, 150)}`})`;
  return { Text: `${bounded(command.replaceAll('\n', ' && '), 512 - rest.length)}${rest}`, ...page };
}

/** Security Hub takes 50 fields of 2 048 characters and a finding of 240 KB. */
function fieldsOf(finding: Finding, novelty: ListedFinding['novelty'], version: string): Readonly<Record<string, string>> {
  const evidence = Object.entries(finding.evidence)
    .slice(0, 30)
    .map(([name, value]) => [`aurora-watch/evidence/${bounded(name, 100)}`, bounded(textOf(value), 1024)] as const);
  return Object.fromEntries([
    ['aurora-watch/fingerprint', bounded(finding.fingerprint, 1024)],
    ['aurora-watch/count', String(finding.count)],
    ['aurora-watch/version', bounded(version, 100)],
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
