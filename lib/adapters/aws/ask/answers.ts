/** What is asked of a command. */
export interface Asked {
  /** What it is about; empty where it takes no name. */
  readonly key: string;
  /** For every call of the SDK. */
  readonly sending: { readonly abortSignal?: AbortSignal };
  readonly signal: AbortSignal | undefined;
}

/** By command of the AWS CLI: asks AWS and gives what the AWS CLI prints. */
export type Calls = Readonly<Record<string, (asked: Asked) => Promise<unknown>>>;

/** The pages of a call for which the SDK has no paginator: asked again with the marker of the page before. */
export async function* markedPages<Page extends { Marker?: string | undefined }>(
  send: (marker: { Marker?: string }) => Promise<Page>,
): AsyncGenerator<Page> {
  let marker: string | undefined;
  do {
    const page = await send(marker ? { Marker: marker } : {});
    yield page;
    marker = page.Marker;
  } while (marker);
}

export async function one(output: Promise<object>): Promise<unknown> {
  return printed(await output);
}

/** Page marks, which the AWS CLI does not print once it has merged the pages. */
const marks = new Set(['$metadata', 'Marker', 'NextToken', 'nextToken', 'IsTruncated']);

/** All pages as one: lists are joined, everything else is the first page's. The list `name` is there even when AWS leaves an empty one out. */
export async function allPages(name: string, pages: AsyncIterable<object>): Promise<unknown> {
  const merged: Record<string, unknown> = { [name]: [] };
  for await (const page of pages) {
    for (const [key, value] of Object.entries(page)) {
      const before = merged[key];
      if (marks.has(key)) continue;
      if (Array.isArray(value) && Array.isArray(before)) for (const element of value) before.push(element);
      else if (before === undefined) merged[key] = Array.isArray(value) ? [...value] : value;
    }
  }
  return printed(merged);
}

/** Policy documents, which IAM sends URL-encoded and the AWS CLI prints as JSON. */
const documents = new Set(['AssumeRolePolicyDocument', 'PolicyDocument', 'Document']);

/** The SDK's output as the AWS CLI prints it: dates as ISO text, bytes as base64, policy documents as JSON. */
function printed(value: unknown, key = ''): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((element) => printed(element));
  if (typeof value === 'string' && documents.has(key)) return policyDocument(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name, element]) => name !== '$metadata' && element !== undefined);
  return Object.fromEntries(entries.map(([name, element]) => [name, printed(element, name)]));
}

function policyDocument(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('%') ? decodeURIComponent(text) : text);
  } catch {
    return text;
  }
}
