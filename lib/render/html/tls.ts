import { type ComponentChild, h } from 'preact';
import type { Finding } from '../../domain/finding.ts';
import { type ClusterPicture, counted, textOf } from '../picture.ts';
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
    tls.blockedBy.length > 0
      ? h('ul', { class: 'small' }, ...tls.blockedBy.slice(0, 6).map((finding) => h('li', null, clientOf(finding))))
      : null,
    tls.blockedBy.length > 6 ? h('p', { class: 'small muted' }, `and ${tls.blockedBy.length - 6} more`) : null,
    tls.also.length > 0
      ? h('p', { class: 'small muted' }, `Also: ${counted(tls.also.length, 'client')} turned away or with weak TLS.`)
      : null,
  );
}

function readiness({ state, blockedBy, logs }: ClusterPicture['tls']): { badge: string; words: string } {
  if (blockedBy.length > 0) return { badge: 'high', words: `✖ Blocked by ${counted(blockedBy.length, 'client')}` };
  if (state === 'pending') return { badge: 'medium', words: '▲ Waits for a reboot' };
  if (state === 'unknown') return { badge: 'unknown', words: '? Not known' };
  return logs.length > 0 && logs.every(({ status }) => status === 'complete')
    ? { badge: 'fine', words: '✔ Ready' }
    : { badge: 'unknown', words: '? Nobody can be sure' };
}

/** Since when no session without TLS was seen, as far as the cluster's own log files tell. */
function readySentence({ blockedBy, logs }: ClusterPicture['tls']): string {
  if (blockedBy.length > 0) return 'Seen without TLS:';
  if (logs.length === 0) return 'No log file of this cluster was read, so nobody knows who connects without TLS.';
  const from = logs.reduce<string | null>(
    (earliest, line) => (line.from !== null && (earliest === null || line.from < earliest) ? line.from : earliest),
    null,
  );
  const since = from === null ? 'in the log' : `since ${moment(from, false)}`;
  return logs.every(({ status }) => status === 'complete')
    ? `No session without TLS ${since}.`
    : `No session without TLS ${since}, but the log is not complete.`;
}

function clientOf({ evidence, count, lastSeen }: Finding): string {
  const applications = Array.isArray(evidence.applications) ? evidence.applications.map(textOf).join(', ') : '';
  const who = `${say(textOf(evidence.user), 80) || 'somebody'} from ${say(textOf(evidence.source), 80) || 'somewhere'}`;
  return `${who}${applications === '' ? '' : ` (${say(applications, 120)})`}: ${counted(count, 'session')}, last ${moment(lastSeen, false)}`;
}
