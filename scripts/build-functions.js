// Bundles every function in handlers/ into dist/functions/<name>/index.js; the Serverless plugin and the end-to-end test run it.
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const out = join(root, 'dist', 'functions');
const names = (await readdir(join(root, 'handlers')))
  .filter((file) => file.endsWith('.ts') && file !== 'stack.ts')
  .map((file) => file.slice(0, -3));

await rm(out, { recursive: true, force: true });
for (const name of names) {
  await build({
    absWorkingDir: root,
    entryPoints: [{ in: join(root, 'handlers', `${name}.ts`), out: 'index' }],
    outdir: join(out, name),
    bundle: true,
    // What is imported when it is needed, as the client of each service is, is loaded then, and shaken as the rest.
    splitting: true,
    chunkNames: 'chunk-[hash]',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    // Error names stay readable in logs.
    keepNames: true,
    // The SDK's ES modules can be shaken; its CommonJS cannot.
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
}
// The functions read their version as the sources do, from #package.
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const manifest = { type: 'module', version, imports: { '#package': './package.json' } };
for (const name of names) {
  await mkdir(join(out, name), { recursive: true });
  await writeFile(join(out, name, 'package.json'), `${JSON.stringify(manifest)}\n`);
  await copyFile(join(root, 'aurora-watch.yaml'), join(out, name, 'aurora-watch.yaml')).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
// The queries are read as they are.
await cp(join(root, 'queries'), join(out, 'activity', 'queries'), { recursive: true });
