// The HTML report in a real browser.
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  htmlReport,
  htmlSeriesReport,
  junitReport,
  reportSeries,
  type VerifyReport,
  verifyHooks,
  verifyPlugin,
} from '../../src/conformance/index.ts';
import { exampleSeries, failingReport } from '../support/example-report.ts';
import { fixture } from '../support/fixture.ts';
import { HOSTILE, hostileReport } from '../support/hostile-report.ts';
import { chromiumFor, startBrowser } from '../support/page-browser.ts';

const page = suite('the page of a report');

/** The browser of all tests; undefined before the first that needs it. */
let browser: Promise<Browser> | undefined;
page.after(async () => (await browser)?.close());

async function withBrowser(use: (browser: Browser) => Promise<void>): Promise<void> {
  const found = chromiumFor('the page of a report in a browser');
  if (found === undefined) return;
  browser ??= startBrowser(found);
  await use(await browser);
}

/** Listens for what a page complains about and asks the network for. */
async function watched(tab: Page): Promise<{ readonly complaints: string[]; readonly requests: string[] }> {
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
  return { complaints, requests };
}

/** Opens the page of a report: what it shows, its complaints, its requests. */
async function open(browser: Browser, report: VerifyReport, colorScheme: 'light' | 'dark') {
  const tab = await browser.newPage({ colorScheme });
  const { complaints, requests } = await watched(tab);
  await tab.setContent(htmlReport(report));
  const shown = await tab.evaluate(() => {
    const text = (selector: string): string => document.querySelector(selector)?.textContent ?? '';
    const color = (selector: string, property: 'color' | 'backgroundColor'): string =>
      getComputedStyle(document.querySelector(selector) ?? document.body)[property];
    const svg = document.querySelector('.picture svg')?.getBoundingClientRect();
    return {
      title: document.title,
      verdict: text('.verdict .mark'),
      rows: document.querySelectorAll('[data-check]').length,
      findings: document.querySelectorAll('.findings li').length,
      scripts: document.querySelectorAll('script, img, iframe').length,
      text: color('body', 'color'),
      background: color('body', 'backgroundColor'),
      badge: color('.verdict .mark', 'color'),
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
    assert.is(shown.scripts, 1, 'its own');
    assert.match(shown.verdict, /does not conform$/);
    assert.is(shown.rows, report.checks.length);
    assert.is(shown.findings, report.counts.fail + report.counts.warn);
    assert.is(shown.overflow, 0);
  });
});

page('of a series neither runs nor loads anything from the texts of plugins', async () => {
  const report = await hostileReport();
  const series = reportSeries([
    { file: HOSTILE, report },
    { file: HOSTILE, error: { kind: 'Unreadable', message: HOSTILE } },
  ]);
  await withBrowser(async (browser) => {
    const tab = await browser.newPage();
    const { complaints, requests } = await watched(tab);
    await tab.setContent(htmlSeriesReport(series));
    assert.equal([complaints, requests], [[], []]);
    assert.is(await tab.locator('script, img, iframe').count(), 1, 'its own script');
    await tab.close();
  });
});

page('refuses a script and a style that are not its own', async () => {
  await withBrowser(async (browser) => {
    const tab = await browser.newPage();
    const { complaints } = await watched(tab);
    const injected =
      '<p id="in" style="color:red">a</p><style>p{color:red}</style><script>document.title="in"</script>';
    await tab.setContent(htmlReport(failingReport).replace('<main>', `<main>${injected}`));
    assert.is(complaints.filter((text) => text.includes('Content Security Policy')).length, 3, complaints.join('\n'));
    assert.is(await tab.title(), 'my-router 1.2.0 does not conform');
    assert.is(await tab.locator('#in').evaluate((element) => getComputedStyle(element).color), 'rgb(27, 32, 39)');
    await tab.close();
  });
});

page('copies a request, and selects it where that is forbidden', async () => {
  await withBrowser(async (browser) => {
    for (const isAllowed of [true, false]) {
      const tab = await browser.newPage();
      await tab.addInitScript((allowed) => {
        const copied: string[] = [];
        const writeText = async (text: string): Promise<void> => {
          if (!allowed) throw new DOMException('no', 'NotAllowedError');
          copied.push(text);
        };
        Object.defineProperty(navigator, 'clipboard', { value: { writeText, copied } });
      }, isAllowed);
      await tab.goto('about:blank');
      await tab.setContent(htmlReport(failingReport));
      await tab.locator('.requests summary').click();
      await tab.getByRole('button', { name: 'Copy the request of filter' }).click();
      const status = tab.locator('.requests [role=status]');
      await status.filter({ hasText: isAllowed ? /^Copied$/ : /^Selected/ }).waitFor({ timeout: 5000 });
      const taken = await tab.evaluate(() => {
        const clipboard: Clipboard & { copied?: string[] } = navigator.clipboard;
        return clipboard.copied?.[0] ?? String(getSelection());
      });
      assert.is(taken, failingReport.exchange.at(-1)?.requestJson);
      await tab.close();
    }
  });
});

page('unfolds the part that a link leads to', async () => {
  await withBrowser(async (browser) => {
    const tab = await browser.newPage();
    await tab.setContent(htmlSeriesReport(exampleSeries));
    assert.is(await tab.locator('#plugin-1').getAttribute('open'), null);
    await tab.getByRole('link', { name: 'plugins/my-router.wasm' }).click();
    await tab.locator('#plugin-1[open] #plugin-1-change').waitFor({ timeout: 5000 });
    await tab.close();
  });
});

page('can be read and filtered without scripts', async () => {
  await withBrowser(async (browser) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.setContent(htmlReport(failingReport));
    await tab.locator('.requests summary').click();
    assert.is(await tab.locator('button:visible').count(), 0);
    assert.is(await tab.locator('.requests pre').innerText(), failingReport.exchange.at(-1)?.requestJson);

    await tab.setContent(htmlSeriesReport(exampleSeries));
    const shown = async (): Promise<number> => await tab.locator('tr.file:visible').count();
    assert.is(await shown(), 4);
    for (const name of ['failed', 'not verified', 'warned', 'passed']) {
      await tab.getByRole('radio', { name }).check();
      assert.is(await shown(), 1, name);
      assert.is(await tab.locator('details.file:visible').count(), name === 'not verified' ? 0 : 1, name);
    }
    await context.close();
  });
});

/** The plugins of fixtures, as an author of each kind has one. */
const USUAL = ['router/router', 'dialect/dialect', 'observer/observer', 'signer/signer', 'hooks/filter/filter'];

page('of a usual plugin prints on two pages, without buttons', async () => {
  await withBrowser(async (browser) => {
    for (const name of USUAL) {
      const wasm = await fixture(`${name}.wasm`);
      const report = name.startsWith('hooks/') ? verifyHooks(wasm) : verifyPlugin(wasm, 'auto');
      const tab = await browser.newPage();
      await tab.setContent(
        htmlReport(report, { file: name, sha256: '0'.repeat(64), date: new Date(), tool: 'a 1.2.3' }),
      );
      const pdf = (await tab.pdf({ format: 'A4' })).toString('latin1');
      assert.ok((pdf.match(/\/Type\s*\/Page\b/g) ?? []).length <= 2, name);
      await tab.emulateMedia({ media: 'print' });
      assert.is(await tab.locator('button:visible, nav:visible').count(), 0);
      await tab.close();
    }
  });
});

page('has no end of a printed page within a check', async () => {
  await withBrowser(async (browser) => {
    const tab = await browser.newPage();
    await tab.emulateMedia({ media: 'print' });
    await tab.setContent(htmlReport(failingReport));
    const breaks = await tab.evaluate(() =>
      [...document.querySelectorAll('.findings li, .checks li, figure')].map(
        (element) => getComputedStyle(element).breakInside,
      ),
    );
    assert.ok(breaks.length > 10);
    assert.equal([...new Set(breaks)], ['avoid']);
    await tab.close();
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
