import { UsageError } from '../domain/errors.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Milliseconds: Ctrl-C goes to all of a terminal's processes, and what started this one may pass it on. */
const echo = 500;

/** A signal that aborts at the first Ctrl-C, so that temporary files are taken away; a second one ends the program as usual. */
export function interruption(): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  let first: number | null = null;
  const remove = (): void => {
    for (const name of signals) process.off(name, abort);
  };
  const abort = (name: NodeJS.Signals): void => {
    first ??= performance.now();
    controller.abort(new UsageError('Interrupted.'));
    if (performance.now() - first < echo) return;
    remove();
    process.kill(process.pid, name);
  };
  for (const name of signals) process.on(name, abort);
  return {
    signal: controller.signal,
    stop() {
      // The echo may come while the program ends.
      if (first === null) remove();
    },
  };
}
