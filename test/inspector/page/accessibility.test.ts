// axe-core finds nothing wrong with the inspector, in any state: light and dark, wide and phone.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { preparePlugin } from '../../../src/plugin/index.ts';
import { fixture } from '../../support/fixture.ts';
import { endless, MARKUP, markupInNames, trappingFilter } from '../../support/inspector-plugins.ts';
import { fixtureFile, InspectorBrowser, type InspectorTab, type TabOptions } from '../../support/inspector-tab.ts';
import { accessibilityFaults, views } from '../../support/page-browser.ts';

const access = suite('the accessibility of the inspector');
const inspector = new InspectorBrowser(access, 'the accessibility of the inspector');

/** How each state is looked at: in both schemes, and in both sizes. */
const LOOKS = [
  { colorScheme: 'light', viewport: views.light.viewport },
  { colorScheme: 'dark', viewport: views.phone.viewport },
] as const;

/** Asserts that axe-core finds nothing on the page as it is now, and that its width fits. */
async function isAccessible(tab: InspectorTab, state: string): Promise<void> {
  for (const { colorScheme, viewport } of LOOKS) {
    await tab.page.emulateMedia({ colorScheme });
    await tab.page.setViewportSize(viewport);
    const where = `${state}, ${colorScheme}, ${viewport.width} pixels wide`;
    assert.equal(await accessibilityFaults(tab.page), [], where);
    const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${where}: ${overflow} pixels do not fit`);
  }
}

/** Runs a test whose page lets axe-core in. */
async function use(run: (tab: InspectorTab) => Promise<void>, options: TabOptions = {}): Promise<void> {
  await inspector.use({ ...options, isOpenToTests: true }, run);
}

access('of the empty page', async () => {
  await use(async (tab) => {
    await tab.sees('No plugin is open.');
    await isAccessible(tab, 'empty');
  });
});

access('of each document of rules, and of one rule', async () => {
  await use(async (tab) => {
    const part = await tab.goTo('Rules');
    for (const name of await part.getByRole('list').first().getByRole('link').allTextContents()) {
      await part.getByRole('link', { name, exact: true }).first().click();
      await isAccessible(tab, name);
    }
  });
});

access('while a plugin never ends, is stopped, and after', async () => {
  await use(async (tab) => {
    const bytes = endless(preparePlugin(await fixture('router/router.wasm'), { kernel: 'linked' }), 'cc_lb_handshake');
    await tab.choose({ name: 'endless.wasm', bytes });
    await tab.sees('Working…', tab.work);
    await isAccessible(tab, 'working');
    await tab.page.getByRole('button', { name: 'Stop' }).click();
    await tab.sees('It was stopped.');
    await isAccessible(tab, 'stopped');
    const part = await tab.goTo('Conformance');
    await part.getByRole('button', { name: 'Run the checks' }).click();
    await part.getByRole('progressbar', { name: 'Checks' }).waitFor();
    await isAccessible(tab, 'checking');
  });
});

access('of refusals and failures', async () => {
  await use(async (tab) => {
    await tab.choose({ name: 'empty.wasm', bytes: new Uint8Array(0) });
    await tab.sees('not WebAssembly but an empty file');
    await isAccessible(tab, 'not a module');
    await tab.choose(await fixtureFile('hostile/declared-tables.wasm'));
    await tab.sees('A host rejects this plugin');
    await isAccessible(tab, 'rejected');
    await tab.choose({ name: `${MARKUP}.wasm`, bytes: await markupInNames() });
    await tab.sees('A host rejects this plugin: Layer 1');
    await isAccessible(tab, 'rejected by its name');
  });
});

/** A plugin of each generation, good and bad: every part of the page is looked at. */
for (const path of ['router/router.wasm', 'behaviour/bad-answers.wasm', 'hooks/sticky/sticky.wasm']) {
  access(`of each part for ${path}, unfolded`, async () => {
    await use(async (tab) => {
      await tab.choose(await fixtureFile(path));
      await tab.verdict();
      for (const name of await tab.parts()) {
        if (name === 'Rules') continue;
        const part = await tab.goTo(name);
        if (name === 'Conformance') {
          await part.getByRole('button', { name: 'Run the checks' }).click();
          await part.getByText('All checks').waitFor();
        }
        await tab.page.getByText('Working…').waitFor({ state: 'detached' });
        await tab.unfold();
        await isAccessible(tab, name);
      }
    });
  });
}

access('of a request with faults, budgets, an answer, a trap, and plots', async () => {
  await use(async (tab) => {
    await tab.choose({ name: 'trap.wasm', bytes: await trappingFilter() });
    await tab.verdict();
    await tab.goTo('Call');
    const text = tab.page.getByLabel('Request as JSON');
    await text.waitFor();
    await tab.page.getByRole('button', { name: 'Call filter' }).click();
    await tab.sees('Where it trapped');
    const good = await text.inputValue();
    await text.fill('{"method": 1,');
    await tab.page
      .getByRole('status', { name: 'Faults of the request' })
      .filter({ hasText: /expected/ })
      .waitFor();
    await tab.unfold();
    await tab.page.getByRole('textbox', { name: 'Fuel of a call', exact: true }).fill('much');
    await tab.sees('expected a whole number, or none');
    await isAccessible(tab, 'faults and a trap');
    await text.fill(good);
    await tab.choose(await fixtureFile('router/router.wasm'));
    await tab.file.getByRole('heading', { name: 'router.wasm' }).waitFor();
    await text.waitFor();
    await tab.page.getByRole('button', { name: 'Call filter' }).click();
    await tab.sees('filter answered');
    await tab.page.getByRole('button', { name: 'Repeat the call' }).click();
    await tab.sees(/calls were answered/);
    await isAccessible(tab, 'an answer and plots');
  });
});

access('axe-core finds what is wrong', async () => {
  await use(async (tab) => {
    await tab.page.addStyleTag({ content: '.lead { color: var(--line) }' });
    assert.match((await accessibilityFaults(tab.page)).join('\n'), /^color-contrast: <p class="lead"/);
  });
});

access.run();
