import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { renderHtml } from '../../lib/render/html.ts';
import { comparedReport, exampleCatalogue, largeReport } from './example-report.ts';
import { nastyStrings, poison } from './nasty.ts';

jest.setTimeout(60_000);

declare global {
  interface Window {
    /** Put into the page by the test. */
    readonly axe: typeof axe;
  }
}

/** A browser out of a package; null where the system lacks what it needs, which a build server must not. */
async function startBrowser(): Promise<Browser | null> {
  try {
    return await puppeteer.launch({
      args: [...chromium.args, '--no-sandbox'],
      executablePath: await chromium.executablePath(),
      headless: 'shell',
    });
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    console.warn(`The report is not tested in a browser, because none can start here: ${reason}`);
    return null;
  }
}

const browser = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;

/** What happened in a page that should be silent. */
interface Opened {
  readonly page: Page;
  /** Console messages, errors, dialogs and requests other than the file's own. */
  readonly noise: string[];
}

describeInBrowser('the HTML report in a browser', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aurora-watch-report-'));
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(html: string, prepare: (page: Page) => Promise<void> = async () => {}): Promise<Opened> {
    if (!browser) throw new Error('no browser');
    const file = join(folder, 'report.html');
    await writeFile(file, html);
    const address = pathToFileURL(file).href;
    const page = await browser.newPage();
    const noise: string[] = [];
    page.on('console', (message) => noise.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => noise.push(`error: ${String(error)}`));
    page.on('request', (request) => {
      if (request.url() !== address) noise.push(`request: ${request.url().slice(0, 200)}`);
    });
    page.on('dialog', (dialog) => {
      noise.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await prepare(page);
    await page.goto(address);
    return { page, noise };
  }

  const html = renderHtml(comparedReport, { catalogue: exampleCatalogue });
  const looks: readonly (readonly [name: string, prepare: (page: Page) => Promise<void>])[] = [
    ['light', (page) => page.setViewport({ width: 1280, height: 900 })],
    [
      'dark',
      async (page) => {
        await page.setViewport({ width: 1280, height: 900 });
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
      },
    ],
    ['on a phone', (page) => page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true })],
  ];

  describe.each(looks)('%s', (_, prepare) => {
    it('is silent, as wide as the screen, and without a serious finding of axe', async () => {
      const { page, noise } = await open(html, prepare);

      const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      await page.evaluate(() => {
        for (const element of document.querySelectorAll('details')) element.open = true;
      });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => window.axe.run());
      await page.close();

      expect(noise).toEqual([]);
      expect(wide).toBe(screen);
      expect(
        violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} (${nodes.length})`),
      ).toEqual([]);
    });
  });

  it('shows every finding without JavaScript, and no filter that would not work', async () => {
    const { page, noise } = await open(html, (one) => one.setJavaScriptEnabled(false));

    const filter = await page.$eval('.filter', (form) => form.checkVisibility());
    const findings = await page.$$eval('.finding', (elements) => elements.filter((element) => element.checkVisibility()).length);
    await page.click('.finding summary');
    const evidence = await page.$eval('.finding pre', (element) => element.checkVisibility());
    await page.close();

    expect(noise).toEqual([]);
    expect(filter).toBe(false);
    expect(findings).toBe(comparedReport.findings.length);
    expect(evidence).toBe(true);
  });

  it('filters by words and severity', async () => {
    const { page } = await open(html);
    const shown = (): Promise<number> =>
      page.$$eval('.finding', (elements) => elements.filter((element) => element.checkVisibility()).length);
    const settled = (text: string): Promise<unknown> =>
      page.waitForFunction((expected) => document.getElementById('shown')?.textContent === expected, { polling: 50 }, text);

    await page.type('#search', 'tls billing');
    await settled('3 of 10 shown');
    const byWords = await shown();
    await page.focus('input[value=high]');
    await page.keyboard.press('Space');
    await settled('1 of 10 shown');
    const withoutHigh = await shown();
    await page.close();

    expect([byWords, withoutHigh]).toEqual([3, 1]);
  });

  it('opens the finding that "What to do first" leads to', async () => {
    const { page } = await open(html);

    await page.click('#first a');
    const opened = () => document.querySelector(':target')?.matches('.finding[open]') === true;
    await page.waitForFunction(opened, { polling: 50, timeout: 10_000 });
    const hash = await page.evaluate(() => location.hash);
    await page.close();

    expect(hash).toMatch(/^#finding-\d+$/);
  });

  it('is used by keyboard alone', async () => {
    const { page } = await open(html);
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

    await page.keyboard.press('Tab');
    const first = await focused();
    await page.focus('.finding summary');
    await page.keyboard.press('Enter');
    const opened = await page.$eval('.finding', (element) => element.hasAttribute('open'));
    await page.close();

    expect(first).toMatch(/^Since 2026-04-26/);
    expect(opened).toBe(true);
  });

  it('prints what is folded, and no navigation', async () => {
    const { page } = await open(html, (one) => one.emulateMediaType('print'));

    const evidence = await page.$$eval(
      '.finding pre',
      (elements) => elements.filter((element) => element.getBoundingClientRect().height === 0).length,
    );
    const navigation = await page.$eval('nav', (element) => element.checkVisibility());
    await page.close();

    expect(evidence).toBe(0);
    expect(navigation).toBe(false);
  });

  it('prints account, time and version on every page, and breaks no row of a table', async () => {
    const { page } = await open(html, (one) => one.emulateMediaType('print'));

    const running = await page.$eval('.running', (element) => ({
      text: element.textContent,
      position: getComputedStyle(element).position,
      visible: element.checkVisibility(),
    }));
    const rows = await page.$$eval(
      'tr',
      (elements) => elements.filter((element) => getComputedStyle(element).breakInside !== 'avoid').length,
    );
    const wide = await page.$$eval('main *', (elements) => {
      const most = document.documentElement.clientWidth;
      return elements.filter((element) => element.getBoundingClientRect().right > most + 1).length;
    });
    await page.close();

    expect(running).toEqual({
      text: 'Aurora Watch: account 111122223333, 2026-05-03 12:00 UTC · aurora-watch 0.1.0',
      position: 'fixed',
      visible: true,
    });
    expect(rows).toBe(0);
    expect(wide).toBe(0);
  });

  it('copies a command that is clicked, or chosen by Enter', async () => {
    const { page, noise } = await open(html);
    await page.evaluate(() => {
      const copied: string[] = [];
      Object.assign(window, { copied });
      Object.defineProperty(navigator, 'clipboard', {
        value: {
          writeText: async (text: string) => {
            copied.push(text);
          },
        },
      });
    });

    await page.click('#first pre.command');
    await page.waitForSelector('#first pre.copied', { timeout: 2000 });
    await page.focus('#first pre.command');
    await page.keyboard.press('Enter');
    await page.click('h1');
    const [copied, text] = await page.evaluate(() => [
      (window as unknown as { copied: string[] }).copied,
      document.querySelector('#first pre.command')?.textContent,
    ]);
    await page.close();

    expect(copied).toEqual([text, text]);
    expect(noise).toEqual([]);
  });

  it('is kept from any request by its own policy', async () => {
    const { page } = await open(html);

    const refused = await page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
          new Image().src = 'https://203.0.113.9/x.png';
        }),
    );
    await page.close();

    expect(refused).toBe('img-src');
  });

  it('opens 500 clusters and 5 000 findings, and filters them', async () => {
    const large = renderHtml(largeReport(500, 5000), { catalogue: exampleCatalogue });

    const { page, noise } = await open(large);
    await page.type('#search', 'cluster-0042');
    await page.waitForFunction(() => document.getElementById('shown')?.textContent === '10 of 5000 shown');
    await page.close();

    expect(noise).toEqual([]);
  });

  it.each(Object.entries(nastyStrings))('is silent with %s in every field', async (_, nasty) => {
    const { page, noise } = await open(renderHtml(poison(comparedReport, nasty), { catalogue: exampleCatalogue }), (one) =>
      one.setViewport({ width: 390, height: 844 }),
    );

    const [scripts, wide, screen] = await page.evaluate(() => [
      document.scripts.length,
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    await page.close();

    expect(noise).toEqual([]);
    expect(scripts).toBe(1);
    expect(wide).toBe(screen);
  });
});
