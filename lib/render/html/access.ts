import { linkHorizontal } from 'd3-shape';
import { type ComponentChild, h } from 'preact';
import type { Report } from '../../domain/report.ts';
import { type AccessPicture, counted, picturesOfAccess, shortArn } from '../picture.ts';
import { shorten } from '../visible.ts';
import { moment, rest, say } from './words.ts';

const uses = [
  { use: 'unused', title: 'Nobody uses it', style: 'unused', badge: 'medium', mark: '○ unused' },
  { use: 'unknown', title: 'Whether it is used is not known', style: 'unsure', badge: 'unknown', mark: '? not known' },
  { use: 'used', title: 'Used', style: 'used', badge: 'fine', mark: '✔ used' },
] as const;

/** Who may connect where as whom: used and unused apart, as a map and as a table. */
export function accessSection(report: Report): ComponentChild {
  const pictures = picturesOfAccess(report);
  if (pictures.length === 0) return null;
  const unused = pictures.filter(({ use }) => use === 'unused').length;
  return h(
    'section',
    { id: 'access' },
    h('h2', null, 'Who may connect with IAM'),
    h(
      'p',
      { class: 'lead' },
      `${counted(pictures.length, 'principal')} may connect; ${unused === 0 ? 'none is known to be unused' : `${unused} of them ${unused === 1 ? 'does' : 'do'} not`}.`,
    ),
    ...uses.map(({ use, title, style }) => {
      const group = pictures.filter((picture) => picture.use === use);
      return group.length === 0
        ? null
        : h('div', { class: 'panel' }, h('h3', null, `${title} (${group.length})`), map(group, style, title));
    }),
    h('div', { class: 'panel' }, ...rest(pictures, 25, table, (count) => counted(count, 'more principal'))),
  );
}

const most = 10;
const width = 1040;
const boxWidth = 218;
const boxHeight = 26;
const gap = 8;
const titles = ['Principal', 'Grant', 'Cluster', 'Database user'];

function map(pictures: readonly AccessPicture[], style: string, title: string): ComponentChild {
  const shown = pictures.slice(0, most);
  const columnsOfNodes: Map<string, number>[] = [new Map(), new Map(), new Map(), new Map()];
  const place = (column: number, name: string): number => {
    const nodes = columnsOfNodes[column] ?? new Map<string, number>();
    const position = nodes.get(name) ?? nodes.size;
    if (position < 40) nodes.set(name, position);
    return position;
  };
  const links = new Map<string, readonly [column: number, from: number, to: number]>();
  const link = (column: number, from: number, to: number): void => {
    if (from < 40 && to < 40) links.set(`${column} ${from} ${to}`, [column, from, to]);
  };
  for (const { access } of shown) {
    const principal = place(0, shortArn(access.principal));
    for (const grant of access.grants.slice(0, 8)) {
      const pattern = place(1, shortArn(grant.resource));
      link(0, principal, pattern);
      const clusters =
        grant.clusters.length > 6 ? [`${grant.clusters.length} clusters`] : grant.clusters.length === 0 ? ['no cluster'] : grant.clusters;
      for (const cluster of clusters) {
        const at = place(2, cluster);
        link(1, pattern, at);
        for (const user of grant.databaseUsers.slice(0, 8)) link(2, at, place(3, user === '*' ? 'any user' : user));
      }
    }
  }

  const rows = Math.max(...columnsOfNodes.map((nodes) => nodes.size));
  const top = 30;
  const height = top + rows * (boxHeight + gap);
  const left = (column: number): number => column * ((width - boxWidth) / 3);
  const middle = (column: number, position: number): number => {
    const size = columnsOfNodes[column]?.size ?? 1;
    return top + ((rows - size) * (boxHeight + gap)) / 2 + position * (boxHeight + gap) + boxHeight / 2;
  };
  const draw = linkHorizontal<unknown, readonly [number, number]>();
  return h(
    'figure',
    null,
    h(
      'div',
      { class: 'scroll', tabIndex: 0, role: 'group', 'aria-label': `Map of access: ${title}` },
      h(
        'svg',
        {
          width,
          height,
          viewBox: `0 0 ${width} ${height}`,
          role: 'img',
          'aria-label': `Principals, their grants, clusters and database users: ${title}; the table below says the same in words`,
        },
        ...titles.map((name, column) => h('text', { class: 'soft', x: left(column) + 2, y: 16 }, name)),
        ...[...links.values()].map(([column, from, to]) =>
          h('path', {
            class: `link ${style}`,
            d: draw({ source: [left(column) + boxWidth, middle(column, from)], target: [left(column + 1), middle(column + 1, to)] }) ?? '',
          }),
        ),
        ...columnsOfNodes.flatMap((nodes, column) =>
          [...nodes].map(([name, position]) =>
            h(
              'g',
              null,
              h('title', null, say(name, 300)),
              h('rect', {
                class: 'box',
                x: left(column) + 0.5,
                y: middle(column, position) - boxHeight / 2,
                width: boxWidth - 1,
                height: boxHeight,
                rx: 6,
              }),
              h('text', { x: left(column) + 10, y: middle(column, position) + 4 }, shorten(say(name, 300), 28)),
            ),
          ),
        ),
      ),
    ),
    pictures.length > shown.length ? h('figcaption', { class: 'small muted' }, `The first ${shown.length}; all are in the table.`) : null,
  );
}

function table(pictures: readonly AccessPicture[]): ComponentChild {
  return h(
    'div',
    { class: 'scroll', tabIndex: 0, role: 'group', 'aria-label': 'Table of access' },
    h(
      'table',
      { class: 'wide' },
      h(
        'thead',
        null,
        h('tr', null, ...['Principal', 'Use', 'May connect', 'Last use', 'What was seen'].map((name) => h('th', { scope: 'col' }, name))),
      ),
      h(
        'tbody',
        null,
        ...pictures.map(({ access, use, reason }) => {
          const badge = uses.find((one) => one.use === use) ?? uses[1];
          return h(
            'tr',
            null,
            h('td', { class: 'mono' }, say(shortArn(access.principal), 200)),
            h('td', null, h('span', { class: `badge ${badge.badge}` }, badge.mark)),
            h(
              'td',
              { class: 'text' },
              ...access.grants.slice(0, 6).map(grantLine),
              access.grants.length > 6 ? h('div', null, `and ${access.grants.length - 6} more`) : null,
            ),
            h(
              'td',
              { class: 'when' },
              ...(access.lastUsed === null
                ? ['none seen']
                : [
                    moment(access.lastUsed, false),
                    ...(access.by === null ? [] : [h('div', { class: 'small muted' }, say(access.by, 60))]),
                  ]),
            ),
            h('td', { class: 'text' }, say(reason, 300)),
          );
        }),
      ),
    ),
  );
}

function grantLine({ resource, policy, clusters, databaseUsers, condition }: AccessPicture['access']['grants'][number]): ComponentChild {
  const users = databaseUsers.includes('*')
    ? 'any user'
    : databaseUsers
        .slice(0, 6)
        .map((user) => say(user, 80))
        .join(', ');
  const where =
    clusters.length === 0
      ? 'no cluster'
      : clusters
          .slice(0, 6)
          .map((name) => say(name, 80))
          .join(', ');
  return h(
    'div',
    null,
    `${users} on ${where}${clusters.length > 6 ? ` and ${clusters.length - 6} more` : ''}`,
    h('div', { class: 'small muted' }, `${say(policy, 160)}: `, h('code', null, say(shortArn(resource), 200))),
    condition === null ? null : h('div', { class: 'small muted' }, `only if ${say(condition, 300)}`),
  );
}
