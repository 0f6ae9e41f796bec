// A person opens plugins in the inspector that do the page harm, if anything can.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareHooks } from '../../../src/hooks/index.ts';
import { preparePlugin } from '../../../src/plugin/index.ts';
import { fixture } from '../../support/fixture.ts';
import {
  answeringHandshake,
  describedBy,
  endless,
  identifiedBy,
  MARKUP,
  markupInAnswers,
  markupInError,
  markupInImports,
  markupInMetadata,
  markupInNames,
  SHOWN_MARKUP,
} from '../../support/inspector-plugins.ts';
import { fixtureFile, InspectorBrowser, type InspectorTab } from '../../support/inspector-tab.ts';

const hostile = suite('a hostile plugin in the inspector');
const inspector = new InspectorBrowser(hostile, 'a hostile plugin in the inspector');

/** Prepared plugins that never come back, which nothing but the end of their worker stops. */
const ENDLESS = {
  'a handshake': async () =>
    endless(preparePlugin(await fixture('router/router.wasm'), { kernel: 'linked' }), 'cc_lb_handshake'),
  'a hook': async () => endless(prepareHooks(await fixture('hooks/sticky/sticky.wasm')), 'cc_lb_filter'),
};

/** Waits for a text of the worker's status, however short it is seen on a busy machine. */
async function saysInPassing({ work }: InspectorTab, text: string): Promise<void> {
  await work.evaluate(
    (status, wanted) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (status.textContent?.startsWith(wanted)) resolve();
        };
        new MutationObserver(look).observe(status, { childList: true, subtree: true, characterData: true });
      }),
    text,
  );
}

/** Waits until the worker has nothing to do, and another plugin can be opened. */
async function worksAgain(tab: InspectorTab): Promise<void> {
  await tab.openSample('sticky.wasm');
  assert.match(await tab.verdict(), /A host admits this plugin/);
}

for (const [what, make] of Object.entries(ENDLESS)) {
  hostile(`${what} without an end: the page lives on, says that it stops, and works again`, async () => {
    await inspector.use({ view: 'phone' }, async (tab) => {
      await tab.choose({ name: 'endless.wasm', bytes: await make() });
      await tab.sees('Working…', tab.work);
      await tab.livesOn();
      await tab.sees('Admitting the plugin…');
      const stopping = saysInPassing(tab, 'Stopping: a browser takes up to two seconds');
      await tab.page.getByRole('button', { name: 'Stop' }).tap();
      await stopping;
      await tab.livesOn();
      await tab.page.getByText('Stopping').waitFor({ state: 'detached' });
      await tab.sees('It was stopped.');
      await worksAgain(tab);
    });
  });
}

hostile('another file is opened while a plugin never comes back', async () => {
  await inspector.use({}, async (tab) => {
    await tab.choose({ name: 'endless.wasm', bytes: await ENDLESS['a hook']() });
    await tab.sees('Working…', tab.work);
    await worksAgain(tab);
    await tab.page.getByText('Stopping').waitFor({ state: 'detached' });
  });
});

/** Hostile plugins of fixtures, and what the page says of each. */
const FAILURES: Readonly<Record<string, string>> = {
  'hostile/loops.wasm': 'Timeout: cc_lb_handshake ran out of fuel: 10,000,000 of 10,000,000 fuel',
  'hostile/loop-in-start.wasm': 'plugin ran out of fuel (10,000,000 of 10,000,000 fuel)',
  'hostile/loop-in-self-check.wasm': 'ran out of fuel',
  'hostile/declared-memory.wasm': 'the module initially has 65536 pages of memory, at most 1024 are allowed',
  'hostile/declared-tables.wasm': 'the module initially has 500000000 table entries, at most 1000000 are allowed',
  'hooks/hostile/loop-in-hook.wasm': 'GuestTrap: filter: cc_lb_filter failed: the plugin ran out of fuel',
  'hooks/hostile/loop-in-start.wasm': 'InstantiateFailed: filter: the plugin could not be instantiated',
  'hooks/hostile/alloc-outside.wasm': 'cc_lb_alloc returned 4294967295 for 376 bytes',
};

hostile('each that loops or grows fails with what it did, and the page lives on', async () => {
  await inspector.use({}, async (tab) => {
    for (const [path, failure] of Object.entries(FAILURES)) {
      await tab.choose(await fixtureFile(path));
      await tab.file.getByRole('heading', { name: path.slice(path.lastIndexOf('/') + 1) }).waitFor();
      assert.match(await tab.verdict(), /A host rejects this plugin/, path);
      await tab.sees(failure, tab.part('Layers'));
      await tab.livesOn();
    }
  });
});

/** How the bombs in JSON end. */
const BOMBS: readonly (readonly [name: string, make: () => Promise<Uint8Array>, verdict: RegExp])[] = [
  ['deep', () => answeringHandshake('['.repeat(200_000)), /Layer 2: handshake failed/],
  ['long', () => answeringHandshake(`{"a":"${'a'.repeat(200_000)}"}`), /Layer 2: handshake failed/],
  ['wide', () => answeringHandshake(`[${'{},'.repeat(60_000)}{}]`), /Layer 2: handshake failed/],
  ['identity', () => identifiedBy('{"a":'.repeat(10_000)), /Layer 1: identity failed/],
  ['metadata', () => describedBy('['.repeat(200_000)), /Step 1: inspection failed/],
];

hostile('a bomb in JSON is refused, shown in part, and can be checked', async () => {
  await inspector.use({}, async (tab) => {
    for (const [name, make, verdict] of BOMBS) {
      await tab.choose({ name: `${name}.wasm`, bytes: await make() });
      await tab.file.getByRole('heading', { name: `${name}.wasm` }).waitFor();
      assert.match(await tab.verdict(), verdict, name);
      await tab.unfold();
      const shown = (await tab.part('Layers').textContent()) ?? '';
      assert.ok(shown.length < 40_000, `${name}: ${shown.length} characters are shown`);
      const part = await tab.goTo('Conformance');
      await part.getByRole('button', { name: 'Run the checks' }).click();
      await part.getByRole('button', { name: 'Run the checks again' }).waitFor();
      assert.match((await part.getByRole('status').textContent()) ?? '', /failed/, name);
      await tab.goTo('Layers');
    }
  });
});

hostile('the checks of a plugin that loops can be stopped, and started again', async () => {
  await inspector.use({}, async (tab) => {
    await tab.choose({ name: 'endless.wasm', bytes: await ENDLESS['a hook']() });
    await tab.sees('Working…', tab.work);
    await tab.page.getByRole('button', { name: 'Stop' }).click();
    const part = await tab.goTo('Conformance');
    await part.getByRole('button', { name: 'Run the checks', exact: true }).click();
    await part.getByRole('progressbar', { name: 'Checks' }).waitFor();
    await tab.livesOn();
    await part.getByRole('button', { name: 'Stop the checks' }).click();
    await tab.sees('The checks were stopped.', part);
    await part.getByRole('button', { name: 'Run the checks again' }).waitFor();
  });
});

/** Plugins with markup wherever a plugin has a say. */
const MARKED = {
  'its identity, exports and sections': markupInNames,
  'its logs and answers': markupInAnswers,
  'its error': markupInError,
  'its imports': markupInImports,
  'its metadata': markupInMetadata,
};

for (const [where, make] of Object.entries(MARKED)) {
  hostile(`markup in ${where} is text in every part of the page`, async () => {
    await inspector.use({}, async (tab) => {
      await tab.choose({ name: `${MARKUP}.wasm`, bytes: await make() });
      await tab.file.getByRole('heading', { name: SHOWN_MARKUP }).waitFor();
      let shown = 0;
      for (const name of await tab.parts()) {
        if (name === 'Rules') continue;
        const part = await tab.goTo(name);
        if (name === 'Conformance') await part.getByRole('button', { name: 'Run the checks' }).click();
        await tab.work.filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
        await tab.livesOn();
        await tab.unfold();
        const text = (await part.textContent()) ?? '';
        shown += text.split(SHOWN_MARKUP).length - 1;
        assert.is(await tab.page.locator('#own').count(), 0);
      }
      assert.ok(shown > 0, 'the markup is shown somewhere');
    });
  });
}

hostile.run();
