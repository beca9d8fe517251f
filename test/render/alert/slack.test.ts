import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../lib/domain/alert.ts';
import { renderAlertSlack, slackMessage } from '../../../lib/render/alert/slack.ts';
import { happened, hostile, resolved } from './alerts.ts';

interface Text {
  readonly type: string;
  readonly text: string;
}
interface Block {
  readonly type: string;
  readonly text?: Text;
  readonly fields?: readonly Text[];
  readonly elements?: readonly Text[];
}

function blocksOf(alert: Alert): readonly Block[] {
  return JSON.parse(JSON.stringify(slackMessage(alert).blocks));
}

function textsOf(blocks: readonly Block[]): readonly string[] {
  return blocks
    .flatMap(({ text, fields = [], elements = [] }) => [...(text ? [text] : []), ...fields, ...elements])
    .map(({ text }) => text);
}

const endless = 'ä<&'.repeat(5000);
const long: Alert = {
  ...happened,
  title: endless,
  reason: endless,
  resources: Array.from({ length: 500 }, (_, index) => ({
    arn: `arn:aws:rds:eu-central-1:111122223333:cluster:c${index}`,
    type: 'cluster',
    name: `c${index}${endless}`,
    region: 'eu-central-1',
  })),
  principal: { arn: endless, type: endless, account: endless, issuer: endless, session: endless, invokedBy: endless },
  sourceAddress: endless,
  tool: endless,
  before: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`p${index}${endless}`, endless])),
  after: {},
  remediation: { command: `${endless}\n${endless}`, effect: endless, note: endless },
  check: endless,
  region: endless,
};

describe('a Slack message', () => {
  it('says in its first lines what happened, to what, and who did it', () => {
    const [header, reason, facts] = blocksOf(happened);

    expect(slackMessage(happened).text).toBe('HIGH TLS was weakened: orders and payments');
    expect(header).toEqual({
      type: 'header',
      text: { type: 'plain_text', text: 'HIGH TLS was weakened: orders and payments', emoji: false },
    });
    expect(reason?.text?.text).toBe(happened.reason);
    expect(facts?.fields?.map(({ text }) => text)).toEqual([
      '*Who*\nalice (role/dba-oncall)',
      '*How*\nfrom 203.0.113.40 with the AWS CLI',
      '*When*\n<!date^1777809480^{date_short_pretty} {time_secs}|2026-05-03T11:58:00Z>',
      '*Where*\neu-central-1, account 111122223333',
      '*Affected*\norders and payments',
      '*Effect*\nin effect',
    ]);
  });

  it('has what was before and after, the undo as code, and links', () => {
    const texts = textsOf(blocksOf(happened));

    expect(texts).toContain('```rds.force_ssl: 1 → 0```');
    expect(texts).toContain(`*Undo* (effective at once)\n\`\`\`${happened.remediation?.command}\`\`\``);
    expect(texts).toContain(`<${happened.links.event}|the event>`);
    expect(texts).toContain(`<${happened.links.cluster}|the cluster>`);
    expect(texts).toContain('tls-weakened 0123456789ab · told 12 s after the call');
  });

  it('says what to do where no command is known', () => {
    const texts = blocksOf({ ...happened, remediation: null, fix: 'Start the trail <!channel> again.' }).map((block) => block.text?.text);

    expect(texts).toContain('*What to do*\nStart the trail &lt;!channel&gt; again.');
  });

  it('says when it is put right, without a caller', () => {
    const blocks = blocksOf(resolved);
    const texts = textsOf(blocks);

    expect(blocks[0]?.text?.text).toBe('HIGH Resolved: tls-required on orders and payments');
    expect(texts.join('\n')).not.toMatch(/Who|Undo|undefined|null/);
  });

  it('escapes everything that Slack reads, and nothing of it becomes a link or a mention', () => {
    const blocks = blocksOf(hostile);
    const [header, ...rest] = blocks;
    const texts = textsOf(rest).filter((text) => !text.startsWith('*When*'));

    expect(header?.text?.text).toBe('HIGH TLS &lt;!channel&gt; was &amp; weakened: &lt;@U123&gt; &amp; \\x1b]0;x\\x07');
    for (const text of texts) {
      expect(text.replace('<https://example.com/a&amp;b|its log>', '')).not.toMatch(/[<>]/);
      expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    }
    expect(texts).toContain('<https://example.com/a&amp;b|its log>');
    expect(texts.join(' ')).not.toContain('javascript:');
    expect(texts.find((text) => text.startsWith('*Undo*'))?.split('```')).toHaveLength(3);
  });

  it('lets Slack make no link or mention of what only looks like one, and fetch no address', () => {
    const message = slackMessage({ ...happened, reason: 'https://evil.example @channel #general' });

    expect(message).toMatchObject({ unfurl_links: false, unfurl_media: false });
    const texts = blocksOf(happened).flatMap(({ text, fields = [], elements = [] }) => [...(text ? [text] : []), ...fields, ...elements]);
    expect(texts.filter((one) => one.type === 'mrkdwn').length).toBeGreaterThan(8);
    expect(texts.filter((one) => one.type === 'mrkdwn' && !('verbatim' in one && one.verbatim === true))).toEqual([]);
  });

  it.each(['*bold*', 'a _slanted_ name', '~struck~', '`code`', '> quoted', ':fire:', 'arn:aws:iam::111122223333:role/x', '_'])(
    'shows the name %s as it is, not as markup',
    (name) => {
      const escaped = name.replace('>', '&gt;');
      const named = { ...happened, reason: name, principal: null, resources: [{ ...happened.resources[0], name }] } as Alert;
      const texts = blocksOf({ ...named, remediation: null, fix: name }).flatMap(({ text, fields = [] }) => [
        ...(text ? [text] : []),
        ...fields,
      ]);

      for (const shown of [escaped, `Affected\n${escaped}`, `What to do\n${escaped}`])
        if (!(name.startsWith('>') && shown !== escaped)) expect(texts).toContainEqual({ type: 'plain_text', text: shown, emoji: false });
    },
  );

  it('keeps names like rds.force_ssl and app-1 readable beside bold labels', () => {
    const [, reason, facts] = blocksOf({ ...happened, reason: 'rds.force_ssl of app_orders-1 was set to 0.' });

    expect(reason?.text).toMatchObject({ type: 'mrkdwn', text: 'rds.force_ssl of app_orders-1 was set to 0.' });
    expect(facts?.fields?.[0]).toMatchObject({ type: 'mrkdwn', text: '*Who*\nalice (role/dba-oncall)' });
  });

  it('stays within the limits of Block Kit', () => {
    const blocks = blocksOf(long);

    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const { type, text, fields, elements } of blocks) {
      if (text) expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3000);
      if (text) expect(text.text.length).toBeGreaterThan(0);
      if (fields) expect(fields.length).toBeLessThanOrEqual(10);
      for (const field of fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2000);
      if (elements) expect(elements.length).toBeLessThanOrEqual(10);
      for (const element of elements ?? []) expect(element.text.length).toBeLessThanOrEqual(3000);
    }
    // No escape is cut in two.
    for (const text of textsOf(blocks)) expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
    expect(slackMessage(long).text.length).toBeLessThanOrEqual(3000);
  });

  it('is one line of JSON for each alert', () => {
    const lines = renderAlertSlack([happened, resolved]).split('\n');

    expect(lines).toHaveLength(3);
    expect(lines.slice(0, 2).map((line) => JSON.parse(line))).toEqual([slackMessage(happened), slackMessage(resolved)]);
    expect(renderAlertSlack([])).toBe('');
  });
});
