const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One word of a shell command on one line, quoted where it holds anything that a shell reads; characters that nobody sees are written out. */
export function shellWord(word: string): string {
  if (word.search(unseen) >= 0) return `$'${word.replace(/[\\']/g, '\\$&').replace(unseen, written)}'`;
  return /^[A-Za-z0-9_.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** As bash and zsh read it between `$'` and `'`. */
function written(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}

/** A shell command of these words. */
export function shellCommand(...words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
