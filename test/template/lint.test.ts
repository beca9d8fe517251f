import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { type Packaged, packageService } from '../e2e/packaged.ts';
import { install, whyNo } from '../e2e/python.ts';
import type { Template } from '../e2e/template.ts';
import { describeWhere } from '../needs.ts';

const cfnLint = { name: 'cfn-lint', version: '1.58.0' };

/** What cfn-lint may say, and why it is left. */
const exceptions = {
  W3005: 'the framework makes each function wait for its role, which the function refers to anyway',
  W8003: "the framework fills in parameters before CloudFormation compares them, so that a condition's two sides are literals",
};

interface Objection {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

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
  let tool = '';
  let packaged: Packaged;
  let least: Packaged;
  beforeAll(async () => {
    tool = await install(cfnLint);
    packaged = await packageService();
    least = await packageService('least');
  }, 300_000);

  const lint = (file: string, ...options: readonly string[]) =>
    spawnSync(join(tool, 'bin', 'cfn-lint'), ['--template', file, ...options], { encoding: 'utf8' });
  /** What cfn-lint says of resources that are made; one whose condition does not hold may have any value. */
  const saidOf = ({ file, resolved }: Packaged): readonly string[] => {
    const { stdout } = lint(file, '--regions', 'eu-central-1', '--format', 'json', '--ignore-checks', ...Object.keys(exceptions));
    const made = new Set(resolved().resources.map(({ name }) => name));
    return (JSON.parse(stdout) as readonly Objection[])
      .filter(({ Location: { Path } }) => Path?.[0] !== 'Resources' || made.has(String(Path[1])))
      .map(({ Rule, Message, Location: { Path } }) => `${Rule.Id} ${Message} ${Path?.join('/')}`);
  };

  it('has nothing that cfn-lint objects to, with all that may be switched on and with the least', () => {
    expect(saidOf(packaged)).toEqual([]);
    expect(saidOf(least)).toEqual([]);
  });

  it('has a forwarder beside it that nothing is wrong with, either', () => {
    const { status, stdout } = lint(join(import.meta.dirname, '..', '..', 'forwarder.yml'), '--regions', 'us-east-1');

    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  it('would be objected to where a property is wrong', () => {
    const folder = mkdtempSync(join(tmpdir(), 'aurora-watch-lint-'));
    const file = join(folder, 'template.json');
    const { Changes } = packaged.raw.Resources;
    const Resources = {
      ...packaged.raw.Resources,
      Changes: { ...Changes, Properties: { ...Changes?.Properties, VisibilityTimeout: 'long' } },
    };
    writeFileSync(file, JSON.stringify({ ...packaged.raw, Resources }));
    const said = saidOf({ ...packaged, file });
    rmSync(folder, { recursive: true });

    expect(said.map((one) => one.split(' ').at(-1))).toContain('Resources/Changes/Properties/VisibilityTimeout');
  });

  it('grants on the resources that each action knows, and on all of them only where an action knows none', () => {
    const problems = statementsOf(packaged.resolved()).flatMap(({ from, actions, resources }) => {
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
function statementsOf({ resources }: Template): readonly { from: string; actions: readonly string[]; resources: readonly string[] }[] {
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
