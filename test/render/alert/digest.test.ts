import { describe, expect, it } from '@jest/globals';
import type { Digest, OpenProblem } from '../../../lib/domain/digest.ts';
import { toldIn } from '../../../lib/main/slack.ts';
import { digestHeadline, digestMessage, digestSubject, renderDigestText, slackDigest } from '../../../lib/render/alert/digest.ts';
import { complaints } from '../../published.ts';

const region = 'eu-central-1';

function problem(name: string, more: Partial<OpenProblem> = {}): OpenProblem {
  return {
    fingerprint: '3f2a9c0100000000000000000000000a',
    check: 'tls-required',
    severity: 'high',
    resource: { arn: `arn:aws:rds:${region}:111122223333:cluster:${name}`, type: 'cluster', name, region },
    since: '2026-05-01T07:00:00.000Z',
    ...more,
  };
}

const quiet: Digest = {
  schemaVersion: '1',
  kind: 'digest',
  id: '0123456789abcdef0123456789abcdef',
  day: '2026-05-03',
  account: '111122223333',
  region,
  at: '2026-05-03T07:00:00.000Z',
  watched: 12,
  lastSweep: '2026-05-03T06:00:00.000Z',
  stale: false,
  minimumSeverity: 'medium',
  open: [],
  openCounts: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
  ending: [],
  suppressed: 0,
  blind: [],
  blindCount: 0,
  blindBelow: 0,
};

const busy: Digest = {
  ...quiet,
  open: [problem('archive', { check: 'snapshots-private', severity: 'critical' }), problem('orders')],
  openCounts: { critical: 1, high: 1, medium: 0, low: 3, info: 0 },
  ending: [{ ...problem('legacy'), suppression: { by: 'jane', reason: 'client without TLS', until: '2026-05-05' } }],
  suppressed: 4,
  blind: ['orders', 'billing'].map((name) => {
    const { since: _, ...spot } = problem(name, { check: 'connections-logged' });
    return { ...spot, reason: 'access denied' };
  }),
  blindCount: 2,
  blindBelow: 7,
};

/** Names that try to be more than text, and far more than SNS takes. */
const crowd: Digest = {
  ...busy,
  open: Array.from({ length: 3000 }, (_, index) => problem(`<!channel>\r\n\u001b[31m&${'x'.repeat(60)}${index}`)),
  openCounts: { ...busy.openCounts, critical: 0, high: 3000 },
  ending: Array.from({ length: 500 }, () => ({
    ...problem('x'),
    suppression: { by: '<!here>', reason: '<&>\n'.repeat(500), until: '2026-05-05' },
  })),
  blind: Array.from({ length: 2000 }, (_, index) => ({ ...problem(`y${index}`), reason: '\u0000'.repeat(500) })),
  blindCount: 2000,
};

describe('what queues get', () => {
  it.each([
    ['a quiet one', quiet],
    ['a busy one', busy],
    ['one with a link to a report', { ...busy, links: { report: 'https://eu-central-1.console.aws.amazon.com/s3/object/x' } }],
  ])('is what the published schema says: %s', (_, digest) => {
    const { sqs } = JSON.parse(digestMessage(digest).message) as { sqs: string };

    expect(complaints('digest', JSON.parse(sqs))).toEqual([]);
    expect(toldIn(sqs)).toEqual(digest);
  });
});

describe('a link to the latest report', () => {
  const report = 'https://eu-central-1.console.aws.amazon.com/s3/object/x?region=eu-central-1&prefix=y';

  it('stands in e-mail and Slack where there is one', () => {
    const linked = { ...busy, links: { report } };

    expect(renderDigestText(linked)).toContain(`To look at the latest report:\n  ${report}\n`);
    expect(JSON.stringify(slackDigest(linked))).toContain(`<${report.replaceAll('&', '&amp;')}|the latest report>`);
    expect(renderDigestText(busy)).not.toContain('latest report');
  });
});

describe('the headline', () => {
  it.each<[expected: string, digest: Digest]>([
    ['All quiet: 12 clusters watched', quiet],
    ['All quiet: 1 cluster watched, 1 finding of little weight', { ...quiet, watched: 1, openCounts: { ...quiet.openCounts, low: 1 } }],
    ['All quiet: 12 clusters watched, blind to 2 things', { ...quiet, blindCount: 2 }],
    ['Nobody knows how things are: no sweep has finished for a day', { ...quiet, stale: true }],
    ['Nobody knows how things are: the clusters cannot be listed', { ...quiet, watched: null }],
    ['2 findings are open, the worst is critical', busy],
    ['1 finding is open, of severity high', { ...quiet, open: [problem('orders')], openCounts: { ...quiet.openCounts, high: 1 } }],
  ])('%s', (expected, digest) => {
    expect(digestHeadline(digest)).toBe(expected);
  });
});

describe('as e-mail', () => {
  it('reads like a letter', () => {
    expect(digestSubject(busy)).toBe('[digest] 2 findings are open, the worst is critical (eu-central-1)');
    expect(renderDigestText(busy)).toBe(`Hello,

2 findings are open, the worst is critical, in eu-central-1 of account
111122223333. 12 clusters are watched.

critical:
  snapshots-private on archive, since 1 May 2026 at 07:00 UTC (2 days)
    3f2a9c0100000000000000000000000a

high:
  tls-required on orders, since 1 May 2026 at 07:00 UTC (2 days)
    3f2a9c0100000000000000000000000a

Below medium, where I tell nothing, 3 more are open.

Quiet, but not for long:
  tls-required on legacy, until the end of 2026-05-05: client without TLS
    (jane)

4 findings are suppressed in all.

Blind to these, sweep after sweep:
  connections-logged on orders and billing: access denied

7 things below medium could not be looked at either.

--
Aurora Watch, digest of 2026-05-03, 0123456789abcdef0123456789abcdef
`);
  });

  it('is short when all is quiet', () => {
    expect(renderDigestText(quiet)).toBe(`Hello,

All quiet: 12 clusters watched, in eu-central-1 of account 111122223333.

--
Aurora Watch, digest of 2026-05-03, 0123456789abcdef0123456789abcdef
`);
  });

  it('says since when nobody looks', () => {
    expect(renderDigestText({ ...quiet, stale: true, lastSweep: '2026-05-01T06:00:00.000Z' })).toContain(
      'The last sweep that finished was on 1 May 2026 at 06:00 UTC: what has changed\nsince is not known.',
    );
    expect(renderDigestText({ ...quiet, stale: true, lastSweep: null })).toContain('No sweep has finished yet');
  });

  it('shows hostile names and lets none of them act, in subjects of ASCII', () => {
    const text = renderDigestText(crowd, 3);

    expect(text).toMatch(/^[\x20-\x7e\n…]*$/);
    expect(text).toContain('and 2997 more');
    expect(digestSubject({ ...busy, region: 'ä\r\nBcc: x' })).toMatch(/^[\x20-\x7e]{1,99}$/);
  });
});

describe('in Slack', () => {
  const textsOf = (digest: Digest): readonly string[] =>
    [...JSON.stringify(slackDigest(digest).blocks).matchAll(/"text":("(?:[^"\\]|\\.)*")/g)].map(([, text]) => JSON.parse(text ?? '""'));

  it('says the same in a few lines', () => {
    expect(slackDigest(busy).text).toBe('2 findings are open, the worst is critical');
    expect(textsOf(busy)).toEqual([
      '2 findings are open, the worst is critical',
      '*critical (1)*\n• snapshots-private on archive, 2 days',
      '*high (1)*\n• tls-required on orders, 2 days',
      '*Quiet, but not for long*\n• tls-required on legacy, until the end of 2026-05-05: client without TLS (jane)',
      '*Blind to*\n• connections-logged on orders and billing: access denied',
      '3 open below medium · 4 suppressed · blind to 7 below medium',
      'eu-central-1, account 111122223333 · digest of 2026-05-03',
    ]);
  });

  it('shows names that hold markup as they are', () => {
    const [first, ...rest] = busy.open;
    const named = first ? [{ ...first, resource: { ...first.resource, name: '*not bold*' } }, ...rest] : [];
    const blocks = slackDigest({ ...busy, open: named }).blocks as readonly { text?: { type: string; text: string } }[];

    const shown = blocks.filter(({ text }) => text?.text.includes('*not bold*'));
    expect(shown.map(({ text }) => text?.type)).toEqual(['plain_text']);
  });

  it("keeps to Slack's limits and escapes", () => {
    const texts = textsOf(crowd);

    expect(slackDigest(crowd).blocks.length).toBeLessThanOrEqual(50);
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThanOrEqual(3000);
    expect(texts.join('')).not.toMatch(/[<>\u0000-\u0009\u001b]/);
    expect(texts.find((text) => text.startsWith('*high'))).toMatch(/^\*high \(3000\)\*\n[\s\S]*\nand 29\d\d more$/);
  });
});

describe('a message of the topic', () => {
  it('has a part for each protocol, and attributes for filters', () => {
    const { subject, message, attributes } = digestMessage(busy);
    const parts: Readonly<Record<string, string>> = JSON.parse(message);

    expect(subject).toBe(digestSubject(busy));
    expect(parts.email).toBe(renderDigestText(busy));
    expect(parts.default).toBe(parts.email);
    expect(attributes).toEqual({ transition: 'digest', severity: 'critical', account: '111122223333', region });
    expect(digestMessage(quiet).attributes.severity).toBe('info');
  });

  it('is read by the Slack function', () => {
    const parts: Readonly<Record<string, string>> = JSON.parse(digestMessage(busy).message);

    expect(toldIn(JSON.stringify({ Type: 'Notification', Message: parts.sqs }))).toEqual(busy);
  });

  it('is cut to what SNS takes, and still counts all', () => {
    const { message } = digestMessage(crowd);
    const parts: Readonly<Record<string, string>> = JSON.parse(message);
    const digest = toldIn(parts.sqs ?? '');

    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(256 * 1024);
    expect(digest).toMatchObject({ kind: 'digest', openCounts: { high: 3000 }, blindCount: 2000 });
  });
});
