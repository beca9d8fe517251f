import stringWidth from 'string-width';

const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Outside text with every character that moves, hides or reorders others written out: `\x1b`, `\u202e`, `\n`, lone surrogates too.
 * Nothing is dropped, so two names that differ still look different.
 */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x100) return short[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** The lines of a command, each made {@link visible}: line breaks are meant there. */
export function visibleLines(text: string): readonly string[] {
  return text.split('\n').map(visible);
}

/** At most `limit` characters of text that is visible already, and how many more there were. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  return `${characters.slice(0, limit).join('')}… (${characters.length - limit} more characters)`;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Terminal columns that the text takes: 2 for most East Asian characters and emoji. */
export function columns(text: string): number {
  return stringWidth(text);
}

/** The text cut to `width` terminal columns, with `…` at the end where it was cut. */
export function shorten(text: string, width: number): string {
  if (text.length <= 4 * width && columns(text) <= width) return text;
  return `${beginning(text, width - 1)}…`;
}

/** As much of the text as fills `width` columns; what a reader sees as one character is never cut. */
function beginning(text: string, width: number): string {
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text.slice(0, 8 * width + 8))) {
    used += columns(segment);
    if (used > width) break;
    kept += segment;
  }
  return kept;
}

/** The text followed by spaces up to `width` columns, or cut to it. */
export function pad(text: string, width: number): string {
  const fitted = shorten(text, width);
  return fitted + ' '.repeat(Math.max(0, width - columns(fitted)));
}

/** The text in lines of at most `width` columns, broken between words where it can be; takes time in proportion to the text. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    for (const [index, { piece, size }] of piecesOf(word, width).entries()) {
      if (index === 0 && line !== '' && used + 1 + size <= width) {
        line += ` ${piece}`;
        used += 1 + size;
        continue;
      }
      if (index > 0 || line !== '') lines.push(line);
      line = piece;
      used = size;
    }
  }
  lines.push(line);
  return lines;
}

/** The word in pieces of at most `width` columns, and the columns that each takes. */
function piecesOf(word: string, width: number): readonly { readonly piece: string; readonly size: number }[] {
  if (word.length <= 4 * width) {
    const size = columns(word);
    if (size <= width) return [{ piece: word, size }];
  }
  const pieces: { piece: string; size: number }[] = [];
  let piece = '';
  let size = 0;
  const sizes = new Map<string, number>();
  for (const { segment } of graphemes.segment(word)) {
    const more = sizes.get(segment) ?? columns(segment);
    sizes.set(segment, more);
    if (piece !== '' && size + more > width) {
      pieces.push({ piece, size });
      piece = '';
      size = 0;
    }
    piece += segment;
    size += more;
  }
  pieces.push({ piece, size });
  return pieces;
}

/** Outside text made {@link visible} and cut to `limit` UTF-16 code units, for formats that refuse more; `-` where nothing can be seen of it. */
export function bounded(text: string, limit: number): string {
  const shown = visible(text.length > limit ? text.slice(0, limit + 1) : text).trim() || '-';
  if (shown.length <= limit && text.length <= limit) return shown;
  return `${shown.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
