import type { EventFilter } from '../domain/event.ts';
import type { ChangeCheck, Check, WatchedEvents } from '../evidence/check-kinds.ts';

/** What the change checks judge by name, by source: names sorted, each once. */
export function watchedEvents(checks: readonly Check[]): readonly WatchedEvents[] {
  const bySource = new Map<string, Set<string>>();
  for (const { events } of checks.filter((check): check is ChangeCheck => check.kind === 'change')) {
    for (const { source, names } of events.filter((one) => one.names.length > 0))
      bySource.set(source, new Set([...(bySource.get(source) ?? []), ...names]));
  }
  return [...bySource].sort(([a], [b]) => (a < b ? -1 : 1)).map(([source, names]) => ({ source, names: [...names].sort() }));
}

/** The sources of which every change by the root user is judged, sorted. */
export function rootSources(checks: readonly Check[]): readonly string[] {
  const changes = checks.filter((check): check is ChangeCheck => check.kind === 'change');
  const sources = changes.flatMap(({ events }) => events.filter(({ byRoot }) => byRoot === true).map(({ source }) => source));
  return [...new Set(sources)].sort();
}

/** The events that a change check may judge; of what only root's own are judged, those that change something. */
export function watchedFilter(checks: readonly Check[]): EventFilter {
  const named = watchedEvents(checks).flatMap(({ source, names }) => names.map((name) => `${source} ${name}`));
  return { named, changesOf: rootSources(checks) };
}

/**
 * The EventBridge rules of the stack, as the CloudFormation that serverless.yml includes: one for each source, calls that failed left out.
 * None of the names is a call that only reads, so `ENABLED` lets them all in.
 */
export function eventRules(checks: readonly Check[]): string {
  const rules = watchedEvents(checks).map(({ source, names }) => (source === 'aws.guardduty' ? guardDutyRule : rule(source, names)));
  const root = rootSources(checks);
  if (root.length > 0) rules.push(rootRule(root));
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

function rootRule(sources: readonly string[]): string {
  return `  RootRule:
    Type: AWS::Events::Rule
    Properties:
      Name: \${self:custom.name}-root
      Description: Whatever the root user changes
      State: ENABLED
      EventPattern:
        detail-type: [AWS API Call via CloudTrail]
        detail:
          eventSource:
${sources.map((source) => `            - ${source}\n`).join('')}          errorCode: [{ exists: false }]
          userIdentity: { type: [Root], invokedBy: [{ exists: false }] }
${target}`;
}

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

/** Sources whose events happen in us-east-1 wherever they are called from, and EventBridge's own, for whoever takes the forwarder itself away. */
const forwarded = ['events.amazonaws.com', 'iam.amazonaws.com'];

/** The stack that sends what happens in us-east-1 alone to the monitor's region, as a template of CloudFormation. */
export function forwarderTemplate(checks: readonly Check[]): string {
  const rules = watchedEvents(checks)
    .filter(({ source }) => forwarded.includes(source))
    .map(({ source, names }) => {
      const service = source.replace(/\.amazonaws\.com$/, '');
      const pattern = `          eventName:\n${names.map((name) => `            - ${name}\n`).join('')}`;
      return forwardingRule(logicalId(service), service, `Changes made through ${service}`, source, pattern);
    });
  const root = rootSources(checks).filter((source) => forwarded.includes(source));
  const byRoot = '          userIdentity: { type: [Root], invokedBy: [{ exists: false }] }\n';
  for (const source of root) rules.push(forwardingRule('Root', 'root', 'Whatever the root user changes', source, byRoot));
  return `${forwarderHead}${rules.join('')}`;
}

function forwardingRule(id: string, name: string, description: string, source: string, pattern: string): string {
  return `  ${id}Rule:
    Type: AWS::Events::Rule
    Condition: Elsewhere
    Properties:
      Name: !Sub aurora-watch-\${Stage}-\${Region}-${name}
      Description: ${description}, for the monitor in another region
      State: ENABLED
      EventPattern:
        detail-type: [AWS API Call via CloudTrail]
        detail:
          eventSource: [${source}]
          errorCode: [{ exists: false }]
${pattern}      Targets:
        - Id: monitor
          Arn: !Sub arn:\${AWS::Partition}:events:\${Region}:\${AWS::AccountId}:event-bus/default
          RoleArn: !GetAtt Role.Arn
`;
}

const forwarderHead = `# Sends IAM's events, which happen in us-east-1 alone, to the monitor at home, where that is in another region.
#   aws cloudformation deploy --region us-east-1 --stack-name aurora-watch-forwarder-eu-central-1 --template-file forwarder.yml \\
#     --capabilities CAPABILITY_NAMED_IAM --parameter-overrides Region=eu-central-1
# What could not be delivered is no loss: the sweep of the monitor at home asks CloudTrail for it.
# Written by scripts/rules.ts from what the change checks judge; a test holds the two against each other.
AWSTemplateFormatVersion: '2010-09-09'
Description: Sends IAM's events to the region of an Aurora Watch monitor
Parameters:
  Region:
    Type: String
    Description: Region of the monitor
    AllowedPattern: '[a-z]{2}(-[a-z]+)+-\\d'
  Stage:
    Type: String
    Description: Stage of the monitor
    Default: prod
    AllowedPattern: '[A-Za-z0-9-]{1,20}'
Conditions:
  # In the monitor's own region a rule would feed itself.
  Elsewhere: !Not [!Equals [!Ref Region, !Ref AWS::Region]]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub aurora-watch-\${Stage}-forwarder-\${Region}
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: events.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: forward
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: events:PutEvents
                Resource: !Sub arn:\${AWS::Partition}:events:\${Region}:\${AWS::AccountId}:event-bus/default
`;
