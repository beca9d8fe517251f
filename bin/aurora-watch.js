#!/usr/bin/env node
// Plain JavaScript for any Node.js from 20 on: finds a Node.js that runs the program, and runs it there.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'lib', 'cli', 'main.ts');
const built = join(root, 'dist', 'lib', 'cli', 'main.js');
const entry = existsSync(sources) ? sources : built;

// Types are stripped and code is compiled once; the cache stands in the clone itself, where nobody else can put code.
const cache = join(root, '.cache', 'compile');

// The built JavaScript of the published package runs on any Node.js from 20 on; the sources of a clone need types stripped.
if (entry === built || Number.parseInt(process.versions.node, 10) >= 24) {
  if (entry === sources) {
    // By its name in the environment threads find it too.
    process.env.NODE_COMPILE_CACHE ??= cache;
    module.enableCompileCache();
  }
  await import(entry);
} else {
  const node = bundledNode();
  if (node === null) {
    console.error(
      `aurora-watch needs Node.js 24; this is ${process.versions.node}. In a clone, "npm ci" brings it (without --ignore-scripts).`,
    );
    process.exitCode = 2;
  } else {
    const env = entry === sources ? { NODE_COMPILE_CACHE: cache, ...process.env } : process.env;
    const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: 'inherit', env });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    child.on('error', (error) => {
      console.error(`aurora-watch cannot start ${node}: ${error.message}`);
      process.exitCode = 2;
    });
    child.on('close', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      if (signal === null) process.exitCode = code ?? 2;
      else process.kill(process.pid, signal);
    });
  }
}

/** The Node.js 24 that comes as a development dependency of a clone; null where it is not there. */
function bundledNode() {
  try {
    const path = join(
      dirname(createRequire(import.meta.url).resolve('node/package.json')),
      'bin',
      process.platform === 'win32' ? 'node.exe' : 'node',
    );
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}
