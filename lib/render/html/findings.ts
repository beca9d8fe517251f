import { type ComponentChild, h } from 'preact';
import type { Finding } from '../../domain/finding.ts';
import type { Report } from '../../domain/report.ts';
import { severities } from '../../domain/severity.ts';
import { type Catalogue, type ChangePicture, counted, evidenceLines, type FindingGroup, groupByCheck, noveltyOf } from '../picture.ts';
import { columns, pad } from '../visible.ts';
import { adviceOf } from './overview.ts';
import { brief, moment, say, severityBadge } from './words.ts';

/** What a finding's row needs to know of the rest of the report. */
export interface FindingContext {
  readonly report: Report;
  readonly catalogue: Catalogue;
  readonly openedBy: ReadonlyMap<string, ChangePicture>;
  /** The element id of each finding: made from its place, never from its text. */
  readonly ids: ReadonlyMap<Finding, string>;
  /** Whether the check's title is the good state, which its findings do not have. */
  readonly fails: (check: string) => boolean;
}

/** All findings by check, worst first, with a filter where there is JavaScript. */
export function findingsSection(context: FindingContext): ComponentChild {
  const { findings } = context.report;
  const groups = groupByCheck(findings);
  const novelty = noveltyOf(context.report);
  const open = findings.length <= 60;
  const many = findings.length > 200;
  return h(
    'section',
    { id: 'findings', class: many ? 'many' : '' },
    h('h2', null, 'Findings'),
    h(
      'p',
      { class: 'lead' },
      findings.length === 0
        ? 'There is no finding.'
        : `${counted(findings.length, 'finding')} of ${counted(groups.length, 'check')}, worst first.`,
    ),
    findings.length > 0 ? filter() : null,
    ...groups.map((group) => groupOf(group, open, context, novelty)),
  );
}

function filter(): ComponentChild {
  return h(
    'form',
    { class: 'filter', hidden: true, role: 'search', 'aria-label': 'Filter the findings' },
    h(
      'label',
      null,
      'Search ',
      h('input', { type: 'search', id: 'search', name: 'search', autocomplete: 'off', placeholder: 'cluster, user, address, check' }),
    ),
    h(
      'fieldset',
      null,
      h('legend', null, 'Severity'),
      ...severities.map((severity) =>
        h('label', null, h('input', { type: 'checkbox', name: 'severity', value: severity, checked: true }), severity),
      ),
    ),
    h('output', { id: 'shown', class: 'small muted', 'aria-live': 'polite' }),
  );
}

function groupOf(
  group: FindingGroup,
  open: boolean,
  context: FindingContext,
  novelty: (fingerprint: string) => 'new' | 'unchanged' | null,
): ComponentChild {
  return h(
    'details',
    { class: 'group', open },
    h(
      'summary',
      null,
      severityBadge(group.severity),
      ' ',
      h('h3', null, context.fails(group.check) ? h('span', { class: 'muted' }, 'Fails: ') : null, say(group.title, 200)),
      ' ',
      h('span', { class: 'muted small' }, h('code', null, say(group.check, 80)), ` · ${group.findings.length}`),
    ),
    h(
      'div',
      null,
      why(group.check, context.catalogue),
      ...group.findings.map((finding) => findingOf(finding, context, novelty(finding.fingerprint))),
    ),
  );
}

function why(check: string, catalogue: Catalogue): ComponentChild {
  const about = catalogue.get(check);
  if (!about) return null;
  return h(
    'div',
    { class: 'why small' },
    h('p', null, about.rationale),
    about.controls.length > 0 ? h('p', { class: 'muted' }, `Answers to ${about.controls.join(', ')}.`) : null,
    about.falsePositives.length > 0 ? h('p', { class: 'muted' }, `No problem when: ${about.falsePositives.join(' ')}`) : null,
    about.references.length > 0
      ? h(
          'p',
          { class: 'muted' },
          'Read more: ',
          ...about.references.flatMap((reference, index) => [index > 0 ? ', ' : '', linkTo(reference)]),
        )
      : null,
  );
}

/** Only the catalogue's own https addresses become links. */
function linkTo(address: string): ComponentChild {
  return address.startsWith('https://') ? h('a', { href: address, rel: 'noreferrer' }, address.slice(8)) : address;
}

function findingOf(finding: Finding, { openedBy, ids, catalogue }: FindingContext, novelty: 'new' | 'unchanged' | null): ComponentChild {
  const reason = say(finding.reason);
  const short = brief(finding.reason, 220);
  const change = openedBy.get(finding.fingerprint);
  const advice = adviceOf(finding, catalogue);
  return h(
    'details',
    { class: `finding sev-${finding.severity} ${finding.severity}`, id: ids.get(finding) },
    h(
      'summary',
      null,
      badges(finding, novelty),
      h('span', { class: 'plain-text' }, h('b', null, say(finding.resource.name, 100)), ` ${short}`),
    ),
    h(
      'div',
      null,
      short === reason ? null : h('p', { class: 'small' }, reason),
      h('p', { class: 'small muted' }, whenOf(finding)),
      change
        ? h(
            'p',
            { class: 'small' },
            `Changed by ${say(change.who, 200)} ${say(change.how, 200)} at ${moment(change.at)}: ${say(change.reason, 300)}`,
          )
        : null,
      finding.suppression ? h('p', { class: 'small' }, suppressionOf(finding.suppression)) : null,
      evidenceOf(finding),
      advice.length > 0 ? h('div', null, h('h4', null, 'What to do'), ...advice) : null,
      h(
        'p',
        { class: 'small muted' },
        'Resource ',
        h('code', null, say(finding.resource.arn, 300)),
        ' · fingerprint ',
        h('code', null, say(finding.fingerprint, 80)),
      ),
    ),
  );
}

function badges(finding: Finding, novelty: 'new' | 'unchanged' | null): ComponentChild {
  return h(
    'span',
    null,
    severityBadge(finding.severity),
    ' ',
    novelty === 'new' ? [h('span', { class: 'badge low' }, 'new'), ' '] : null,
    finding.state === 'suppressed' ? [h('span', { class: 'badge plain' }, 'suppressed'), ' '] : null,
    finding.inEffect === false ? [h('span', { class: 'badge plain' }, 'not in effect yet'), ' '] : null,
  );
}

function whenOf({ firstSeen, lastSeen, count }: Finding): string {
  if (firstSeen === null) return 'When it began is not known.';
  const times = count > 1 ? `${counted(count, 'time')}, first` : 'First';
  return lastSeen === null || lastSeen === firstSeen
    ? `${times} seen ${moment(firstSeen)}.`
    : `${times} seen ${moment(firstSeen)}, last ${moment(lastSeen)}.`;
}

function suppressionOf({ by, reason, until }: NonNullable<Finding['suppression']>): string {
  return `Suppressed${by === null ? '' : ` by ${say(by, 100)}`}${until === null ? '' : ` until ${say(until, 40)}`}: ${say(reason, 500)}`;
}

function evidenceOf(finding: Finding): ComponentChild {
  const lines = evidenceLines(finding.evidence).map(([name, value]) => [say(name, 60), say(value, 4000)] as const);
  if (lines.length === 0) return null;
  const width = Math.min(24, Math.max(...lines.map(([name]) => columns(name))));
  return h(
    'div',
    null,
    h('h4', null, 'Evidence'),
    h('pre', { tabIndex: 0 }, lines.map(([name, value]) => `${pad(name, width)}  ${value}`).join('\n')),
  );
}
