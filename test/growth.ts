/**
 * How many times as much of the processor `work` takes for eight times the length; the least of three measurements counts. In proportion that is about
 * eight, for an expression that backtracks 64 and more.
 */
export function growth(work: (length: number) => void, length: number): number {
  const least = (of: number): number =>
    Math.min(
      ...[1, 2, 3].map(() => {
        const before = process.cpuUsage();
        work(of);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      }),
    );
  const short = least(length);
  return least(8 * length) / short;
}
