import { Recent } from './recent.ts';
import { copyOf } from './record.ts';

const mostLive = 20_000;
const longestReason = 200;

/** Where a record comes from. */
interface Origin {
  readonly process: number;
  readonly host: string | null;
  readonly port: number | null;
}

/** PAM says why it failed in a record before the failure: `pam_authenticate failed: Permission denied`. */
export class PamReasons {
  readonly #reasons = new Recent<number, Origin & { readonly reason: string }>(mostLive);

  /** Keeps what a message of level LOG says, if it is one of PAM. */
  hear({ process, host, port }: Origin, message: string): void {
    if (!message.startsWith('pam_')) return;
    const reason = message
      .replace(/^pam_\w{1,40} failed: /, '')
      .slice(0, longestReason)
      .trimEnd();
    this.#reasons.set(process, { process, host: host && copyOf(host), port, reason: copyOf(reason) });
  }

  /** The reason that this process gave from this place; null: none. */
  of({ process, host, port }: Origin): string | null {
    const heard = this.#reasons.get(process);
    return heard && heard.host === host && heard.port === port ? heard.reason : null;
  }

  ended(process: number): void {
    this.#reasons.delete(process);
  }
}
