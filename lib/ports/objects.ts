/** A place for files that people fetch: reports. */
export interface Objects {
  /** Writes the object, replacing one with the same key, and resolves with where it is; `url` may be opened by anyone for an hour. */
  put(key: string, body: string, contentType: string, signal?: AbortSignal): Promise<StoredObject>;
}

/** Where an object is. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly url: string;
}
