import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Configuration, defaultConfiguration, type Suppression } from '../domain/configuration.ts';
import { ConfigurationError } from '../domain/errors.ts';
import { momentOf } from '../domain/moment.ts';
import { type Severity, severities } from '../domain/severity.ts';

/** What a value of the file becomes, and what a person is told that it should have been. */
interface Reader<T> {
  readonly expected: string;
  /** Undefined: not that. */
  read(value: unknown): T | undefined;
}

const text: Reader<string> = { expected: 'text', read: (value) => (typeof value === 'string' && value !== '' ? value : undefined) };
const flag: Reader<boolean> = { expected: 'true or false', read: (value) => (typeof value === 'boolean' ? value : undefined) };
const count: Reader<number> = {
  expected: 'a whole number from 1 on',
  read: (value) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : undefined),
};
const account: Reader<string> = {
  expected: 'an account id of twelve digits, in quotes',
  read: (value) => (typeof value === 'string' && /^\d{12}$/.test(value) ? value : undefined),
};
const severity: Reader<Severity> = {
  expected: `one of ${severities.join(', ')}`,
  read: (value) => severities.find((known) => known === value),
};

function prefixLength(longest: number): Reader<number> {
  return {
    expected: `a prefix length from 0 to ${longest}`,
    read: (value) => (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= longest ? value : undefined),
  };
}

function oneOf<const T extends string>(...names: readonly T[]): Reader<T> {
  return { expected: `one of ${names.join(', ')}`, read: (value) => names.find((name) => name === value) };
}

const duration: Reader<number> = {
  expected: 'a duration such as 30s, 5m, 2h or 1d',
  read(value) {
    const match = typeof value === 'string' ? /^(\d{1,9})(s|m|h|d)$/.exec(value) : null;
    const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match?.[2] ?? ''];
    return match && unit && Number(match[1]) > 0 ? Number(match[1]) * unit : undefined;
  },
};

const date: Reader<string> = {
  expected: 'a date such as 2026-09-30',
  read: (value) => (typeof value === 'string' && value.length === 10 && !Number.isNaN(momentOf(value)) ? value : undefined),
};

/**
 * Reads `aurora-watch.yaml`; what it does not say has its default, and an empty file is fine.
 * Throws a ConfigurationError with the line and, for an unknown key, the nearest known name.
 * @param source the file's text
 * @param name what the file is called in messages
 * @param checkIds the ids that `severities` and `suppressions` may name
 */
export function readConfiguration(source: string, name: string, checkIds: readonly string[]): Configuration {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, schema: 'core', uniqueKeys: true });
  const lineOf = (node: unknown): number => {
    const offset = (node as Node | null | undefined)?.range?.[0];
    return offset === undefined ? 0 : lines.linePos(offset).line;
  };
  const complain = (sentence: string, line: number): never => {
    throw new ConfigurationError(`${name}${line > 0 ? `:${line}` : ''}: ${sentence}`, line);
  };

  const [error] = document.errors;
  if (error) complain(error.message.split('\n', 1)[0] ?? 'not YAML', lines.linePos(error.pos[0]).line);

  /** The entries of a map; every key is one of `known`, or an error that names the nearest. */
  const entries = (node: unknown, path: string, known: readonly string[]): Map<string, unknown> => {
    if (node === null || (isScalar(node) && node.value === null)) return new Map();
    if (!isMap(node)) return complain(`${path || 'the file'} must hold names with values`, lineOf(node));
    const found = new Map<string, unknown>();
    for (const pair of node.items) {
      const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
      if (!known.includes(key)) {
        const near = nearest(key, known);
        complain(`unknown key "${path ? `${path}.` : ''}${key}"${near ? `; did you mean "${near}"?` : ''}`, lineOf(pair.key));
      }
      found.set(key, pair.value);
    }
    return found;
  };

  const value = <T>(node: unknown, path: string, reader: Reader<T>): T => {
    const raw = isScalar(node) ? node.value : node;
    return reader.read(raw) ?? complain(`${path} must be ${reader.expected}`, lineOf(node));
  };
  const optional = <T>(map: Map<string, unknown>, key: string, path: string, reader: Reader<T>, fallback: T): T =>
    map.has(key) ? value(map.get(key), `${path}.${key}`, reader) : fallback;
  const list = <T>(node: unknown, path: string, read: (item: unknown, itemPath: string) => T): T[] => {
    if (node === undefined || node === null || (isScalar(node) && node.value === null)) return [];
    if (!isSeq(node)) return complain(`${path} must be a list`, lineOf(node));
    return node.items.map((item, index) => read(item, `${path}[${index}]`));
  };
  const texts = (node: unknown, path: string): string[] => list(node, path, (item, itemPath) => value(item, itemPath, text));

  const root = entries(document.contents, '', Object.keys(defaultConfiguration));
  const allowed = entries(root.get('allowed') ?? null, 'allowed', Object.keys(defaultConfiguration.allowed));
  const limits = entries(root.get('thresholds') ?? null, 'thresholds', Object.keys(defaultConfiguration.thresholds));
  const widest = entries(limits.get('widestIngress') ?? null, 'thresholds.widestIngress', ['ipv4', 'ipv6']);
  const alerts = entries(root.get('alerts') ?? null, 'alerts', Object.keys(defaultConfiguration.alerts));
  const defaults = defaultConfiguration;

  const readSuppression = (node: unknown, path: string): Suppression => {
    const map = entries(node, path, ['check', 'resource', 'reason', 'until', 'by']);
    for (const needed of ['check', 'reason']) if (!map.has(needed)) complain(`${path} needs "${needed}"`, lineOf(node));
    const check = value(map.get('check'), `${path}.check`, text);
    if (!check.includes('*') && !checkIds.includes(check)) {
      const near = nearest(check, checkIds);
      complain(`${path}.check: no check is called "${check}"${near ? `; did you mean "${near}"?` : ''}`, lineOf(map.get('check')));
    }
    return {
      check,
      resource: optional(map, 'resource', path, text, '*'),
      reason: value(map.get('reason'), `${path}.reason`, text),
      until: map.has('until') ? value(map.get('until'), `${path}.until`, date) : null,
      by: map.has('by') ? value(map.get('by'), `${path}.by`, text) : null,
    };
  };

  const readLimit = <Key extends Exclude<keyof Configuration['thresholds'], 'widestIngress'>>(key: Key, reader: Reader<number>): number =>
    optional(limits, key, 'thresholds', reader, defaults.thresholds[key]);

  return {
    trustedAccounts: list(root.get('trustedAccounts'), 'trustedAccounts', (item, path) => value(item, path, account)),
    allowed: {
      masterPasswordChanges: texts(allowed.get('masterPasswordChanges'), 'allowed.masterPasswordChanges'),
      dataApi: texts(allowed.get('dataApi'), 'allowed.dataApi'),
      wideGrants: texts(allowed.get('wideGrants'), 'allowed.wideGrants'),
      rdsAdministrators: texts(allowed.get('rdsAdministrators'), 'allowed.rdsAdministrators'),
    },
    thresholds: {
      unusedDays: readLimit('unusedDays', count),
      unusedKeyDays: readLimit('unusedKeyDays', count),
      failedLogins: readLimit('failedLogins', count),
      failedLoginWindow: readLimit('failedLoginWindow', duration),
      loginAfterFailures: readLimit('loginAfterFailures', duration),
      deniedCalls: readLimit('deniedCalls', count),
      deniedCallWindow: readLimit('deniedCallWindow', duration),
      widestIngress: {
        ipv4: optional(widest, 'ipv4', 'thresholds.widestIngress', prefixLength(32), defaults.thresholds.widestIngress.ipv4),
        ipv6: optional(widest, 'ipv6', 'thresholds.widestIngress', prefixLength(128), defaults.thresholds.widestIngress.ipv6),
      },
      backupDays: readLimit('backupDays', count),
      keyAgeDays: readLimit('keyAgeDays', count),
    },
    severities: Object.fromEntries(
      [...entries(root.get('severities') ?? null, 'severities', checkIds)].map(([id, node]) => [
        id,
        value(node, `severities.${id}`, severity),
      ]),
    ),
    suppressions: list(root.get('suppressions'), 'suppressions', readSuppression),
    alerts: {
      minimumSeverity: optional(alerts, 'minimumSeverity', 'alerts', severity, defaults.alerts.minimumSeverity),
      digest: optional(alerts, 'digest', 'alerts', oneOf('daily', 'weekly', 'off'), defaults.alerts.digest),
      weeklyAllQuiet: optional(alerts, 'weeklyAllQuiet', 'alerts', flag, defaults.alerts.weeklyAllQuiet),
    },
  };
}

/** The known name that takes the fewest edits to reach, or null where none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
