import { z } from 'zod/mini';
import type { ReadAnswer } from './index.ts';

/** What it cannot read of a field is missing: it makes what needs it unknown, and the rest of the element counts. */
export function lenient<Shape>(schema: z.ZodMiniType<Shape>): z.ZodMiniType<Shape | undefined> {
  return z.catch(z.optional(schema), undefined);
}

/** A name: numbers and flags are text too. */
export const named = z.pipe(
  z.transform((value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value)),
  z.string(),
);
/** Text that identifies an element: without it the element is left out. */
export const identity = named.check(z.minLength(1));
/** Text, or nothing. */
export const text = lenient<string>(named);

/** A number, also where it came as text. */
export const number = lenient<number>(
  z.pipe(
    z.transform((value) => (typeof value === 'string' && /^-?\d{1,15}(\.\d{1,10})?$/.test(value.trim()) ? Number(value) : value)),
    z.number(),
  ),
);

/** A flag, also where it came as text. */
export const flag = lenient<boolean>(
  z.pipe(
    z.transform((value) => {
      const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
      return word === 'true' ? true : word === 'false' ? false : word;
    }),
    z.boolean(),
  ),
);

/** ISO 8601 as text; the CLI can print seconds since 1970 instead. */
export const time = lenient<string>(
  z.pipe(
    z.transform((value) => {
      const seconds =
        typeof value === 'number' ? value : typeof value === 'string' && /^\d{9,11}(\.\d{1,9})?$/.test(value) ? Number(value) : null;
      const date = value instanceof Date ? value : seconds === null ? null : new Date(seconds * 1000);
      if (date !== null) return Number.isNaN(date.getTime()) ? null : date.toISOString();
      return typeof value === 'string' && Number.isNaN(Date.parse(value)) ? null : value;
    }),
    z.string(),
  ),
);

/** A list inside an element: what is no object in it stays, as one of which nothing is known, so that nobody counts it as fine. */
export function inner<Shape>(schema: z.ZodMiniType<Shape>): z.ZodMiniType<readonly Shape[] | undefined> {
  return lenient<readonly Shape[]>(
    z.array(
      z.pipe(
        z.transform((value): unknown => (isObject(value) ? value : {})),
        schema,
      ),
    ),
  );
}

/** A list of names. */
export const texts = lenient<readonly string[]>(z.array(named));

/** Reads `{ <name>: [ … ] }`: an element that is no object or lacks its identity is left out and counted, and so is a page that is missing. */
export function list<Name extends string, Shape>(name: Name, element: z.ZodMiniType<Shape>): ReadAnswer {
  return (json) => {
    const elements = isObject(json) ? json[name] : undefined;
    if (!isObject(json) || !Array.isArray(elements)) return null;
    const { read, rejected } = readElements(elements, element);
    const cut = [json.Marker, json.NextToken, json.nextToken].some((token) => typeof token === 'string' && token !== '');
    return { value: { [name]: read }, rejected: rejected + (cut ? 1 : 0) };
  };
}

/** The elements that can be read, and how many cannot. */
export function readElements<Shape>(elements: readonly unknown[], element: z.ZodMiniType<Shape>): { read: Shape[]; rejected: number } {
  const read: Shape[] = [];
  let rejected = 0;
  for (const one of elements) {
    const result = element.safeParse(one);
    if (result.success) read.push(result.data);
    else rejected++;
  }
  return { read, rejected };
}

/** True for a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
