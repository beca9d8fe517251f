// Runs the functions as they are packaged: unzipped, each in a process of its own, with the environment of the template.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Template } from './template.ts';

/** The functions of the stack. */
export const functionNames = ['change', 'sweep', 'digest', 'report', 'slack', 'logs', 'parse', 'activity'] as const;
export type FunctionName = (typeof functionNames)[number];

/** What came of one run: `answer` is undefined where the process was killed or failed. */
export interface Run {
  readonly answer: unknown;
  readonly killed: boolean;
  /** What it logged. */
  readonly log: string;
}

/** How a function is run. */
export interface How {
  /** Until Lambda ends it; absent: as the template says. */
  readonly seconds?: number;
  /** True: it waits as long as it says; else it hardly waits, for the emulator has no rate to keep to. */
  readonly inRealTime?: true;
}

/** Unzipped bundles, ready to run. */
export interface Functions {
  run(name: FunctionName, event: unknown, how?: How): Promise<Run>;
  /** Kills what runs of this function, at once. */
  kill(name: FunctionName): void;
  close(): void;
}

/** The function's name in the template. */
export function resourceNameOf(name: FunctionName): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
}

/** Who is told apart by the key: the functions, and a person at the command line. */
export const callerNames = [...functionNames, 'person'] as const;
export type CallerName = (typeof callerNames)[number];

/** The key that a caller signs with: it tells the front who calls. */
export function accessKeyOf(name: CallerName): string {
  return `AKIA${name.toUpperCase()}`.padEnd(20, '0');
}

/** Unzips the bundles in a folder that `serverless package` wrote. Calls go to `endpoint`. */
export function openFunctions(
  folder: string,
  template: Template,
  { endpoint, region }: { readonly endpoint: string; readonly region: string },
): Functions {
  const running = new Map<FunctionName, Set<ChildProcess>>();
  const cached = join(folder, 'compiled');

  const bundle = (name: FunctionName): string => {
    const place = join(folder, name);
    if (!existsSync(place)) execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, `${name}.zip`), place]);
    return place;
  };

  return {
    async run(name, event, { seconds, inRealTime } = {}) {
      const { properties } = template.resource(resourceNameOf(name));
      const place = bundle(name);
      const answerFile = join(mkdtempSync(join(folder, 'answer-')), 'answer.json');
      const file = join(place, `${String(properties.Handler).replace(/\.handler$/, '')}.js`);
      const { Variables } = properties.Environment as { Variables: Record<string, string> };
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'runner.mjs'), file, String(seconds ?? properties.Timeout), String(properties.FunctionName)],
        {
          cwd: place,
          stdio: ['pipe', 'pipe', 'pipe'],
          env: {
            ...Variables,
            AWS_REGION: region,
            AWS_ENDPOINT_URL: endpoint,
            AWS_ACCESS_KEY_ID: accessKeyOf(name),
            AWS_SECRET_ACCESS_KEY: 'none',
            AURORA_WATCH_ANSWER: answerFile,
            NODE_COMPILE_CACHE: cached,
            ...(inRealTime ? { AURORA_WATCH_IN_REAL_TIME: 'true' } : {}),
          },
        },
      );
      const of = running.get(name) ?? new Set();
      running.set(name, of.add(child));
      child.stdin.on('error', () => {});
      child.stdin.end(JSON.stringify(event));
      const [out, error, killed] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        new Promise<boolean>((resolve) => child.once('exit', (_, signal) => resolve(signal === 'SIGKILL'))),
      ]);
      of.delete(child);
      const answer: unknown = existsSync(answerFile) ? JSON.parse(readFileSync(answerFile, 'utf8')) : undefined;
      return { answer, killed, log: `${out}${error}` };
    },
    kill(name) {
      for (const child of running.get(name) ?? []) child.kill('SIGKILL');
    },
    close() {
      for (const children of running.values()) for (const child of children) child.kill('SIGKILL');
    },
  };
}
