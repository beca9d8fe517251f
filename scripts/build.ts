// Builds the JavaScript that the published package holds: dist/lib, from lib. Run by `npm pack` and `npm publish`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const project = join(root, 'dist', 'tsconfig.json');
rmSync(join(root, 'dist'), { recursive: true, force: true });
mkdirSync(join(root, 'dist'));
writeFileSync(
  project,
  JSON.stringify({ extends: '../tsconfig.json', compilerOptions: { noEmit: false, outDir: '.', rootDir: '..' }, include: ['../lib'] }),
);
execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['--project', project], { stdio: 'inherit' });
rmSync(project);
