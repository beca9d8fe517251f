/** A place for files that people fetch: reports. */
export interface Objects {
  /** Writes the object, replacing one with the same key, and resolves with where it is. */
  put(key: string, body: string, contentType: string, signal?: AbortSignal): Promise<StoredObject>;
}

/** Where an object is. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  /** May be opened by anyone who has it, until `until` at the latest. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}
