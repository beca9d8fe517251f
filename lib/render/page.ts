import type { Finding } from '../domain/finding.ts';
import type { Severity } from '../domain/severity.ts';
import { type ClusterState, counted, evidenceLines } from './picture.ts';
import { clip, columns, pad, shorten, visible, visibleLines, wrap } from './visible.ts';

/** How a page is printed on a terminal. */
export interface PageOptions {
  /** ANSI colours. */
  readonly colour: boolean;
  /** Columns of the terminal; narrower ones than 40 are treated as 40. */
  readonly width: number;
  /** Everything, not a screenful. */
  readonly details: boolean;
}

/** What a piece of text is painted as. */
export type Style = Severity | ClusterState | 'bold' | 'dim' | 'command';

/** Select Graphic Rendition codes, on and off. */
const codes: Readonly<Record<Style, readonly [on: string, off: string]>> = {
  critical: ['1;97;41', '0'],
  high: ['1;31', '0'],
  medium: ['33', '39'],
  low: ['36', '39'],
  info: ['2', '22'],
  act: ['1;31', '0'],
  improve: ['33', '39'],
  unknown: ['35', '39'],
  fine: ['32', '39'],
  bold: ['1', '22'],
  dim: ['2', '22'],
  command: ['36', '39'],
};

/** Lines of a page, and what all of them need to know. Everything that is put in is made visible first. */
export class Page {
  readonly width: number;
  readonly details: boolean;
  readonly #colour: boolean;
  readonly #lines: string[] = [];

  constructor(options: PageOptions) {
    this.width = Math.max(40, Math.floor(options.width));
    this.details = options.details;
    this.#colour = options.colour;
  }

  paint(style: Style, text: string): string {
    const [on, off] = codes[style];
    return this.#colour && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  }

  line(text = ''): void {
    this.#lines.push(text);
  }

  section(title: string): void {
    this.line();
    this.paragraph(0, title, { style: 'bold' });
  }

  /** Short texts after each other, as many in a line as fit. */
  flow(parts: readonly { readonly text: string; readonly style?: Style }[]): void {
    let line = '';
    let used = 0;
    for (const { text, style } of parts) {
      const shown = shorten(text, this.width);
      const painted = style ? this.paint(style, shown) : shown;
      if (line !== '' && used + 1 + columns(shown) > this.width) {
        this.line(line);
        line = '';
        used = 0;
      }
      line += line === '' ? painted : ` ${painted}`;
      used += columns(shown) + (used === 0 ? 0 : 1);
    }
    this.line(line);
  }

  /** A sentence in lines that start below each other; without details at most `most` of them. */
  paragraph(
    indent: number,
    text: string,
    { first = ' '.repeat(indent), most = 2, style }: { first?: string; most?: number; style?: Style } = {},
  ): void {
    const room = this.width - indent;
    const lines = wrap(this.details ? text : clip(text, room * (most + 1)), room);
    const shown =
      this.details || lines.length <= most ? lines : [...lines.slice(0, most - 1), shorten(lines.slice(most - 1).join(' '), room)];
    shown.forEach((one, index) => {
      this.line((index === 0 ? first : ' '.repeat(indent)) + (style ? this.paint(style, one) : one));
    });
  }

  text(): string {
    return `${this.#lines.map((line) => line.trimEnd()).join('\n')}\n`;
  }
}

/** The facts of a finding, names beside values. */
export function printEvidence(page: Page, finding: Finding, indent: number): void {
  const lines = evidenceLines(finding.evidence);
  const width = Math.min(24, Math.max(0, ...lines.map(([name]) => columns(visible(name)))));
  for (const [name, value] of lines)
    page.paragraph(indent + 2 + width, visible(value), { first: page.paint('dim', `${' '.repeat(indent)}${pad(visible(name), width)}  `) });
}

/** How to put it right; `whole`: the command in lines that can be copied, and when it is effective. */
export function printCommand(
  page: Page,
  { command, effect, note }: NonNullable<Finding['remediation']>,
  whole: boolean,
  indent: number,
): void {
  const steps = visibleLines(command).filter((step) => step.trim() !== '');
  const shown = page.details ? steps : steps.slice(0, 1);
  for (const step of shown) {
    const lines = whole
      ? commandLines(page.details ? step : clip(step, 1000), page.width - indent - 4)
      : [shorten(step, page.width - indent - 2)];
    lines.forEach((line, index) => {
      page.line(`${' '.repeat(indent)}${index === 0 ? '$ ' : '    '}${page.paint('command', line)}`);
    });
  }
  if (!whole) return;
  const more = steps.length - shown.length;
  const after = `${more > 0 ? `then ${counted(more, 'more step')}; ` : ''}effective ${visible(effect)}${note ? `. ${visible(note)}` : ''}`;
  page.paragraph(indent + 2, after, { style: 'dim' });
}

/** A shell command in lines that can be copied: broken at spaces outside quotes, with a backslash. */
export function commandLines(command: string, width: number): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (const character of command) {
    if (quote === '' && character === ' ') {
      words.push(word);
      word = '';
      continue;
    }
    if (quote === '' && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = '';
    word += character;
  }
  words.push(word);

  const lines: string[] = [];
  for (const [index, next] of words.entries()) {
    const last = lines.at(-1);
    const backslash = index < words.length - 1 ? 2 : 0;
    if (last !== undefined && columns(last) + 1 + columns(next) + backslash <= width) lines[lines.length - 1] = `${last} ${next}`;
    else lines.push(next);
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line} \\` : line));
}

/** Columns that the widest of the texts takes, `most` at most. */
export function column(texts: readonly string[], most: number): number {
  return Math.min(most, Math.max(0, ...texts.map(columns)));
}
