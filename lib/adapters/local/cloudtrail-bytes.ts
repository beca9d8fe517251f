import type { CloudTrailEvent } from '../../domain/event.ts';
import { type CloudTrailDocument, readCloudTrailBytes, readCloudTrailDocument } from '../../intake/cloudtrail.ts';
import { JsonDocuments } from '../../intake/postgresql-log/json-documents.ts';
import type { RecordHead } from '../../intake/record-list.ts';

/** More than this is not read as one text: CloudTrail's own files are smaller, but records one a line may fill any file. */
const mostAtOnce = 32_000_000;
const mostNotes = 20;

/** What was there, without the events. */
export type CloudTrailSummary = Omit<CloudTrailDocument, 'events'> & { readonly records: number };

/** Reads CloudTrail's records out of bytes in any of the forms of {@link readCloudTrailDocument}; of a large file record by record. */
export class CloudTrailBytes {
  readonly #event: (event: CloudTrailEvent) => void;
  readonly #skips: (head: RecordHead) => boolean;
  #chunks: Buffer[] = [];
  #length = 0;
  #documents: JsonDocuments | null = null;
  #isList = false;
  #records = 0;
  #rejected = 0;
  #digest = false;
  readonly #notes: string[] = [];

  /** `event` gets each event but those of whose head `skips` says true, which are counted only; not every form of a file tells the head. */
  constructor(event: (event: CloudTrailEvent) => void, skips: (head: RecordHead) => boolean) {
    this.#event = event;
    this.#skips = skips;
  }

  /** The next bytes; they are not kept. */
  write(bytes: Uint8Array): void {
    if (this.#documents) {
      this.#documents.write(bytes);
      return;
    }
    this.#chunks.push(Buffer.from(bytes));
    this.#length += bytes.length;
    if (this.#length > mostAtOnce) this.#begin();
  }

  /** Reads what is still there and says what was there. */
  end(): CloudTrailSummary {
    if (this.#documents) this.#documents.end();
    else {
      const { skipped, ...document } = readCloudTrailBytes(this.#take(), this.#skips);
      this.#records += skipped;
      this.#add(document, true);
    }
    return { records: this.#records, rejected: this.#rejected, digest: this.#digest, notes: this.#notes };
  }

  #begin(): void {
    const bytes = this.#take();
    // `{"Records":[` or `[`: what follows are records one after the other.
    const start = /^(?:\u00ef\u00bb\u00bf)?(?:\s{0,1000}(\{\s{0,1000}"(?:Records|Events)"\s{0,1000}:\s{0,1000})?\[)?/.exec(
      bytes.toString('latin1', 0, 4000),
    );
    this.#isList = start?.[1] !== undefined;
    const read = (text: string): void => this.#add(readCloudTrailDocument(text), false);
    // A record that is cut takes in the lines that follow it.
    this.#documents = new JsonDocuments({ document: read, reject: (why) => this.#reject(why), cut: read });
    this.#documents.write(bytes.subarray(start?.[0].length ?? 0));
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    return bytes;
  }

  #add({ events, rejected, digest, notes }: CloudTrailDocument, isWhole: boolean): void {
    for (const event of events) this.#event(event);
    this.#records += events.length;
    this.#rejected += rejected;
    this.#digest ||= digest;
    // Of a record by itself, the note's number says nothing.
    if (isWhole) this.#notes.push(...notes);
    else if (notes.length > 0 && this.#notes.length < mostNotes) this.#notes.push(`After ${this.#records} events: ${notes[0]}`);
  }

  #reject(why: string): void {
    // The bracket that closes the list, which was stepped into.
    if (this.#isList && why === 'bytes that are no JSON document') {
      this.#isList = false;
      return;
    }
    this.#rejected += 1;
    if (this.#notes.length < mostNotes) this.#notes.push(why);
  }
}
