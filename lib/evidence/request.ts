/** A JSON object of a CloudTrail record. */
export type Words = Readonly<Record<string, unknown>>;

/**
 * The value of a field of `requestParameters` or `responseElements`. AWS's own services write the same name with different capitals
 * (`dBClusterIdentifier`, `DBClusterIdentifier`), so capitals do not count where the exact name is not there.
 */
export function field(words: Words | null | undefined, name: string): unknown {
  if (!words) return undefined;
  if (Object.hasOwn(words, name)) return words[name];
  const wanted = name.toLowerCase();
  for (const key of Object.keys(words)) if (key.toLowerCase() === wanted) return words[key];
  return undefined;
}

/** The field as text; a number is text too. Null: it is not there, or empty. */
export function textField(words: Words | null | undefined, name: string): string | null {
  const value = field(words, name);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The field as a flag, also where it is written as text. Null: it is not there. */
export function flagField(words: Words | null | undefined, name: string): boolean | null {
  const value = field(words, name);
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === true || word === 'true') return true;
  return word === false || word === 'false' ? false : null;
}

/** The field as a number, also where it is written as text. Null: it is not there. */
export function numberField(words: Words | null | undefined, name: string): number | null {
  const value = field(words, name);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The field as an object. Null: it is none. */
export function objectField(words: Words | null | undefined, name: string): Words | null {
  const value = field(words, name);
  return isWords(value) ? value : null;
}

/** The items of a list; EC2 wraps them in `items`, others in `member`, and one alone may stand for itself. */
export function itemsField(words: Words | null | undefined, name: string): readonly unknown[] {
  const value = field(words, name);
  if (Array.isArray(value)) return value;
  if (!isWords(value)) return value === undefined || value === null ? [] : [value];
  const inner = value.items ?? value.member;
  if (Array.isArray(inner)) return inner;
  return Object.keys(value).length === 0 ? [] : [value];
}

/** The items of a list that are objects. */
export function objectsField(words: Words | null | undefined, name: string): readonly Words[] {
  return itemsField(words, name).filter(isWords);
}

/** The items of a list that are text. */
export function textsField(words: Words | null | undefined, name: string): readonly string[] {
  return itemsField(words, name).filter((item): item is string => typeof item === 'string');
}

/** True for a JSON object. */
export function isWords(value: unknown): value is Words {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
