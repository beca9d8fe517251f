const mostKept = 20_000;

/**
 * An application name may look like the report of TLS behind it, byte for byte. What is known of the name from elsewhere (a column, the long prefix of a later
 * record) tells them apart.
 */
export class TlsReports {
  readonly #messages = new Map<number, string>();

  /** The whole message of `connection authorized`. */
  authorized(process: number, message: string): void {
    this.#messages.delete(process);
    if (!message.includes(' SSL enabled (') && !message.includes(' GSS (')) return;
    // A copy: a slice would keep the whole piece of the log alive.
    this.#messages.set(process, Buffer.from(message, 'latin1').toString('latin1'));
    if (this.#messages.size > mostKept) for (const oldest of this.#messages.keys()) return void this.#messages.delete(oldest);
  }

  /** True: the name of the application, known by itself now, was all that spoke of TLS. */
  isPlain(process: number, application: string | null): boolean {
    return application !== null && (this.#messages.get(process)?.endsWith(` application_name=${application}`) ?? false);
  }

  ended(process: number): void {
    this.#messages.delete(process);
  }
}
