// The HTML report in a real browser.
import process from 'node:process';
import { type Browser, chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { htmlReport, junitReport, type VerifyReport, verifyPlugin } from '../../src/conformance/index.ts';
import { type Chromium, findChromium } from '../support/chromium.ts';
import { fixture } from '../support/fixture.ts';
import { hostileReport } from '../support/hostile-report.ts';
import { isLeftOut } from '../support/only-this-node.ts';

const page = suite('the page of a report');

/** The Chromium that opens the page. Prints the reason if there is none. */
function chromiumHere(): Chromium | undefined {
  if ('Deno' in globalThis || 'Bun' in globalThis) {
    console.log('skipped: the page of a report in a browser: playwright drives a browser from Node only');
    return undefined;
  }
  if (isLeftOut('the page of a report in a browser')) return undefined;
  const found = findChromium();
  if (found === undefined) console.log('skipped: the page of a report in a browser: no Chromium on this machine');
  return found;
}

/** The browser of all tests; undefined before the first that needs it. */
let browser: Promise<Browser> | undefined;
page.after(async () => (await browser)?.close());

async function withBrowser(use: (browser: Browser) => Promise<void>): Promise<void> {
  const found = chromiumHere();
  if (found === undefined) return;
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // Chromium has none for root
  browser ??= chromium.launch({ executablePath: found.command, headless: true, args: sandbox });
  await use(await browser);
}

/** Opens the page of a report: what it shows, its complaints, its requests. */
async function open(browser: Browser, report: VerifyReport, colorScheme: 'light' | 'dark') {
  const tab = await browser.newPage({ colorScheme });
  const complaints: string[] = [];
  const requests: string[] = [];
  tab.on('console', (message) => complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(String(error)));
  tab.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await tab.route('**/*', (route) => {
    const url = route.request().url();
    if (!url.startsWith('data:')) requests.push(url);
    return route.continue();
  });
  await tab.setContent(htmlReport(report));
  const shown = await tab.evaluate(() => {
    const text = (selector: string): string => document.querySelector(selector)?.textContent ?? '';
    const color = (selector: string, property: 'color' | 'backgroundColor'): string =>
      getComputedStyle(document.querySelector(selector) ?? document.body)[property];
    const svg = document.querySelector('svg')?.getBoundingClientRect();
    return {
      title: document.title,
      verdict: text('.badge'),
      rows: document.querySelectorAll('tr[data-check]').length,
      findings: document.querySelectorAll('.findings li').length,
      scripts: document.querySelectorAll('script, img, iframe').length,
      text: color('body', 'color'),
      background: color('body', 'backgroundColor'),
      badge: color('.badge', 'color'),
      picture: svg === undefined ? 0 : svg.width * svg.height,
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    };
  });
  await tab.close();
  return { ...shown, complaints, requests };
}

/** The relative luminance of a colour `rgb(r, g, b)`, from 0 to 1 (WCAG 2). */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = (color.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

page('shows the verdict and every check, in light and in dark', async () => {
  const report = verifyPlugin(await fixture('dialect/dialect.wasm'), 'auto');
  await withBrowser(async (browser) => {
    for (const scheme of ['light', 'dark'] as const) {
      const shown = await open(browser, report, scheme);
      assert.equal([shown.complaints, shown.requests], [[], []]);
      assert.is(shown.title, 'dialect 1.0.0 conforms');
      assert.match(shown.verdict, /conforms$/);
      assert.is(shown.rows, report.checks.length);
      assert.is(shown.findings, 0);
      assert.ok(shown.picture > 100_000);
      assert.ok(luminance(shown.background) > 0.5 === (scheme === 'light'), scheme);
      assert.ok(contrast(shown.text, shown.background) > 7, `${scheme}: text`);
      assert.ok(contrast(shown.badge, shown.background) > 4.5, `${scheme}: badge`);
      assert.is(shown.overflow, 0);
    }
  });
});

page('neither runs nor loads anything from the texts of a plugin', async () => {
  const report = await hostileReport();
  await withBrowser(async (browser) => {
    const shown = await open(browser, report, 'light');
    assert.equal([shown.complaints, shown.requests], [[], []]);
    assert.is(shown.scripts, 0);
    assert.match(shown.verdict, /does not conform$/);
    assert.is(shown.rows, report.checks.length);
    assert.is(shown.findings, report.counts.fail + report.counts.warn);
    assert.is(shown.overflow, 0);
  });
});

page('shows that the JUnit report is well-formed XML, whatever a plugin says', async () => {
  const report = await hostileReport();
  await withBrowser(async (browser) => {
    const tab = await browser.newPage();
    const counted = await tab.evaluate((xml) => {
      const document = new DOMParser().parseFromString(xml, 'application/xml');
      return ['parsererror', 'testcase', 'failure', 'skipped'].map((name) => document.querySelectorAll(name).length);
    }, junitReport(report));
    assert.equal(counted, [0, report.checks.length, report.counts.fail, report.counts.skipped]);
  });
});

page.run();
