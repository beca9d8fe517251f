import { type ComponentChild, h } from 'preact';
import type { Finding } from '../../domain/finding.ts';
import type { Report } from '../../domain/report.ts';
import { severities } from '../../domain/severity.ts';
import {
  type Catalogue,
  type ChangePicture,
  type ClusterPicture,
  type ClusterState,
  counted,
  groupUnknown,
  worstFirst,
} from '../picture.ts';
import { brief, command, moment, rest, say, severityBadge } from './words.ts';

const stateWords: Readonly<Record<ClusterState, string>> = {
  act: '✖ Act now',
  improve: '▲ Improve',
  unknown: '? Not known',
  fine: '✔ Fine',
};

/** The top of the page: what it is about, one sentence, the numbers. */
export function head(report: Report, sections: readonly (readonly [id: string, title: string])[]): ComponentChild {
  const { summary } = report;
  const facts = [
    report.account === null ? 'Account not known' : `Account ${say(report.account, 40)}`,
    report.regions.length > 0 ? say(report.regions.join(', '), 200) : 'No region',
    report.at === null ? 'Time not known' : `As of ${moment(report.at)}`,
    ...(report.window ? [`Logs and changes ${moment(report.window.from, false)} to ${moment(report.window.to, false)}`] : []),
  ];
  return h(
    'header',
    null,
    h(
      'div',
      null,
      h('p', { class: 'brand' }, 'Aurora Watch'),
      h('h1', null, headline(report)),
      h('p', { class: 'facts' }, ...facts.map((fact) => h('span', null, fact))),
      h(
        'ul',
        { class: 'tiles', 'aria-label': 'Numbers' },
        ...severities.map((severity) => tile(summary.findings[severity], severity, summary.findings[severity] > 0 ? severity : '')),
        tile(summary.unknown, 'not known', summary.unknown > 0 ? 'unknown' : ''),
        tile(summary.pass, 'passed', summary.pass > 0 ? 'fine' : ''),
      ),
      comparison(report),
    ),
    h(
      'nav',
      { 'aria-label': 'Sections' },
      h('ul', null, ...sections.map(([id, title]) => h('li', null, h('a', { href: `#${id}` }, title)))),
    ),
  );
}

function headline({ summary }: Report): string {
  const { critical, high, medium, low } = summary.findings;
  const urgent = critical + high;
  const later = medium + low;
  const blind = summary.unknown > 0 ? ` ${counted(summary.unknown, 'verdict')} not known.` : '';
  if (urgent > 0)
    return `${counted(urgent, 'problem')} ${urgent === 1 ? 'needs' : 'need'} attention now${later > 0 ? `, ${new Intl.NumberFormat('en').format(later)} more can wait` : ''}.${blind}`;
  if (later > 0) return `Nothing urgent; ${counted(later, 'thing')} to improve.${blind}`;
  if (summary.unknown > 0) return `Nothing found, but not all could be seen.${blind}`;
  return 'All is as it should be.';
}

function tile(count: number, name: string, style: string): ComponentChild {
  return h('li', { class: `tile ${style}` }, h('b', null, new Intl.NumberFormat('en').format(count)), h('span', null, name));
}

function comparison({ comparison }: Report): ComponentChild {
  if (!comparison) return null;
  const since = comparison.since === null ? 'Since the report before' : `Since ${moment(comparison.since)}`;
  const numbers = `${since}: ${comparison.new.length} new, ${comparison.gone.length} gone, ${comparison.unchanged.length} unchanged`;
  if (comparison.gone.length === 0) return h('p', { class: 'small' }, numbers);
  return h(
    'details',
    { class: 'more small' },
    h('summary', null, numbers),
    h(
      'ul',
      null,
      ...comparison.gone
        .slice(0, 500)
        .map((finding) =>
          h('li', null, `Gone: ${say(finding.check, 80)} on ${say(finding.resource.name, 120)}. ${say(finding.reason, 300)}`),
        ),
    ),
  );
}

const shownAsCards = 24;
const cell = 16;
const inARow = 70;

/** All clusters as squares in the order of the cards, so that many are seen at once. */
function mapOf(clusters: readonly ClusterPicture[]): ComponentChild {
  const shown = clusters.slice(0, 2000);
  const [width, height] = [inARow * cell, Math.ceil(shown.length / inARow) * cell];
  return h(
    'figure',
    { class: 'map' },
    h(
      'svg',
      { width: '100%', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': glance(clusters) },
      ...shown.map(({ resource, state }, index) =>
        h(
          'rect',
          {
            class: state,
            x: (index % inARow) * cell + 2,
            y: Math.floor(index / inARow) * cell + 2,
            width: cell - 4,
            height: cell - 4,
            rx: 2,
          },
          h('title', null, `${say(resource.name, 100)}: ${stateWords[state]}`),
        ),
      ),
    ),
  );
}

/** A card for each cluster, worst first. */
export function clustersSection(clusters: readonly ClusterPicture[]): ComponentChild {
  return h(
    'section',
    { id: 'clusters' },
    h('h2', null, 'Clusters at a glance'),
    h('p', { class: 'lead' }, clusters.length === 0 ? 'The report names no cluster.' : glance(clusters)),
    clusters.length > shownAsCards ? mapOf(clusters) : null,
    ...rest(
      clusters,
      shownAsCards,
      (some) => h('ul', { class: 'cards' }, ...some.map(clusterCard)),
      (count) => `${counted(count, 'more cluster')}`,
    ),
  );
}

function glance(clusters: readonly ClusterPicture[]): string {
  const count = (state: ClusterState): number => clusters.filter((cluster) => cluster.state === state).length;
  const parts = [
    [count('act'), 'to act on now'],
    [count('improve'), 'to improve'],
    [count('unknown'), 'not fully known'],
    [count('fine'), 'fine'],
  ] as const;
  return `${counted(clusters.length, 'cluster')}: ${parts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${number} ${words}`)
    .join(', ')}.`;
}

function clusterCard({ resource, state, open, unknown, passed, suppressed, tls }: ClusterPicture): ComponentChild {
  const counts = severities.flatMap((severity) => {
    const count = open.filter((finding) => finding.severity === severity).length;
    return count > 0 ? [h('span', { class: `badge ${severity}` }, `${count} ${severity}`)] : [];
  });
  const worst = open[0];
  return h(
    'li',
    { class: `card ${state}` },
    h('div', { class: 'row spread' }, h('h3', null, say(resource.name, 120)), h('span', { class: `badge ${state}` }, stateWords[state])),
    h(
      'p',
      { class: 'small muted' },
      [resource.type === 'cluster' ? '' : resource.type, say(resource.region, 40), tlsWords[tls.state]]
        .filter((part) => part !== '')
        .join(' · '),
    ),
    worst && state !== 'fine' ? h('p', { class: 'small' }, brief(worst.reason, 160)) : null,
    !worst && unknown[0] ? h('p', { class: 'small' }, brief(unknown[0].reason, 160)) : null,
    h(
      'div',
      { class: 'row small' },
      ...counts,
      unknown.length > 0 ? h('span', { class: 'badge unknown' }, `${unknown.length} not known`) : null,
      h('span', { class: 'muted' }, [`${passed} passed`, ...(suppressed > 0 ? [`${suppressed} suppressed`] : [])].join(', ')),
    ),
  );
}

const tlsWords = {
  required: 'TLS required',
  pending: 'TLS waits for a reboot',
  off: 'TLS not required',
  unknown: 'TLS not known',
  none: '',
};

/** The few things that change most, with the command. */
export function firstSection(
  report: Report,
  openedBy: ReadonlyMap<string, ChangePicture>,
  catalogue: Catalogue,
  anchor: (finding: Finding) => string,
): ComponentChild {
  const open = worstFirst(report.findings.filter((finding) => finding.state === 'open' && finding.severity !== 'info'));
  const actions = open.filter(({ remediation, check }) => remediation !== null || catalogue.has(check)).slice(0, 5);
  return h(
    'section',
    { id: 'first' },
    h('h2', null, 'What to do first'),
    actions.length === 0
      ? h('p', { class: 'lead' }, 'There is no open finding to act on.')
      : h(
          'p',
          { class: 'lead' },
          'The worst findings, each with what puts it right. ',
          h('span', { class: 'hint' }, 'A click on a command selects and copies it.'),
        ),
    h(
      'ol',
      { class: 'steps' },
      ...actions.map((finding) => {
        const change = openedBy.get(finding.fingerprint);
        return h(
          'li',
          null,
          h(
            'div',
            { class: 'row' },
            severityBadge(finding.severity),
            h('h3', null, say(finding.resource.name, 120)),
            h('span', { class: 'muted small mono' }, say(finding.check, 80)),
          ),
          h('p', null, say(finding.reason, 300), ' ', h('a', { class: 'small', href: anchor(finding) }, 'details')),
          change
            ? h('p', { class: 'small muted' }, `Changed by ${say(change.who, 200)} ${say(change.how, 200)} at ${moment(change.at)}.`)
            : null,
          ...adviceOf(finding, catalogue),
        );
      }),
    ),
  );
}

/** What puts a finding right: its own command, else what its check says for every resource. */
export function adviceOf({ remediation, check }: Finding, catalogue: Catalogue): readonly ComponentChild[] {
  if (remediation) return [command(remediation.command), h('p', { class: 'small muted' }, effectOf(remediation))];
  const fix = catalogue.get(check)?.fix;
  return fix === undefined ? [] : [h('p', { class: 'small' }, fix)];
}

/** When a command is effective, and what to mind. */
function effectOf({ effect, note }: { readonly effect: string; readonly note?: string }): string {
  return `Effective ${say(effect, 200)}.${note ? ` ${say(note, 500)}` : ''}`;
}

/** What could not be judged, by cause. */
export function unknownSection(report: Report): ComponentChild {
  const groups = groupUnknown(report.verdicts);
  if (groups.length === 0) return null;
  return h(
    'section',
    { id: 'unknown' },
    h('h2', null, 'Not known'),
    h('p', { class: 'lead' }, 'What could not be judged, and why. Not known is neither good nor bad news.'),
    ...rest(
      groups,
      20,
      (some) =>
        h(
          'ul',
          { class: 'cards' },
          ...some.map(({ reason, checks, resources }) =>
            h(
              'li',
              { class: 'card unknown' },
              h('p', { class: 'small' }, say(reason, 400)),
              h('p', { class: 'small muted' }, `${counted(resources.length, 'resource')}: ${list(resources.map(({ name }) => name))}`),
              h('p', { class: 'small muted' }, `${counted(checks.length, 'check')}: ${list(checks)}`),
            ),
          ),
        ),
      (count) => counted(count, 'more cause'),
    ),
  );
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => say(name, 80));
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
