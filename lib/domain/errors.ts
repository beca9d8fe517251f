/** What the caller did wrong: an option, a folder, a file. The command line prints the sentence and exits 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The configuration file is wrong; `line` counts from 1, 0 where no line is known. */
export class ConfigurationError extends UsageError {
  readonly line: number;

  constructor(message: string, line: number, options?: ErrorOptions) {
    super(message, options);
    this.line = line;
  }
}

/** A service could not answer at this moment (throttled, unwell, not reached): asked again later, it may. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** An engine refused a query, or could not finish it. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}
