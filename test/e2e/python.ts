// Tools out of PyPI, each in a virtual environment of its own under .cache/.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './lock.ts';

/** A package of PyPI, pinned: `name` may hold extras, as in `moto[server]`. */
export interface PythonTool {
  readonly name: string;
  readonly version: string;
}

/** Why the tool cannot be had on this machine; null: it can. */
export function whyNo(tool: PythonTool): string | null {
  if (existsSync(complete(tool))) return null;
  try {
    execFileSync('python3', ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'], { stdio: 'ignore' });
    return null;
  } catch {
    return `Python 3.10 or later with its venv module, which ${shortName(tool)} needs, is not there`;
  }
}

/** The folder of the tool's environment; the first one who asks installs it. */
export function install(tool: PythonTool): Promise<string> {
  return alone(shortName(tool), () => installed(tool));
}

function installed(tool: PythonTool): string {
  const folder = folderOf(tool);
  if (existsSync(complete(tool))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
  execFileSync(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', `${tool.name}==${tool.version}`], { stdio: 'ignore' });
  writeFileSync(complete(tool), '');
  return folder;
}

function shortName({ name }: PythonTool): string {
  return name.replace(/\[.*\]$/, '');
}

function folderOf(tool: PythonTool): string {
  return join(import.meta.dirname, '..', '..', '.cache', shortName(tool), tool.version);
}

/** Written last: an environment without it was left half made. */
function complete(tool: PythonTool): string {
  return join(folderOf(tool), 'installed');
}
