import { readFile, stat } from 'node:fs/promises';

/** What is said of a log in UTF-16: what PowerShell's `>` made of its bytes, nobody knows. */
export const asUtf8 = 'the file is UTF-16: save it as UTF-8';

/** True: these first bytes of a file are the byte-order mark of UTF-16. */
export function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/**
 * The text of a file in UTF-8, or in UTF-16 as PowerShell's `>` writes it, without its byte-order mark. Rejects with an error of the file system, whose code is
 * `ENXIO` for a pipe or a device: to open one may take for ever.
 */
export async function readTextFile(path: string, signal?: AbortSignal): Promise<string> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw Object.assign(new Error(`${path} is no file`), { code: 'ENXIO' });
  const bytes = await readFile(path, signal ? { signal } : {});
  return textOf(bytes);
}

/** The same of bytes. */
export function textOf(bytes: Buffer): string {
  const text = isUtf16(bytes) ? new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes) : bytes.toString('utf8');
  return text.replace(/^\uFEFF/, '');
}
