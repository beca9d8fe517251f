import type { ChangeCheck, Check, WatchedEvents } from '../evidence/check-kinds.ts';

/** What the change checks judge, by source: names sorted, each once. */
export function watchedEvents(checks: readonly Check[]): readonly WatchedEvents[] {
  const bySource = new Map<string, Set<string>>();
  for (const { events } of checks.filter((check): check is ChangeCheck => check.kind === 'change')) {
    for (const { source, names } of events) bySource.set(source, new Set([...(bySource.get(source) ?? []), ...names]));
  }
  return [...bySource].sort(([a], [b]) => (a < b ? -1 : 1)).map(([source, names]) => ({ source, names: [...names].sort() }));
}

/**
 * The EventBridge rules of the stack, as the CloudFormation that serverless.yml includes: one for each source, calls that failed left out.
 * None of the names is a call that only reads, so `ENABLED` lets them all in.
 */
export function eventRules(checks: readonly Check[]): string {
  const rules = watchedEvents(checks).map(({ source, names }) => (source === 'aws.guardduty' ? guardDutyRule : rule(source, names)));
  return `# Written by scripts/rules.ts from what the change checks judge; a test holds the two against each other.\nResources:\n${rules.join('')}`;
}

function rule(source: string, names: readonly string[]): string {
  const service = source.replace(/\.amazonaws\.com$/, '');
  return `  ${logicalId(service)}Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: \${self:custom.name}-${service}
      Description: Changes made through ${service}, to be judged
      State: ENABLED
      EventPattern:
        detail-type: [AWS API Call via CloudTrail]
        detail:
          eventSource: [${source}]
          errorCode: [{ exists: false }]
          eventName:
${names.map((name) => `            - ${name}\n`).join('')}${target}`;
}

const target = `      Targets:
        - Id: changes
          Arn: !GetAtt Changes.Arn
          DeadLetterConfig: { Arn: !GetAtt DeadLetters.Arn }
`;

const guardDutyRule = `  GuarddutyRule:
    Type: AWS::Events::Rule
    Properties:
      Name: \${self:custom.name}-guardduty
      Description: What GuardDuty found about database logins
      State: ENABLED
      EventPattern:
        source: [aws.guardduty]
        detail-type: [GuardDuty Finding]
        detail:
          type: [{ prefix: 'CredentialAccess:RDS/' }, { prefix: 'Discovery:RDS/' }]
${target}`;

function logicalId(service: string): string {
  return service
    .split(/[^a-z0-9]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
