/** A line on standard error that says how far the work is; silent where nobody watches. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #started = new Map<string, number>();
  #drawn = 0;
  #isThere = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Shows `stage: done of total`, with the rate and the time that remains once there is something to reckon with; ten times a second at most. */
  show(stage: string, done: number, total: number | null): void {
    if (!this.#stream.isTTY || total === 0) return;
    const now = performance.now();
    const started = this.#started.get(stage) ?? now;
    this.#started.set(stage, started);
    if (now - this.#drawn < 100 && done !== total) return;
    this.#drawn = now;
    const seconds = (now - started) / 1000;
    const rate = seconds > 1 ? done / seconds : 0;
    const left = rate > 0 && total !== null && total > done ? `, ${timeLeft(Math.ceil((total - done) / rate))} left` : '';
    const amount = total === null ? String(done) : `${done} of ${total}`;
    this.#isThere = true;
    const text = `${stage}: ${amount}${rate > 0 ? `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s` : ''}${left}`;
    // A line that wraps cannot be taken away again.
    this.#stream.write(`\r\u001b[2K${text.slice(0, (this.#stream.columns || 80) - 1)}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#isThere) this.#stream.write('\r\u001b[2K');
    this.#isThere = false;
  }
}

function timeLeft(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
