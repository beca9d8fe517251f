import type { LoginRecord } from '../../domain/login-record.ts';
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

/** A message in which PAM says that it failed; what follows is why. */
export const pamFailure = /^pam_\w{1,40} failed: /;

interface Heard extends Origin {
  readonly reason: string;
  /** The same as a record, for the failure that follows it elsewhere. */
  readonly word: LoginRecord | null;
}

/** PAM says why it failed in a record before the failure: `pam_authenticate failed: Permission denied`. */
export class PamReasons {
  readonly #heard = new Recent<number, Heard>(mostLive);

  /** Keeps what a message of level LOG says, if it is one of PAM. */
  hear({ process, host, port }: Origin, message: string, word: LoginRecord | null = null): void {
    if (!message.startsWith('pam_')) return;
    const reason = message.replace(pamFailure, '').slice(0, longestReason).trimEnd();
    this.#heard.set(process, { process, host: host && copyOf(host), port, reason: copyOf(reason), word });
  }

  /** The reason that this process gave from this place; null: none. */
  of({ process, host, port }: Origin): string | null {
    const heard = this.#heard.get(process);
    return heard && heard.host === host && heard.port === port ? heard.reason : null;
  }

  ended(process: number): void {
    this.#heard.delete(process);
  }

  /** What was said of failures that did not come: another object holds them. */
  open(): LoginRecord[] {
    return this.#heard.values().flatMap(({ word }) => word ?? []);
  }
}
