import type { QueryFile } from '../../lib/intake/query-file.ts';

/** Functions that give the same on both engines, by the layer where their names or meanings differ. */
const functions = new Set(
  'array_agg array_join array_sort avg cast chr coalesce concat count from_iso8601_timestamp from_unixtime json_extract_scalar lag lead length lower max min nullif regexp_extract regexp_like regexp_replace replace round row_number split_part strpos substr sum to_iso8601 to_unixtime trim try_cast upper'.split(
    ' ',
  ),
);
/** Words before a bracket that are no functions. */
const words = new Set('and as between by case else exists from in join not on or over select then union when where with'.split(' '));
/** Words that one of the engines does not know, takes for a name, or reads in another way. */
const forbidden = new Set(
  'all anti asof at current_date current_time current_timestamp exclude extract fetch filter following glob groups ignore ilike interval lateral limit localtimestamp now offset pivot position_in qualify range regexp respect rlike sample semi similar struct tablesample unnest unpivot using values window'.split(
    ' ',
  ),
);
/** The tables that the layers define, and those that the extracts fill. */
const tables = new Set(['cloudtrail', 'login_record', 'log_hour', 'log_object', 'login', 'api_call']);
/** Tables whose partitions are days. */
const byDay = ['cloudtrail', 'login_record', 'log_object', 'login', 'api_call'];

interface Token {
  readonly kind: 'text' | 'word' | 'number' | 'sign';
  readonly text: string;
}

/** What of a query would not run, or would mean something else, on one of the engines: a clause each. */
export function faultsOf({ sql, params, reads }: QueryFile): string[] {
  const tokens = tokensOf(sql);
  const plain = tokens.map(({ text }) => text.toLowerCase());
  const faults: string[] = [];
  tokens.forEach(({ kind, text }, index) => {
    const word = plain[index] ?? '';
    const [before, after] = [plain[index - 1] ?? '', plain[index + 1] ?? ''];
    if (kind === 'word' && after === '(' && before !== '.' && !functions.has(word) && !words.has(word)) faults.push(`calls ${word}`);
    if (kind === 'word' && forbidden.has(word) && !(word === 'all' && before === 'union')) faults.push(`says ${word}`);
    if (kind === 'number' && /\./.test(text) && !/e/i.test(text)) faults.push(`holds the decimal ${text}`);
    if (kind === 'sign' && !/^(?:[(),.*+\-%/<>=?]|<=|>=|<>|\|\|)$/.test(text)) faults.push(`holds ${text}`);
    if (word === 'varchar' && after === '(') faults.push('cuts a text by CAST');
    if (word === 'array_agg' && plain.slice(index - 4, index).join(' ') !== 'array_join ( array_sort (')
      faults.push('leaves an array unsorted');
    if (word === 'array_agg' && plain[index + 2] !== 'distinct') faults.push('leaves copies in an array');
    if (word === 'try_cast' && !/\bregexp_like\b/.test(plain.slice(Math.max(0, index - 12), index).join(' ')))
      faults.push('casts unchecked text');
    if (/^regexp_/.test(word)) faults.push(...patternFaults(secondText(tokens, index)));
    if (word === 'json_extract_scalar' && !/^'\$(?:\.[A-Za-z_]\w*|\[\d+\])+'$/.test(secondText(tokens, index)))
      faults.push(`holds the path ${secondText(tokens, index)}`);
    if (word === 'select' && after === 'distinct' && plain.slice(index).includes('order') && !plain.slice(index).includes('over'))
      faults.push('orders distinct rows');
  });
  const own = new Set(plain.filter((_word, index) => plain[index + 1] === 'as' && plain[index + 2] === '('));
  const read = plain.filter((word, index) => ['from', 'join'].includes(plain[index - 1] ?? '') && word !== '(' && !own.has(word));
  for (const word of new Set(read)) {
    if (!tables.has(word)) faults.push(`reads ${word}, which no layer defines`);
    if (!reads.includes(word)) faults.push(`reads ${word} and does not say so`);
  }
  for (const word of reads) if (!read.includes(word)) faults.push(`says that it reads ${word}`);
  const pruned = plain.join(' ').split('day between ? and ?').length - 1;
  const partitioned = read.filter((word) => byDay.includes(word)).length;
  if (pruned < partitioned) faults.push(`reads ${partitioned} tables by day and names the days of ${pruned}`);
  const marks = plain.filter((word) => word === '?').length;
  if (marks !== params.length) faults.push(`has ${marks} parameters and names ${params.length}`);
  if (/\border by\b[^()]*$/i.test(sql)) faults.push('orders its rows, which a caller must do');
  return faults;
}

/** The second argument of the function at `index`, where it is a text; else an empty one. */
function secondText(tokens: readonly Token[], index: number): string {
  let depth = 0;
  for (let at = index + 1; at < tokens.length; at++) {
    const text = tokens[at]?.text ?? '';
    if (text === '(') depth++;
    if (text === ')' && --depth === 0) return '';
    if (text === ',' && depth === 1) return tokens[at + 1]?.kind === 'text' ? (tokens[at + 1]?.text ?? '') : '';
  }
  return '';
}

function patternFaults(literal: string): string[] {
  if (literal === '') return ['holds a pattern that is no literal'];
  const pattern = literal.slice(1, -1);
  const faults: string[] = [];
  for (const [found] of pattern.matchAll(/\\./g)) if (!/^\\[dsSwb.]$/.test(found)) faults.push(`holds ${found} in a pattern`);
  if (/\(\?(?!:)/.test(pattern)) faults.push('looks around in a pattern');
  if (/\$/.test(pattern)) faults.push('holds $ in a pattern, which is before the last line feed in one engine');
  if (/\[\[|\[\^?\]/.test(pattern)) faults.push('holds a class in a class');
  return faults;
}

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /--[^\n]*|\s+|('(?:[^']|'')*')|([A-Za-z_]\w*)|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(::|->|<=|>=|<>|!=|==|\|\||"(?:[^"]|"")*"|[\s\S])/g;
  for (const [, text, word, number, sign] of sql.matchAll(pattern)) {
    if (text !== undefined) tokens.push({ kind: 'text', text });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}
