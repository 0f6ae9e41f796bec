// What the inspector keeps in its address: for a reload, for a link, and against whoever wrote it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixtureFile, InspectorBrowser } from '../../support/inspector-tab.ts';

const state = suite('the address of the inspector');
const inspector = new InspectorBrowser(state, 'the address of the inspector');

state('leads back to the sample and the part after a reload, in every part', async () => {
  await inspector.use({ isAttacked: true }, async (tab) => {
    await tab.openSample('router.wasm');
    await tab.verdict();
    for (const name of await tab.parts()) {
      await tab.goTo(name);
      const address = tab.page.url();
      await tab.page.reload();
      await tab.part(name).waitFor();
      await tab.file.getByRole('heading', { name: 'router.wasm' }).waitFor();
      assert.is(tab.page.url(), address);
    }
    assert.equal(tab.complaints, []);
  });
});

state('is a step back for each part and each sample', async () => {
  await inspector.use({}, async (tab) => {
    await tab.openSample('router.wasm');
    await tab.verdict();
    await tab.goTo('Contents');
    await tab.openSample('sticky.wasm');
    await tab.file.getByRole('heading', { name: 'sticky.wasm' }).waitFor();
    await tab.part('Contents').waitFor();
    await tab.page.goBack();
    await tab.file.getByRole('heading', { name: 'router.wasm' }).waitFor();
    await tab.part('Contents').waitFor();
    await tab.page.goBack();
    await tab.part('Layers').waitFor();
    await tab.page.goForward();
    await tab.part('Contents').waitFor();
  });
});

state('holds nothing of a file', async () => {
  await inspector.use({}, async (tab) => {
    const { bytes } = await fixtureFile('router/router.wasm');
    await tab.choose({ name: 'a-name-that-nobody-else-has.wasm', bytes });
    await tab.verdict();
    for (const name of await tab.parts()) {
      await tab.goTo(name);
      const fragment = new URL(tab.page.url()).hash;
      assert.not.match(fragment, /nobody/);
      assert.ok(fragment.length < 60, fragment);
    }
  });
});

/** Fragments that nobody gets from the page. */
const FRAGMENTS: Readonly<Record<string, string>> = {
  'a megabyte': `#request=${'a'.repeat(1_000_000)}`,
  'a megabyte of fields': `#${'a=1&'.repeat(250_000)}`,
  'a broken percent sign': '#sample=%E0%A4%A&panel=%',
  markup: `#panel=<img src=x onerror=alert(1)>&sample=<script>alert(1)</script>&request=<img src=x onerror=alert(1)>`,
  'markup in a rule': '#panel=rules&rule=<img src=x onerror=alert(1)>%23<b id=own>',
  'names of objects': '#__proto__=1&constructor=2&panel=__proto__&sample=constructor&call=toString&rule=valueOf',
  'numbers out of range': '#func=-1&fuel=1e999&wallMs=99999999999999999999&memoryMaxPages=NaN&repeats=0',
  'paths as rules': '#panel=rules&rule=../../../etc/passwd%23x',
  'NUL and surrogates': '#panel=%00&sample=%ED%A0%80&request=%00%ED%A0%80',
  script: '#javascript:alert(1)',
};

state('harms nothing, whoever wrote it', async () => {
  await inspector.use({ isAttacked: true }, async (tab) => {
    const page = tab.page.url();
    for (const [name, fragment] of Object.entries(FRAGMENTS)) {
      await tab.page.goto('about:blank');
      await tab.page.goto(page + fragment);
      await tab.sees('No plugin is open.', tab.file);
      assert.is(await tab.page.locator('#own, img').count(), 0, name);
      assert.is(await tab.page.evaluate(() => Reflect.get({}, '1')), undefined, name);
      await tab.openSample('router.wasm');
      await tab.file.getByRole('heading', { name: 'router.wasm' }).waitFor();
      await tab.goTo('Layers');
      assert.match(await tab.verdict(), /A host admits this plugin/, name);
    }
    assert.equal(tab.complaints, []);
  });
});

state('may change under the page to each of these', async () => {
  await inspector.use({ fragment: '#sample=router' }, async (tab) => {
    await tab.verdict();
    for (const fragment of Object.values(FRAGMENTS)) {
      await tab.page.evaluate((hash) => {
        location.hash = hash;
      }, fragment);
      await tab.livesOn();
    }
    await tab.page.evaluate(() => {
      location.hash = '#sample=hook-sticky';
    });
    await tab.file.getByRole('heading', { name: 'sticky.wasm' }).waitFor();
    assert.match(await tab.verdict(), /A host admits this plugin/);
  });
});

state.run();
