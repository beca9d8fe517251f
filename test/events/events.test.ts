import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod/mini';
import { checks } from '../../lib/checks/registry.ts';
import type { Alert } from '../../lib/domain/alert.ts';
import { alertSchema } from '../../lib/intake/report.ts';
import { eventRules } from '../../lib/main/event-rules.ts';
import { judgeEvents } from '../../lib/main/events.ts';
import { renderAlertEmail } from '../../lib/render/alert/email.ts';
import { renderAlertSlack } from '../../lib/render/alert/slack.ts';

const folder = join(import.meta.dirname, '..', '..', 'events');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
const cases = files.filter((name) => !name.endsWith('.alert.json')).sort();
const changes = checks.filter((check) => check.kind === 'change');

function expectedOf(name: string): readonly Readonly<Record<string, unknown>>[] {
  return JSON.parse(readFileSync(join(folder, name.replace(/\.json$/, '.alert.json')), 'utf8'));
}

function alertsOf(name: string): Promise<readonly Alert[]> {
  return judgeEvents({
    files: [join(folder, name)],
    standardInput: Readable.from([]),
    config: undefined,
    evidence: undefined,
    warn: () => {},
  });
}

describe('events', () => {
  it.each(cases)('%s', async (name) => {
    const expected = expectedOf(name);

    const alerts = await alertsOf(name);

    expect(alerts.map(({ check }) => check)).toEqual(expected.map(({ check }) => check));
    expect(alerts).toMatchObject(expected);
    for (const alert of alerts) expect(z.safeParse(alertSchema, alert)).toMatchObject({ success: true });
  });

  it.each(cases.filter((name) => expectedOf(name).length > 0))('%s, as it reads in e-mail and Slack', async (name) => {
    const alerts = await alertsOf(name);

    for (const [index, expected] of expectedOf(name).entries()) {
      const alert = alerts.slice(index, index + 1);
      const email = onOneLine(renderAlertEmail(alert));
      const slack = onOneLine(slackTexts(JSON.parse(renderAlertSlack(alert))).join(' '));
      for (const words of wordsOf(expected)) {
        expect(email).toContain(words);
        expect(slack).toContain(words);
      }
      const advice = alert[0]?.remediation?.command.split('\n') ?? [alert[0]?.fix ?? 'nothing says what to do'];
      for (const words of advice) {
        expect(email).toContain(words);
        expect(slack).toContain(words);
      }
      expect(`${email} ${slack}`).not.toMatch(/undefined|NaN|\[object|not known → [[{]|20150331/);
    }
  });

  it('have an expected alert beside each, and no alert without one', () => {
    const beside = files.filter((name) => name.endsWith('.alert.json')).map((name) => name.replace(/\.alert\.json$/, '.json'));

    expect(beside.sort()).toEqual(cases);
  });

  it('show every change check at work', () => {
    const shown = new Set(cases.flatMap((name) => expectedOf(name).map(({ check }) => check)));

    expect(changes.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it('are of no account, address or access key but the documentation ones', () => {
    const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');

    const accounts = new Set(text.match(/(?<![0-9A-Za-z-])\d{12}(?![0-9A-Za-z-])/g));
    const addresses = new Set(text.match(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g));

    expect([...accounts].filter((one) => !['111122223333', '444455556666', '123456789012'].includes(one))).toEqual([]);
    expect([...addresses].filter((one) => !/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.|^0\.0\.0\.0$|^135\.0\.0\.0$/.test(one))).toEqual([]);
    expect(text).not.toMatch(/AKIA(?!IOSFODNN7EXAMPLE)|ASIA(?!IOSFODNN7EXAMPLE)/);
  });
});

/** Every text that Slack shows, unescaped. */
function slackTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(slackTexts) : [];
}

/** A long word is broken at the end of a line, and a short one put on the next: neither changes what is said. */
function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** What must be read in every form: who, from where, with what; what was there and what is; on what; how to undo it; the event. */
function wordsOf(expected: Readonly<Record<string, unknown>>): readonly string[] {
  const { principal, sourceAddress, resources, before, after, check } = z.parse(told, expected);
  return [
    check,
    principal?.session,
    principal?.issuer?.split(':').at(-1),
    // A service that calls for somebody is told by its name.
    sourceAddress?.endsWith('.amazonaws.com') ? null : sourceAddress,
    ...(resources ?? []).map(({ name }) => name),
    ...[before, after]
      .flatMap((side) => Object.entries(side ?? {}))
      .flatMap(([name, value]) => (typeof value === 'string' ? [name, value] : [name])),
  ].filter((words) => words !== undefined && words !== null);
}

const told = z.object({
  check: z.string(),
  principal: z.nullish(z.object({ session: z.nullish(z.string()), issuer: z.nullish(z.string()) })),
  sourceAddress: z.nullish(z.string()),
  resources: z.optional(z.array(z.object({ name: z.optional(z.string()) }))),
  before: z.optional(z.record(z.string(), z.unknown())),
  after: z.optional(z.record(z.string(), z.unknown())),
});

describe('the EventBridge rules', () => {
  const rules = readFileSync(join(folder, '..', 'resources', 'rules.yml'), 'utf8');

  it('are those that the checks declare', () => {
    expect(rules).toBe(eventRules(checks));
  });

  it('let in exactly the names that some check judges', () => {
    const inRules = new Set<string>();
    let source = '';
    for (const line of rules.split('\n')) {
      source = /eventSource: \[(.+)\]/.exec(line)?.[1] ?? source;
      const name = /^ {12}- ([A-Z][A-Za-z0-9]+)$/.exec(line)?.[1];
      if (name) inRules.add(`${source} ${name}`);
    }
    const declared = new Set(
      changes.flatMap(({ events }) =>
        events
          .filter(({ source: from }) => from !== 'aws.guardduty')
          .flatMap(({ source: from, names }) => names.map((name) => `${from} ${name}`)),
      ),
    );

    expect([...inRules].sort()).toEqual([...declared].sort());
    expect(rules).toMatch(/type: \[\{ prefix: 'CredentialAccess:RDS\/' \}, \{ prefix: 'Discovery:RDS\/' \}\]/);
    expect(rules).toMatch(/RootRule:[\s\S]*ec2\.amazonaws\.com[\s\S]*iam\.amazonaws\.com[\s\S]*rds\.amazonaws\.com[\s\S]*type: \[Root\]/);
  });

  it('leave out calls that failed, and stay within the length that EventBridge takes', () => {
    for (const rule of rules.split(/^ {2}(?=[A-Z]\w+Rule:)/m).slice(1)) {
      if (!rule.startsWith('Guardduty')) expect(rule).toContain('errorCode: [{ exists: false }]');
      expect(rule.length).toBeLessThan(2048);
    }
  });
});
