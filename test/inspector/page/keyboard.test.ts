// The whole way through the inspector with the keyboard alone.
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture } from '../../support/fixture.ts';
import { InspectorBrowser, type InspectorTab } from '../../support/inspector-tab.ts';

const keyboard = suite('the inspector by keyboard');
const inspector = new InspectorBrowser(keyboard, 'the inspector by keyboard');

/** More than the page has that can be focused. */
const STEPS = 300;

/** What has the focus: its role or element, and its name, as `button Stop`. */
async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return '';
    const label =
      element.getAttribute('aria-label') ?? document.querySelector(`label[for="${element.id}"]`)?.textContent;
    return `${element.localName} ${label ?? element.textContent ?? ''}`.trim();
  });
}

/** Presses Tab until something has the focus; fails if it never has, or nothing shows it. */
async function tabTo(tab: InspectorTab, wanted: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < STEPS; step++) {
    await tab.page.keyboard.press(key);
    const now = await focused(tab.page);
    passed.push(now);
    if (!wanted.test(now)) continue;
    const outline = await tab.page.evaluate(
      () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
    );
    assert.is.not(outline, 'none', `${now} shows that it has the focus`);
    return;
  }
  assert.unreachable(`nothing like ${wanted} was focused, but ${passed.slice(0, 40).join(', ')}`);
}

keyboard('a file is chosen, each part is read, and the checks run', async () => {
  await inspector.use({}, async (tab) => {
    const chooser = tab.page.waitForEvent('filechooser');
    await tabTo(tab, /^input Choose a plugin/);
    await tab.page.keyboard.press('Enter');
    const buffer = Buffer.from(await fixture('router/router.wasm'));
    await (await chooser).setFiles({ name: 'router.wasm', mimeType: 'application/wasm', buffer });
    assert.match(await tab.verdict(), /A host admits this plugin/);
    for (const name of await tab.parts()) {
      await tabTo(tab, new RegExp(`^a ${name}$`));
      await tab.page.keyboard.press('Enter');
      await tab.part(name).waitFor();
      await tab.page.evaluate(() => document.querySelector('nav a')?.scrollIntoView());
      // The focus stays among the parts, where the next is.
      if ((await focused(tab.page)) !== `a ${name}`) await tab.page.keyboard.press('Shift+Tab');
    }
    await tabTo(tab, /^a Conformance$/, 'Shift+Tab');
    await tab.page.keyboard.press('Enter');
    await tabTo(tab, /^button Run the checks$/);
    await tab.page.keyboard.press('Enter');
    await tab.part('Conformance').getByText('All checks').waitFor();
    await tabTo(tab, /^summary identity/);
    await tab.page.keyboard.press('Enter');
    await tabTo(tab, /^a abi\/PROTOCOL\.md/);
    await tab.page.keyboard.press('Enter');
    await tab.part('Rules').waitFor();
    // The part is drawn first, and then the rule gets the focus.
    await tab.page.waitForFunction(() => document.activeElement?.localName !== 'body');
    assert.match(await focused(tab.page), /layer 1/i, 'the rule has the focus');
    const isSeen = await tab.page.evaluate(() => {
      const rule = document.activeElement;
      const { left, top } = rule?.getBoundingClientRect() ?? { left: 0, top: 0 };
      return rule?.contains(document.elementFromPoint(left + 2, top + 2));
    });
    assert.ok(isSeen, 'nothing covers the rule');
  });
});

keyboard('a sample is chosen, and what a layer said is unfolded', async () => {
  await inspector.use({}, async (tab) => {
    await tabTo(tab, /^select Or open a sample/);
    await tab.page.keyboard.type('sticky');
    assert.match(await tab.verdict(), /A host admits this plugin/);
    await tab.file.getByRole('heading', { name: 'sticky.wasm' }).waitFor();
    await tabTo(tab, /^summary Response of Step 1/);
    await tab.page.keyboard.press('Enter');
    await tabTo(tab, /^pre \{/);
    const shown = tab.part('Layers').getByRole('group').filter({ hasText: 'Response of Step 1' }).locator('pre');
    assert.ok(await shown.isVisible());
  });
});

keyboard('a request is composed, a budget is changed, and the plugin is called', async () => {
  await inspector.use({}, async (tab) => {
    const { page } = tab;
    const result = page.getByRole('region', { name: 'Result of the call' });
    await tabTo(tab, /^select Or open a sample/);
    await page.keyboard.type('router');
    assert.match(await tab.verdict(), /A host admits this plugin/);
    await tabTo(tab, /^a Call$/);
    await page.keyboard.press('Enter');
    await page.getByLabel('Request as JSON').waitFor();
    await tabTo(tab, /^input method string$/);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('PATCH');
    assert.match(await page.getByLabel('Request as JSON').inputValue(), /"method": "PATCH"/);
    await tabTo(tab, /^textarea Request as JSON$/);
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type('x');
    const faults = page.getByRole('status', { name: 'Faults of the request' });
    await faults.filter({ hasText: /Line \d+/ }).waitFor();
    await tabTo(tab, /^button Line \d+, column \d+$/);
    await page.keyboard.press('Enter');
    assert.match(await focused(page), /^textarea/, 'the fault leads to its place');
    await page.keyboard.press('Delete');
    await faults.filter({ hasText: 'The text is a valid request.' }).waitFor();
    await tabTo(tab, /^button Call filter$/);
    await page.keyboard.press('Enter');
    await result.filter({ hasText: 'filter answered' }).waitFor();
    await tabTo(tab, /^summary Budgets and host$/, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await tabTo(tab, /^input Fuel of a call$/);
    await page.keyboard.type('1000');
    await tabTo(tab, /^button Call filter$/);
    await page.keyboard.press('Space');
    await result.filter({ hasText: 'ran out of fuel' }).waitFor();
  });
});

keyboard.run();
