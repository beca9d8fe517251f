import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';
import { checks } from '../../lib/checks/registry.ts';
import { forwarderTemplate } from '../../lib/main/event-rules.ts';
import { problemsIn, type RawTemplate } from './specification.ts';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'forwarder.yml'), 'utf8');

const sub: ScalarTag = { tag: '!Sub', resolve: (value) => ({ 'Fn::Sub': value }) };
const attribute: ScalarTag = { tag: '!GetAtt', resolve: (value) => ({ 'Fn::GetAtt': value.split('.') }) };
const reference: ScalarTag = { tag: '!Ref', resolve: (value) => ({ Ref: value }) };
const listOf = (name: string): CollectionTag => ({
  tag: `!${name}`,
  collection: 'seq',
  resolve: (value) => value,
});
const template: RawTemplate = parse(text, { customTags: [sub, attribute, reference, listOf('Not'), listOf('Equals')] });

interface Pattern {
  readonly 'detail-type': readonly string[];
  readonly detail: {
    readonly eventSource: readonly string[];
    readonly eventName?: readonly string[];
    readonly userIdentity?: { readonly type: readonly string[] };
  };
}

const rules = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
const patterns = rules.map(({ Properties }) => Properties?.EventPattern as Pattern);

/** Whether some rule forwards a call of this source and name, made by root or not. */
function isForwarded(source: string, name: string, byRoot = false): boolean {
  return patterns.some(
    ({ detail }) =>
      detail.eventSource.includes(source) &&
      (detail.eventName?.includes(name) ?? true) &&
      (detail.userIdentity === undefined || (byRoot && detail.userIdentity.type.includes('Root'))),
  );
}

describe('the forwarder', () => {
  it('is current: run "node scripts/rules.ts"', () => {
    expect(text).toBe(forwarderTemplate(checks));
  });

  it('is a template that CloudFormation takes', async () => {
    expect(await problemsIn(template)).toEqual([]);
    expect(Object.keys(template.Parameters ?? {})).toEqual(['Region', 'Stage']);
  });

  it("sends on every call of IAM that a change check judges, and root's by any name", () => {
    const judged = checks
      .flatMap((check) => (check.kind === 'change' ? check.events : []))
      .filter(({ source }) => source === 'iam.amazonaws.com');
    const names = judged.flatMap((one) => one.names);

    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !isForwarded('iam.amazonaws.com', name))).toEqual([]);
    expect(isForwarded('iam.amazonaws.com', 'CreateUser', true)).toBe(true);
    expect(isForwarded('iam.amazonaws.com', 'CreateUser')).toBe(false);
  });

  it('sends on whoever takes it away, and nothing of other services', () => {
    for (const name of ['DeleteRule', 'DisableRule', 'RemoveTargets']) expect(isForwarded('events.amazonaws.com', name)).toBe(true);
    expect(isForwarded('rds.amazonaws.com', 'ModifyDBCluster', true)).toBe(false);
  });

  it('sends on every event of IAM among the examples that has an alert', () => {
    const folder = join(root, 'events');
    const events = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json') && !name.endsWith('.alert.json'))
      .filter((name) => readFileSync(join(folder, name.replace(/\.json$/, '.alert.json')), 'utf8').trim() !== '[]')
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { detail?: Record<string, unknown> })
      .map((event) => (event.detail ?? event) as { eventSource?: string; eventName?: string; userIdentity?: { type?: string } })
      .filter(({ eventSource }) => eventSource === 'iam.amazonaws.com');

    expect(events.length).toBeGreaterThan(2);
    expect(
      events.filter(({ eventName = '', userIdentity }) => !isForwarded('iam.amazonaws.com', eventName, userIdentity?.type === 'Root')),
    ).toEqual([]);
  });

  it('sends to the default bus of the region, under a role that may do that alone', () => {
    const bus = { 'Fn::Sub': `arn:\${AWS::Partition}:events:\${Region}:\${AWS::AccountId}:event-bus/default` };

    for (const { Properties } of rules) {
      expect(Properties?.Targets).toEqual([{ Id: 'monitor', Arn: bus, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } }]);
    }
    expect(template.Resources.Role?.Properties?.Policies).toEqual([
      {
        PolicyName: 'forward',
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: bus }] },
      },
    ]);
  });

  it('has no rule where it would feed itself', () => {
    expect(text).toContain('Elsewhere: !Not [!Equals [!Ref Region, !Ref AWS::Region]]');
    expect(rules.map((rule) => 'Condition' in rule && rule.Condition)).toEqual(rules.map(() => 'Elsewhere'));
  });

  it('leaves out calls that failed, and keeps within the length that EventBridge takes', () => {
    for (const pattern of patterns) {
      expect(pattern.detail).toMatchObject({ errorCode: [{ exists: false }] });
      expect(JSON.stringify(pattern).length).toBeLessThan(2048);
    }
  });
});
