/** The formats of a report, as `--format` takes them. */
export const formats = ['text', 'json', 'markdown', 'html', 'csv', 'asff', 'ocsf'] as const;

/** One of {@link formats}. */
export type Format = (typeof formats)[number];
