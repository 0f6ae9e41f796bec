// A person reads the sections of a module in the inspector, and a function beside its metered form.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareHooks } from '../../../src/hooks/index.ts';
import { fixture } from '../../support/fixture.ts';
import { fixtureFile, InspectorBrowser } from '../../support/inspector-tab.ts';

const reading = suite('the code of a plugin in the inspector');
const inspector = new InspectorBrowser(reading, 'the code of a plugin in the inspector');

reading('a section leads to its largest function, which stands beside its metered form', async () => {
  await inspector.use({ fragment: '#sample=router&panel=sections' }, async (tab) => {
    const sections = tab.page.getByRole('table', { name: 'Sections of the module' });
    assert.match(await sections.getByRole('row', { name: /^code/ }).innerText(), /code\s+10\s+0x[\da-f]{6}\s+[\d,]+\s/);
    const largest = tab.page.getByRole('table', { name: 'The largest functions' }).getByRole('link').first();
    const index = (await largest.innerText()).trim();
    await largest.click();
    await tab
      .part('Code')
      .getByRole('heading', { name: `Function ${index}` })
      .waitFor();
    const lines = tab.part('Code').getByRole('table');
    await lines.getByRole('columnheader', { name: 'Metered' }).waitFor();
    assert.match(await lines.innerText(), /charges [\d,]+ fuel/);
    assert.ok((await lines.getByRole('row', { name: /added:/ }).count()) > 10);
  });
});

reading('the legend of the charges leads to why they are there', async () => {
  await inspector.use({ fragment: '#sample=router&panel=function' }, async (tab) => {
    await tab.part('Code').getByText('What the charges are for').click();
    await tab.part('Code').getByRole('link', { name: 'Why the charges are there, and why they are exact' }).click();
    const heading = tab.part('Rules').getByRole('heading', { name: 'Where do charges go, and why is that exact?' });
    await heading.waitFor();
    await tab.page.waitForFunction(() => document.activeElement?.textContent?.startsWith('Where do charges go'));
    await tab.sees('Callers may pay.', tab.part('Rules'));
    assert.is(await tab.part('Rules').getByRole('heading', { name: 'Binary format' }).count(), 0, 'only that part');
    await tab.page.goBack();
    await tab.part('Code').getByText('What the charges are for').waitFor();
  });
});

reading('a function is found by its name, on a phone, and a link leads back to it', async () => {
  await inspector.use({ view: 'phone', isAttacked: true }, async (tab) => {
    await tab.openSample('sticky.wasm');
    await tab.verdict();
    const part = await tab.goTo('Code');
    await part.getByLabel('Find a function by its name or index').fill('cc_lb_filter');
    await part
      .getByRole('status')
      .filter({ hasText: /^[1-9]\d* of / })
      .waitFor();
    await part.getByRole('link', { name: 'cc_lb_filter' }).first().tap();
    const title = part.getByRole('heading', { name: /^Function \d+: .*cc_lb_filter/ });
    const before = await title.innerText();
    await tab.page.reload();
    assert.is(await title.innerText(), before);
    assert.equal(tab.complaints, []);
  });
});

reading('what cannot be metered again, or is not there, is said', async () => {
  await inspector.use({}, async (tab) => {
    const bytes = prepareHooks(await fixture('hooks/filter/filter.wasm'));
    await tab.choose({ name: 'prepared.wasm', bytes });
    await tab.verdict();
    await tab.goTo('Code');
    await tab.sees('The plugin is prepared, so this is the metered code already.');
    assert.equal(await tab.part('Code').getByRole('columnheader').allTextContents(), ['Metered']);
    await tab.choose(await fixtureFile('router/router.wasm'));
    await tab.file.getByRole('heading', { name: 'router.wasm' }).waitFor();
    await tab.part('Code').getByRole('table').waitFor();
    await tab.page.evaluate(() => {
      location.hash = `${location.hash}&func=9999999`;
    });
    await tab.sees(/9,?999,?999/, tab.part('Code'));
  });
});

reading.run();
