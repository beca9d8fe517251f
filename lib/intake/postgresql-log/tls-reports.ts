import { Recent } from './recent.ts';
import { copyOf } from './record.ts';

const mostLive = 20_000;

/**
 * An application name may look like the report of TLS behind it, byte for byte. What is known of the name from elsewhere (a column, the long prefix of a later
 * record) tells them apart.
 */
export class TlsReports {
  readonly #messages = new Recent<number, string>(mostLive);

  /** The whole message of `connection authorized`. */
  authorized(process: number, message: string): void {
    this.#messages.delete(process);
    // A copy: a slice would keep the whole piece of the log alive.
    if (/ (?:SSL enabled|GSS) \(/.test(message)) this.#messages.set(process, copyOf(message));
  }

  /** True: the name of the application, known by itself now, was all that spoke of TLS. */
  isPlain(process: number, application: string | null): boolean {
    if (application === null || !/ (?:SSL enabled|GSS) \(/.test(application)) return false;
    return this.#messages.get(process)?.endsWith(` application_name=${application}`) ?? false;
  }

  ended(process: number): void {
    this.#messages.delete(process);
  }
}
