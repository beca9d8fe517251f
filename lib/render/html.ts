import { type ComponentChild, h } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';
import type { Report } from '../domain/report.ts';
import { accessSection } from './html/access.ts';
import { coverageSection } from './html/coverage.ts';
import { findingsSection } from './html/findings.ts';
import { loginsSection } from './html/logins.ts';
import { clustersSection, firstSection, head, unknownSection } from './html/overview.ts';
import { script, scriptHash } from './html/script.ts';
import { style, styleHash } from './html/style.ts';
import { changesSection } from './html/timeline.ts';
import { tlsSection } from './html/tls.ts';
import { moment, say } from './html/words.ts';
import { type Catalogue, changesByFinding, groupByCheck, isConfiguration, picturesOfChanges, picturesOfClusters } from './picture.ts';

/** What a page may show beside the report. */
export interface HtmlOptions {
  /** Why each check matters, its references and controls. */
  readonly catalogue?: Catalogue;
}

/** The policy by which a browser itself refuses every request, and every style or script but the page's own two. */
export const contentSecurityPolicy = `default-src 'none'; style-src '${styleHash}'; script-src '${scriptHash}'; base-uri 'none'; form-action 'none'`;

/** The report as one file: no request, light and dark, phone and print; everything but the filter works without JavaScript. */
export function renderHtml(report: Report, options: HtmlOptions = {}): string {
  const catalogue: Catalogue = options.catalogue ?? new Map();
  const changes = picturesOfChanges(report);
  const openedBy = changesByFinding(changes);
  const clusters = picturesOfClusters(report, catalogue);
  const ids = new Map(
    groupByCheck(report.findings)
      .flatMap((group) => group.findings)
      .map((finding, index) => [finding, `finding-${index + 1}`] as const),
  );

  const sections: readonly (readonly [id: string, title: string, content: ComponentChild])[] = [
    ['clusters', 'Clusters', clustersSection(clusters)],
    ['first', 'What to do first', firstSection(report, openedBy, catalogue, (finding) => `#${ids.get(finding) ?? 'findings'}`)],
    ['findings', 'Findings', findingsSection({ report, catalogue, openedBy, ids, fails: isConfiguration(report, options.catalogue) })],
    ['unknown', 'Not known', unknownSection(report)],
    ['tls', 'TLS', tlsSection(clusters)],
    ['changes', 'Changes', changesSection(report, changes)],
    ['access', 'Access', accessSection(report)],
    ['logins', 'Logins', loginsSection(report)],
    ['coverage', 'Coverage', coverageSection(report)],
  ];
  const present = sections.filter(([, , content]) => content !== null);
  const title = [
    `Aurora Watch${report.account === null ? '' : `: account ${say(report.account, 40)}`}`,
    ...(report.at === null ? [] : [moment(report.at)]),
  ].join(', ');
  const page = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charSet: 'utf-8' }),
      h('meta', { httpEquiv: 'Content-Security-Policy', content: contentSecurityPolicy }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('title', null, title),
      h('style', { dangerouslySetInnerHTML: { __html: style } }),
    ),
    h(
      'body',
      null,
      h(
        'p',
        { class: 'running', 'aria-hidden': true },
        `${title} · ${say(report.generator.name, 80)} ${say(report.generator.version, 40)}`,
      ),
      head(
        report,
        present.map(([id, name]) => [id, name] as const),
      ),
      h('main', null, ...present.map(([, , content]) => content)),
      h(
        'footer',
        null,
        h(
          'p',
          null,
          `Made by ${say(report.generator.name, 80)} ${say(report.generator.version, 40)}. This file makes no request: it can be mailed and opened anywhere.`,
        ),
      ),
      h('script', { type: 'module', dangerouslySetInnerHTML: { __html: script } }),
    ),
  );
  return `<!doctype html>\n${renderToStaticMarkup(page)}\n`;
}
