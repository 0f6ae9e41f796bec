// A person looks at a plugin in the inspector, and sees at once what it is and where its bytes are.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareHooks } from '../../../src/hooks/index.ts';
import { fixture } from '../../support/fixture.ts';
import { fixtureFile, InspectorBrowser } from '../../support/inspector-tab.ts';

const glance = suite('a plugin at a glance in the inspector');
const inspector = new InspectorBrowser(glance, 'a plugin at a glance in the inspector');

glance('below the verdict stands what the plugin is for', async () => {
  await inspector.use({ fragment: '#sample=router' }, async (tab) => {
    await tab.verdict();
    await tab.sees('router 1.0.0', tab.part('Layers'));
    await tab.sees('filter (version 1)', tab.part('Layers'));
  });
});

glance('a text of the metadata has its own lines, and an export leads to its code', async () => {
  await inspector.use({}, async (tab) => {
    await tab.choose(await fixtureFile('hooks/filter/filter.wasm'));
    await tab.verdict();
    const contents = await tab.goTo('Contents');
    await contents.getByText('Nothing else is configured.', { exact: true }).waitFor();
    const exported = contents.getByRole('table', { name: 'Exports' }).getByRole('row', { name: /^cc_lb_filter / });
    await exported.getByRole('link').click();
    await tab
      .part('Code')
      .getByRole('heading', { name: /^Function \d+: .*cc_lb_filter/ })
      .waitFor();
  });
});

glance('no export of a prepared plugin leads to code: its functions have other indices there', async () => {
  await inspector.use({}, async (tab) => {
    await tab.choose({ name: 'p.wasm', bytes: prepareHooks(await fixture('hooks/filter/filter.wasm')) });
    await tab.verdict();
    const exports = (await tab.goTo('Contents')).getByRole('table', { name: 'Exports', exact: true });
    await exports.getByRole('row', { name: /^cc_lb_filter / }).waitFor();
    assert.is(await exports.getByRole('link').count(), 0);
  });
});

glance('a field of the map shows the index or the name, and where a pointer rests all of it', async () => {
  await inspector.use({ fragment: '#sample=router&panel=sections' }, async (tab) => {
    const field = (title: RegExp) => tab.page.getByTitle(title).first();
    assert.match(await field(/^function 67, [\d,]+ bytes$/).innerText(), /^67$/);
    assert.match(await field(/^function \d+: filter, [\d,]+ bytes$/).innerText(), /^filter$/);
    assert.match(await field(/^segment 76, [\d,]+ bytes$/).innerText(), /^76$/);
    assert.match(await field(/^code, [\d,]+ bytes$/).innerText(), /^code\n/);
  });
});

glance('a call that fails shows at once the text with which the plugin refused it', async () => {
  await inspector.use({ fragment: '#sample=bad-answers&panel=call&call=sign' }, async (tab) => {
    await tab.page.getByRole('button', { name: 'Call sign' }).click();
    const result = tab.page.getByRole('region', { name: 'Result of the call' });
    await result.getByText('Reason: broken').waitFor();
  });
});

glance('what takes long can be stopped where it was started, at the end of a long page', async () => {
  await inspector.use({ view: 'phone' }, async (tab) => {
    await tab.choose(await fixtureFile('hooks/hostile/loop-in-hook.wasm'));
    await tab.verdict();
    await (await tab.goTo('Call')).getByText('Budgets and host').click();
    for (const budget of ['Fuel of a probe', 'Time of a probe']) await tab.page.getByLabel(budget).fill('none');
    await tab.page.getByRole('button', { name: 'Call filter' }).click();
    const stop = tab.page.getByRole('button', { name: 'Stop', exact: true });
    await stop.waitFor();
    const { top, bottom, height } = await stop.evaluate((button) => {
      const { top, bottom } = button.getBoundingClientRect();
      return { top, bottom, height: innerHeight };
    });
    assert.ok(top > 0 && bottom <= height, `${top} to ${bottom} of ${height}`);
    await stop.click();
    await tab.sees('It was stopped.', tab.part('Call'));
  });
});

glance('the file input shows no text that says nothing is chosen while a plugin is open', async () => {
  await inspector.use({}, async (tab) => {
    await tab.choose(await fixtureFile('router/router.wasm'));
    await tab.verdict();
    const colour = await tab.page.getByLabel('Choose a plugin').evaluate((input) => getComputedStyle(input).color);
    assert.is(colour, 'rgba(0, 0, 0, 0)');
  });
});

glance.run();
