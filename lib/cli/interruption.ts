import { UsageError } from '../domain/errors.ts';

/** A signal that aborts at the first Ctrl-C, so that temporary files are taken away; the second ends the program as usual. */
export function interruption(): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new UsageError('Interrupted.'));
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  return {
    signal: controller.signal,
    stop() {
      process.off('SIGINT', abort);
      process.off('SIGTERM', abort);
    },
  };
}
