/** One word of a shell command, quoted where it holds anything that a shell reads. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A shell command of these words. */
export function shellCommand(...words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
