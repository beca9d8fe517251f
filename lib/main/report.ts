/** Stub. */
export async function runReport(_payload: unknown, _signal: AbortSignal): Promise<unknown> {
  return {};
}
