import type { Report } from '../domain/report.ts';
import { renderAsff } from './asff.ts';
import { renderCsv } from './csv.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderOcsf } from './ocsf.ts';
import type { Catalogue } from './picture.ts';
import { renderText } from './text.ts';

/** What a renderer may be told; each takes what it needs. */
export interface RenderOptions {
  readonly colour: boolean;
  readonly width: number;
  readonly details: boolean;
  readonly catalogue?: Catalogue;
}

/** One format of the report. */
export interface Renderer {
  /** Of the file that it is written to, without the dot. */
  readonly extension: string;
  /** Pure: the same report and options give the same text. */
  render(report: Report, options: RenderOptions): string;
}

/** Every format of the report, by the name that `--format` takes. */
export const renderers = {
  text: { extension: 'txt', render: renderText },
  json: { extension: 'json', render: renderJson },
  markdown: { extension: 'md', render: renderMarkdown },
  html: { extension: 'html', render: renderHtml },
  csv: { extension: 'csv', render: renderCsv },
  asff: { extension: 'asff.json', render: renderAsff },
  ocsf: { extension: 'ocsf.json', render: renderOcsf },
} satisfies Readonly<Record<string, Renderer>>;
