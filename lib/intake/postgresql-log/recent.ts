/**
 * A map that forgets: it knows the last `most` keys that were set, and up to as many before them. Taking the oldest key out of a Map each time would
 * be slow, since a Map steps over what was taken out before.
 */
export class Recent<Key, Value> {
  readonly #most: number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: Key): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** The key that was set last with a value that matches; takes time in proportion to what is known. */
  findKey(matches: (value: Value) => boolean): Key | undefined {
    return [...this.#old, ...this.#young].findLast(([, value]) => matches(value))?.[0];
  }

  /** Everything that is known, in the order in which it was set. */
  values(): Value[] {
    return [...new Map([...this.#old, ...this.#young]).values()];
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: Key): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
