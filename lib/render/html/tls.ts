import { type ComponentChild, h } from 'preact';
import type { Finding } from '../../domain/finding.ts';
import type { PlaintextUser } from '../../domain/report.ts';
import { type ClusterPicture, counted, readyWords, textOf } from '../picture.ts';
import { brief, moment, rest, say } from './words.ts';

/** A card for each cluster that does not require TLS yet: ready since, or blocked by whom. */
export function tlsSection(clusters: readonly ClusterPicture[]): ComponentChild {
  const judged = clusters.filter(({ tls }) => tls.state !== 'none');
  if (judged.length === 0) return null;
  const done = judged.filter(({ tls }) => tls.state === 'required');
  const open = judged.filter(({ tls }) => tls.state !== 'required');
  return h(
    'section',
    { id: 'tls' },
    h('h2', null, 'Ready to require TLS?'),
    h('p', { class: 'lead' }, 'Requiring TLS turns away every client that connects without it. These clients would have to change first.'),
    done.length > 0
      ? h(
          'p',
          { class: 'panel small' },
          h('span', { class: 'badge fine' }, '✔ Required and in effect'),
          ` on every member of ${done
            .slice(0, 30)
            .map(({ resource }) => say(resource.name, 80))
            .join(', ')}${done.length > 30 ? ` and ${done.length - 30} more` : ''}.`,
          ...done
            .filter(({ tls }) => tls.blockedBy.length > 0)
            .map(({ resource }) => ` On ${say(resource.name, 80)} sessions without TLS were seen before.`),
        )
      : null,
    ...rest(
      open,
      24,
      (some) => h('ul', { class: 'cards' }, ...some.map(readinessCard)),
      (count) => counted(count, 'more cluster'),
    ),
  );
}

function readinessCard({ resource, tls }: ClusterPicture): ComponentChild {
  const { badge, words } = readiness(tls);
  return h(
    'li',
    { class: `card ${tls.state === 'off' ? 'act' : tls.state === 'pending' ? 'improve' : 'unknown'}` },
    h('div', { class: 'row spread' }, h('h3', null, say(resource.name, 120)), h('span', { class: `badge ${badge}` }, words)),
    h('p', { class: 'small' }, brief(tls.reason, 200)),
    h('p', { class: 'small' }, readySentence(tls)),
    ...list(tls.blockedBy.map(clientOf)),
    ...list(earlier(tls).map(userOf)),
    tls.upgrade === null ? null : h('p', { class: 'small' }, brief(tls.upgrade, 300)),
    tls.also.length > 0
      ? h('p', { class: 'small muted' }, `Also: ${counted(tls.also.length, 'client')} turned away or with weak TLS.`)
      : null,
  );
}

function list(lines: readonly string[]): ComponentChild[] {
  return [
    lines.length > 0 ? h('ul', { class: 'small' }, ...lines.slice(0, 6).map((line) => h('li', null, line))) : null,
    lines.length > 6 ? h('p', { class: 'small muted' }, `and ${lines.length - 6} more`) : null,
  ];
}

function readiness(tls: ClusterPicture['tls']): { badge: string; words: string } {
  const { state, ready } = tls;
  if (ready.state === 'blocked') return { badge: 'high', words: `✖ Blocked by ${readyWords(tls).replace(' without TLS', '')}` };
  if (state === 'pending') return { badge: 'medium', words: '▲ Waits for a reboot' };
  if (state === 'unknown') return { badge: 'unknown', words: '? Not known' };
  return ready.state === 'ready' ? { badge: 'fine', words: '✔ Ready' } : { badge: 'unknown', words: '? Nobody can be sure' };
}

/** Since when no session without TLS was seen, as far as the cluster's own log tells. */
function readySentence({ ready: { state, since, why, users } }: ClusterPicture['tls']): string {
  if (state === 'blocked') return 'Seen without TLS:';
  const seen = since === null ? '' : `No session without TLS since ${moment(since, false)}${users.length > 0 ? ', but before' : ''}`;
  if (state === 'ready') return users.length > 0 ? `${seen}:` : `${seen}.`;
  return seen === '' ? `Nobody knows who connects without TLS: ${brief(why, 200)}.` : `${seen}; ${brief(why, 200)}.`;
}

/** Users whose sessions without TLS no client in the list stands for. */
function earlier({ blockedBy, ready }: ClusterPicture['tls']): readonly PlaintextUser[] {
  const shown = new Set(blockedBy.map(({ evidence }) => textOf(evidence.user)));
  return ready.users.filter(({ user }) => !shown.has(user));
}

function userOf({ user, sessions, last }: PlaintextUser): string {
  return `${say(user, 80)}: ${counted(sessions, 'session')}, last ${moment(last, false)}`;
}

function clientOf({ evidence, count, lastSeen }: Finding): string {
  const applications = Array.isArray(evidence.applications) ? evidence.applications.map(textOf).join(', ') : '';
  const who = `${say(textOf(evidence.user), 80) || 'somebody'} from ${say(textOf(evidence.source), 80) || 'somewhere'}`;
  return `${who}${applications === '' ? '' : ` (${say(applications, 120)})`}: ${counted(count, 'session')}, last ${moment(lastSeen, false)}`;
}
