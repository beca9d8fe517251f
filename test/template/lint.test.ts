import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { packageService } from '../e2e/packaged.ts';
import { install, whyNo } from '../e2e/python.ts';
import { readTemplate, templateFile } from '../e2e/template.ts';
import { describeWhere } from '../needs.ts';

const cfnLint = { name: 'cfn-lint', version: '1.58.0' };

/** What cfn-lint may say, and why it is left. */
const exceptions = {
  W3005: 'the framework makes each function wait for its role, which the function refers to anyway',
  W8003: "the framework fills in parameters before CloudFormation compares them, so that a condition's two sides are literals",
};

/** What AWS's service authorization reference says of one service, as cfn-lint brings it. */
interface Authorization {
  readonly Actions: Readonly<Record<string, { readonly Resources?: readonly string[] }>>;
  readonly Resources: Readonly<Record<string, { readonly ARNFormats: readonly string[] }>>;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

describeWhere(whyNo(cfnLint), 'the packaged template, to people who know CloudFormation and IAM', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-lint-'));
  let tool = '';
  beforeAll(async () => {
    [tool] = await Promise.all([install(cfnLint), packageService(folder)]);
  }, 300_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has nothing that cfn-lint objects to', () => {
    const args = ['--template', join(folder, templateFile), '--regions', 'eu-central-1', '--ignore-checks', ...Object.keys(exceptions)];
    const { status, stdout, stderr } = spawnSync(join(tool, 'bin', 'cfn-lint'), args, { encoding: 'utf8' });

    expect({ status, said: `${stdout}${stderr}`.trim() }).toEqual({ status: 0, said: '' });
  });

  it('grants on the resources that each action knows, and on all of them only where an action knows none', () => {
    const problems = statementsOf(folder).flatMap(({ from, actions, resources }) => {
      const known = actions.map((action) => ({ action, formats: formatsOf(tool, action) }));
      return [
        ...known.flatMap(({ action, formats }) => {
          if (formats === null) return [`${from}: there is no action ${action}`];
          if (formats.length === 0) return resources.includes('*') ? [] : [`${from}: ${action} knows no resource, so this grants nothing`];
          if (resources.includes('*')) return [`${from}: ${action} on * could be narrower`];
          return resources.some((one) => formats.some((format) => fits(format, one)))
            ? []
            : [`${from}: ${action} on none of its resources`];
        }),
        ...resources
          .filter((one) => one !== '*' && known.every(({ formats }) => !formats?.some((format) => fits(format, one))))
          .map((one) => `${from}: no action is about ${one}`),
      ];
    });

    expect(problems).toEqual([]);
  });
});

/** What roles and policies allow, references resolved. */
function statementsOf(folder: string): readonly { from: string; actions: readonly string[]; resources: readonly string[] }[] {
  const { resources } = readTemplate(folder, { account: '123456789012', region: 'eu-central-1', endpoint: 'https://sqs' });
  return resources.flatMap(({ name, properties }) => {
    const { Policies = [], PolicyDocument } = properties as {
      Policies?: readonly { PolicyDocument: { Statement: readonly Statement[] } }[];
      PolicyDocument?: { Statement: readonly (Statement & { Principal?: unknown })[] };
    };
    const own = PolicyDocument?.Statement.filter(({ Principal }) => Principal === undefined) ?? [];
    return [...Policies.flatMap((policy) => policy.PolicyDocument.Statement), ...own]
      .filter(({ Effect }) => Effect === 'Allow')
      .map(({ Action, Resource = [] }) => ({ from: name, actions: [Action].flat(), resources: [Resource].flat() }));
  });
}

let reference: Readonly<Record<string, Authorization>> | undefined;

/** ARN formats of the resources that an action knows; empty: none; null: there is no such action. */
function formatsOf(tool: string, action: string): readonly string[] | null {
  if (!reference) {
    const python = readdirSync(join(tool, 'lib')).find((name) => name.startsWith('python3')) ?? '';
    const file = join(tool, 'lib', python, 'site-packages', 'cfnlint', 'data', 'AdditionalSpecs', 'Policies.json');
    reference = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Authorization>>;
  }
  const [service = '', name = ''] = action.toLowerCase().split(':');
  const known = reference[service];
  const entry = known?.Actions[name];
  if (!known || !entry) return null;
  return (entry.Resources ?? []).flatMap((type) => known.Resources[type.toLowerCase()]?.ARNFormats ?? []);
}

/** True where a resource in a policy may be of the format: `arn:${Partition}:rds:${Region}:${Account}:cluster:.*`. */
function fits(format: string, resource: string): boolean {
  const [kind, own] = [format, resource].map((one) => one.split(':'));
  if (kind?.[2] !== own?.[2]) return false;
  const literal = (parts: readonly string[] | undefined) => (parts?.slice(5).join(':') ?? '').split(/\$\{|\.\*|\*/)[0] ?? '';
  const [expected, given] = [literal(kind), literal(own)];
  return expected.startsWith(given) || given.startsWith(expected);
}
