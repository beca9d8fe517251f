import { shellCommand } from '../../domain/shell.ts';
import { cannotTell, fail, notApplicable, pass } from '../../domain/verdict.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import type { PostureCheck } from '../../evidence/check-kinds.ts';
import { modify, remedy } from '../modify.ts';
import { clusterNeeds } from '../needs.ts';

/** No door beside the port. */
export const dataApiDisabled = {
  kind: 'posture',
  on: 'cluster',
  id: 'data-api-disabled',
  title: 'Cluster has no Data API, or is allowed to',
  severity: 'medium',
  rationale:
    'The Data API runs SQL for whoever holds rds-data and may read the secret, from anywhere on the internet: past security groups, rds-db:connect and the connection log.',
  judged:
    'Reads HttpEndpointEnabled of Aurora clusters. It passes when off, or when the ARN of the cluster is in allowed.dataApi. Not applicable to other kinds, which have no Data API.',
  fix: 'Turn the Data API off, or put the cluster on the list allowed.dataApi.',
  references: ['https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html'],
  controls: ['PCI DSS 4.0 1.2.5', 'NIST 800-53 AC-17', 'NIST 800-53 CM-7'],
  falsePositives: ['The query editor of the console, and functions without a VPC, use it on purpose.'],
  needs: clusterNeeds,
  evaluate({ resource: { name, arn }, kind, dataApi }, { configuration }) {
    if (kind !== 'aurora') return notApplicable(`${name} is no Aurora cluster, and has no Data API.`);
    if (!dataApi.known) return cannotTell(dataApi.cause);
    if (!dataApi.value) return pass(`The Data API of ${name} is off.`);
    if (configuration.allowed.dataApi.some((pattern) => matchesWildcard(pattern, arn)))
      return pass(`The Data API of ${name} is on, which is allowed.`);
    return fail(`The Data API of ${name} is on.`, { httpEndpointEnabled: true });
  },
  remediation(subject) {
    if (subject.serverlessV1) return modify(subject, ['--no-enable-http-endpoint']);
    const { arn, region } = subject.resource;
    return remedy(shellCommand('aws', 'rds', 'disable-http-endpoint', '--region', region, '--resource-arn', arn), 'at once', subject);
  },
} satisfies PostureCheck;
