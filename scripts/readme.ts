// Writes into README.md what `npm start` prints today, and takes the picture of its report; a test says when they are old.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defaultConfiguration } from '../lib/domain/configuration.ts';
import { renderReport, scanFolder } from '../lib/main/laptop.ts';

const root = join(import.meta.dirname, '..');
const block = /(<!-- output: [^\n]*-->\n```text\n)[\s\S]*?(```\n<!-- \/output -->)/;
const picture = /(<!-- picture of report )[0-9a-f]*( -->)/;

/** README.md as it should be, and the page that its picture shows. */
export async function currentReadme(): Promise<{ readonly text: string; readonly html: string }> {
  const { report } = await scanFolder(join(root, 'samples'), { choice: {}, configuration: defaultConfiguration, warn: () => undefined });
  const output = renderReport(report, 'text', { colour: false, width: 100, details: false });
  const html = renderReport(report, 'html', { colour: false, width: 100, details: false });
  const hash = createHash('sha256').update(html).digest('hex').slice(0, 12);
  const text = (await readFile(join(root, 'README.md'), 'utf8'))
    .replace(block, (_, before: string, after: string) => `${before}${output}${after}`)
    .replace(picture, (_, before: string, after: string) => `${before}${hash}${after}`);
  return { text, html };
}

async function takePicture(html: string): Promise<void> {
  const { default: chromium } = await import('@sparticuz/chromium');
  const { default: puppeteer } = await import('puppeteer-core');
  const folder = await mkdtemp(join(tmpdir(), 'aurora-watch-picture-'));
  const file = join(folder, 'report.html');
  await writeFile(file, html);
  const browser = await puppeteer.launch({ args: chromium.args, executablePath: await chromium.executablePath(), headless: true });
  const page = await browser.newPage();
  await page.setViewport({ width: 1200, height: 900 });
  await page.goto(pathToFileURL(file).href);
  await page.screenshot({ path: join(root, 'docs', 'report.png') });
  await browser.close();
  await rm(folder, { recursive: true });
}

if (import.meta.main) {
  const { text, html } = await currentReadme();
  await writeFile(join(root, 'README.md'), text);
  await takePicture(html);
}
