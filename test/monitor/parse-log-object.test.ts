import { beforeEach, describe, expect, it } from '@jest/globals';
import { logObjectOf } from '../../lib/domain/log-object.ts';
import type { Coverage } from '../../lib/domain/report.ts';
import { nameFailedObjects, parseLogObject, type ReadLogObject, UnreadableLogError } from '../../lib/monitor/parse-log-object.ts';
import type { LogObjects, ParsedLogObject } from '../../lib/ports/log-objects.ts';

const object = logObjectOf('cloudwatch/2026/05/03/10/logs-1.json.gz') ?? { key: '', name: '', day: '' };
const other = logObjectOf('cloudwatch/2026/05/03/10/logs-2.json.gz') ?? { key: '', name: '', day: '' };
const coverage: Coverage = {
  source: `cloudwatch:${object.key}`,
  status: 'complete',
  detail: '',
  from: null,
  to: null,
  records: 9,
  rejected: 0,
};

/** What is kept, as text by key; each call that changes something may be the last one: `die` throws before it, or after. */
class Kept implements LogObjects {
  readonly all = new Map<string, string>();
  calls = 0;
  dieAt = Number.POSITIVE_INFINITY;
  dead = false;

  async list() {
    return [];
  }
  async known({ name }: { readonly name: string }) {
    this.#live();
    const text = this.all.get(`log_object/${name}`);
    return text === undefined ? null : (JSON.parse(text) as ParsedLogObject);
  }
  async keep({ name }: { readonly name: string }, parsed: ParsedLogObject) {
    this.#change(() => this.all.set(`log_object/${name}`, JSON.stringify(parsed)));
  }
  async keepRows({ key, path }: { readonly key: string; readonly path: string }) {
    this.#change(() => this.all.set(key, path));
  }
  async removeRows(key: string) {
    this.#change(() => this.all.delete(key));
  }

  /** A process that was killed does nothing more. */
  #live(): void {
    if (this.dead) throw new Error('dead');
  }
  #change(change: () => void): void {
    this.#live();
    this.dead = this.calls++ === this.dieAt;
    this.#live();
    change();
    this.dead = this.calls++ === this.dieAt;
    this.#live();
  }
}

let kept: Kept;
let discarded = 0;
beforeEach(() => {
  kept = new Kept();
  discarded = 0;
});

/** Reading that gives rows of these keys, each with its own content. */
function reading(keys: readonly string[], given: Partial<ReadLogObject> = {}) {
  const rows = keys.map((key) => ({ key, path: `rows of ${key}` }));
  const found: ReadLogObject = {
    coverage,
    torn: [],
    foreign: false,
    rows,
    async discard() {
      discarded++;
    },
    ...given,
  };
  return { objects: kept, read: async () => found };
}

const now = ['login_record/2026/05/03/x.gz', 'log_hour/2026/05/03/x.gz'];
const earlier = [...now, 'login_record/2026/05/01/x.gz'];

describe('parseLogObject', () => {
  it('keeps the rows, then what is known of the object', async () => {
    const parsed = await parseLogObject(reading(now, { torn: ['orders'] }), object);

    expect(parsed).toEqual({ coverage, torn: ['orders'], keys: now });
    expect([...kept.all.keys()]).toEqual([`log_object/${object.name}`, ...now]);
    expect(JSON.parse(kept.all.get(`log_object/${object.name}`) ?? '')).toEqual(parsed);
    expect(discarded).toBe(1);
  });

  it('takes away rows that an earlier version made of the same object, and leaves those of others', async () => {
    await parseLogObject(reading(earlier), object);
    await parseLogObject(reading(['login_record/2026/05/01/y.gz']), other);
    await parseLogObject(reading(now), object);

    expect([...kept.all.keys()].filter((key) => !key.startsWith('log_object')).sort()).toEqual(
      [...now, 'login_record/2026/05/01/y.gz'].sort(),
    );
  });

  it('ends the same, wherever it was killed before it ran again', async () => {
    await parseLogObject(reading(earlier), object);
    const before = new Map(kept.all);
    await parseLogObject(reading(now), object);
    const after = Object.fromEntries(kept.all);

    let deaths = 0;
    for (let dieAt = 0; ; dieAt++) {
      kept = new Kept();
      for (const [key, text] of before) kept.all.set(key, text);
      kept.dieAt = dieAt;
      await parseLogObject(reading(now), object).catch(() => undefined);
      if (!kept.dead) break;
      deaths++;
      kept.dead = false;
      kept.dieAt = Number.POSITIVE_INFINITY;
      await parseLogObject(reading(now), object);

      expect(Object.fromEntries(kept.all)).toEqual(after);
    }
    // Two writes of rows, one removal, and the last write: before and after each.
    expect(deaths).toBe(8);
  });

  it('names an object that cannot be read, and asks for it again', async () => {
    const broken = { objects: kept, read: () => Promise.reject(new Error('AccessDenied')) };

    await expect(parseLogObject(broken, object)).rejects.toThrow('AccessDenied');
    expect(JSON.parse(kept.all.get(`log_object/${object.name}`) ?? '')).toEqual({
      coverage: {
        source: `cloudwatch:${object.key}`,
        status: 'missing',
        detail: 'the object was not parsed (AccessDenied)',
        from: null,
        to: null,
        records: 0,
        rejected: 1,
      },
      torn: [],
      keys: [],
    });
  });

  it('names an object with which the process ended, and tells later why it could not be read', async () => {
    void parseLogObject({ objects: kept, read: () => new Promise<never>(() => undefined) }, object);
    await new Promise(setImmediate);
    const left = JSON.parse(kept.all.get(`log_object/${object.name}`) ?? 'null');
    const broken = { objects: kept, read: () => Promise.reject(new Error('AccessDenied')) };
    await parseLogObject(broken, object).catch(() => undefined);
    const later = JSON.parse(kept.all.get(`log_object/${object.name}`) ?? 'null');
    const parsed = await parseLogObject(reading(now), object);

    expect(left).toMatchObject({ coverage: { status: 'missing', detail: 'its parsing has not ended', rejected: 1 }, keys: [] });
    expect(later).toMatchObject({ coverage: { status: 'missing', detail: 'the object was not parsed (AccessDenied)' } });
    expect(parsed).toEqual({ coverage, torn: [], keys: now });
  });

  it('leaves what is known of an object that was parsed before and cannot be read now', async () => {
    await parseLogObject(reading(now), object);
    const before = new Map(kept.all);
    const broken = { objects: kept, read: () => Promise.reject(new Error('SlowDown')) };

    await expect(parseLogObject(broken, object)).rejects.toThrow('SlowDown');
    expect(kept.all).toEqual(before);
  });

  it('keeps the coverage of an object of which nothing can be made, and rejects', async () => {
    const nothing = { ...coverage, status: 'missing', detail: 'bytes that are no JSON document', records: 0, rejected: 1 } as const;

    await expect(parseLogObject(reading([], { coverage: nothing, foreign: true }), object)).rejects.toThrow(UnreadableLogError);
    expect(JSON.parse(kept.all.get(`log_object/${object.name}`) ?? '')).toEqual({ coverage: nothing, torn: [], keys: [] });
    expect(discarded).toBe(1);
  });

  it('names all that the stream could not read, and rejects', async () => {
    const failed = ['x', 'y'].map((file) => ({
      key: `errors/processing-failed/2026/05/03/23/${file}`,
      name: `errors-2026-05-03-23-${file}.gz`,
      day: '2026/05/03',
    }));

    await expect(nameFailedObjects(kept, failed)).rejects.toThrow(UnreadableLogError);
    for (const { key, name } of failed)
      expect(JSON.parse(kept.all.get(`log_object/${name}`) ?? '')).toMatchObject({
        coverage: { source: `cloudwatch:${key}`, status: 'missing', detail: 'the stream could not read what was sent to it' },
        keys: [],
      });
  });

  it('is content where the stream could read everything', async () => {
    await expect(nameFailedObjects(kept, [])).resolves.toBeUndefined();
  });
});
