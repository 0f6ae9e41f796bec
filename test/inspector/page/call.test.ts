// A person composes requests in the inspector, calls plugins, and changes their budgets.
import type { Locator } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  growingFilter,
  loopingFilter,
  markupInAnswers,
  SHOWN_MARKUP,
  trappingFilter,
} from '../../support/inspector-plugins.ts';
import { fixtureFile, type GivenFile, InspectorBrowser, type InspectorTab } from '../../support/inspector-tab.ts';

const calling = suite('calling a plugin in the inspector');
const inspector = new InspectorBrowser(calling, 'calling a plugin in the inspector');

/** Opens a plugin, and goes to where it is called. */
async function openToCall(tab: InspectorTab, { name, bytes }: GivenFile): Promise<void> {
  // A name of its own, so that what is seen is not of the file before.
  const file = { name: `${opened++} ${name}`, bytes };
  await tab.choose(file);
  await tab.file.getByRole('heading', { name: file.name }).waitFor();
  await tab.goTo('Call');
  await tab.page.getByLabel('Request as JSON').waitFor();
}

/** How many files were opened. */
let opened = 0;

/** Calls what is chosen, and returns what the page shows of it. */
async function call(tab: InspectorTab, name: string): Promise<string> {
  const result = tab.page.getByRole('region', { name: 'Result of the call' });
  // The result of a call before goes when the next begins.
  await tab.page.evaluate(() => document.querySelector('.result')?.setAttribute('data-before', ''));
  await tab.page.getByRole('button', { name: `Call ${name}` }).click();
  await result.and(tab.page.locator(':not([data-before])')).waitFor();
  return await result.innerText();
}

/** Sets a budget. */
async function setBudget(tab: InspectorTab, label: string, value: string): Promise<void> {
  const field = tab.page.getByRole('textbox', { name: label, exact: true });
  if (!(await field.isVisible())) await tab.page.getByText('Budgets and host').click();
  await field.fill(value);
}

/** Waits until a field has a value. */
async function untilValue(field: Locator, value: RegExp): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (value.test(await field.inputValue())) return;
    await field.page().waitForTimeout(50);
  }
  assert.match(await field.inputValue(), value);
}

/** A call of each kind that has a sample: the file, what is called, and what the answer has. */
const CALLS = [
  ['router/router.wasm', 'filter', /filter answered/],
  ['dialect/dialect.wasm', 'shape', /shape answered/],
  ['signer/signer.wasm', 'build_signer', /build_signer answered/],
  ['hooks/filter/filter.wasm', 'filter', /filter answered/],
  ['hooks/shape/shape.wasm', 'shape', /shape answered/],
] as const;

calling('each generation answers the sample of its function', async () => {
  await inspector.use({ place: 'loopback' }, async (tab) => {
    for (const [path, name, expected] of CALLS) {
      await openToCall(tab, await fixtureFile(path));
      const shown = await call(tab, name);
      assert.match(shown, expected, path);
      assert.match(shown, /Fuel\s+[1-9][\d,]*\s/, path);
    }
  });
});

calling('a request is changed in its form and in its text, and has faults while it has', async () => {
  await inspector.use({ view: 'phone' }, async (tab) => {
    await openToCall(tab, await fixtureFile('router/router.wasm'));
    const text = tab.page.getByLabel('Request as JSON');
    const form = tab.page.getByRole('group', { name: 'Request as a form' });
    const button = tab.page.getByRole('button', { name: 'Call filter' });
    const method = form.getByLabel('method');
    await method.fill('PATCH');
    await untilValue(text, /"method": "PATCH"/);
    await text.fill((await text.inputValue()).replace('PATCH', '<b id=own>'));
    await untilValue(method, /^<b id=own>$/);
    assert.not.ok(await button.isDisabled());
    await text.fill('{"method": ');
    const faults = tab.page.getByRole('status', { name: 'Faults of the request' });
    await faults.filter({ hasText: /expected|end/i }).waitFor();
    assert.ok(await button.isDisabled(), 'a request with faults is not sent');
    await text.fill('{}');
    await faults.filter({ hasText: /request_id|missing/ }).waitFor();
    assert.is(await tab.page.locator('#own').count(), 0);
  });
});

/** Budgets that are too small: the plugin, the field, the value, and what the call ends in. */
const BUDGETS: readonly (readonly [make: () => Promise<GivenFile>, label: string, value: string, end: RegExp])[] = [
  [() => fixtureFile('router/router.wasm'), 'Fuel of a call', '100000', /ran out of fuel/],
  [
    () => fixtureFile('router/router.wasm'),
    'Fuel of the handshake',
    '10',
    /was not called: the plugin failed in handshake/,
  ],
  [() => fixtureFile('router/router.wasm'), 'Fuel of the self-check', '10', /failed in self_check/],
  [
    () => fixtureFile('router/router.wasm'),
    'Initial pages of memory',
    '0',
    /the module initially has 1 pages? of memory, at most 0/,
  ],
  [async () => ({ name: 'loop.wasm', bytes: await loopingFilter() }), 'Time of a call', '50', /time|deadline|50 ms/i],
  [async () => ({ name: 'grow.wasm', bytes: await growingFilter() }), 'Pages of memory', '0', /memory/],
  [() => fixtureFile('hooks/filter/filter.wasm'), 'Fuel of a call', '100', /fuel/],
  [() => fixtureFile('hooks/filter/filter.wasm'), 'Fuel of a probe', '100', /was not called/],
];

calling('a budget that is too small ends the call, and the page says which', async () => {
  await inspector.use({}, async (tab) => {
    for (const [make, label, value, end] of BUDGETS) {
      await openToCall(tab, await make());
      const name = await tab.page.getByRole('button', { name: /^Call / }).innerText();
      await setBudget(tab, label, value);
      const shown = await call(tab, name.replace('Call ', ''));
      assert.match(shown, end, label);
      await setBudget(tab, label, '');
    }
  });
});

calling('a call without budgets never ends until it is stopped', async () => {
  await inspector.use({}, async (tab) => {
    await openToCall(tab, { name: 'loop.wasm', bytes: await loopingFilter() });
    await setBudget(tab, 'Fuel of a call', 'none');
    await setBudget(tab, 'Time of a call', 'none');
    await tab.page.getByRole('button', { name: 'Call filter' }).click();
    await tab.sees('Working…', tab.work);
    await tab.livesOn();
    await tab.page.getByRole('button', { name: 'Stop', exact: true }).click();
    await tab.sees('It was stopped.');
    await setBudget(tab, 'Fuel of a call', '');
    await setBudget(tab, 'Time of a call', '');
    assert.match(await call(tab, 'filter'), /fuel/);
  });
});

calling('a trap is shown with its stack', async () => {
  await inspector.use({}, async (tab) => {
    await openToCall(tab, { name: 'trap.wasm', bytes: await trappingFilter() });
    await call(tab, 'filter');
    const stack = await tab.page.getByRole('list', { name: 'Stack of the trap' }).getByRole('listitem').allInnerTexts();
    assert.match(stack.join('\n'), /^function \d+ inner\nfunction \d+ outer\n/, stack.join('\n'));
  });
});

calling('markup that a plugin logs and answers is text', async () => {
  await inspector.use({}, async (tab) => {
    await openToCall(tab, { name: 'markup.wasm', bytes: await markupInAnswers() });
    const shown = await call(tab, 'filter');
    assert.ok(shown.split(SHOWN_MARKUP).length > 1, shown);
    await tab.unfold();
    assert.is(await tab.page.locator('#own').count(), 0);
  });
});

calling('repeated calls are counted, plotted and read out', async () => {
  await inspector.use({}, async (tab) => {
    await openToCall(tab, { name: 'grow.wasm', bytes: await growingFilter() });
    await tab.page.getByLabel('Number of calls').fill('20');
    await tab.page.getByRole('button', { name: 'Repeat the call' }).click();
    const status = tab.page.getByRole('status', { name: 'Repeated calls' });
    await status.filter({ hasText: /^20 of 20 calls were answered\.$/ }).waitFor();
    const table = tab.page.getByRole('table', { name: 'Fuel, memory and time of the calls' });
    assert.match(await table.innerText(), /Pages of memory\s+3\s+12\s+22/, 'a page more with each call');
    const slider = tab.page.getByLabel('Call to show');
    await slider.focus();
    await tab.page.keyboard.press('ArrowRight');
    assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /^Call 2: [\d,]+ fuel, 4 pages, /);
    const inked = await tab.page.evaluate(() =>
      [...document.querySelectorAll('canvas')].map((canvas) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        return new Set(new Uint32Array(Uint8Array.from(data).buffer)).size;
      }),
    );
    assert.ok(inked.length >= 2 && inked.every((colours) => colours > 10), `colours of the plots: ${inked}`);
  });
});

calling('what was composed is there after a reload', async () => {
  await inspector.use({ isAttacked: true }, async (tab) => {
    await tab.openSample('router.wasm');
    await tab.verdict();
    await tab.goTo('Call');
    const text = tab.page.getByLabel('Request as JSON');
    await untilValue(text, /dry-run-request/);
    await text.fill((await text.inputValue()).replace('dry-run-request', 'request-of-mine'));
    await setBudget(tab, 'Fuel of a call', '1234');
    await tab.page.waitForURL(/request-of-mine.*1234|1234.*request-of-mine/);
    await tab.page.reload();
    await untilValue(text, /request-of-mine/);
    await tab.page.getByText('Budgets and host').click();
    await untilValue(tab.page.getByRole('textbox', { name: 'Fuel of a call', exact: true }), /^1234$/);
    assert.equal(tab.complaints, []);
  });
});

/** Composes a request, and leaves it sooner than it is kept by itself. */
async function compose(text: Locator, method: string): Promise<void> {
  await untilValue(text, /"method"/);
  await text.fill((await text.inputValue()).replace(/"method": "[^"]*"/, `"method": "${method}"`));
}

/** Ways to leave what was just composed: each ends with it shown again. */
const LEAVING: Readonly<Record<string, (tab: InspectorTab) => Promise<unknown>>> = {
  'by a link, and comes back by another': async (tab) => {
    await tab.goTo('Layers');
    await tab.part('Layers').waitFor();
    await tab.goTo('Call');
  },
  'by a link, and takes the step back': async (tab) => {
    await tab.goTo('Layers');
    await tab.part('Layers').waitFor();
    await tab.page.goBack();
  },
  'by the link to the rules, and comes back': async (tab) => {
    await tab.goTo('Rules');
    await tab.part('Rules').waitFor();
    await tab.goTo('Call');
  },
  'by a step back, and comes back by a link': async (tab) => {
    await tab.page.goBack();
    await tab.part('Layers').waitFor();
    await tab.goTo('Call');
  },
  'with the page, and takes the step back to it': async (tab) => {
    await tab.page.goto('about:blank');
    await tab.page.goBack();
  },
};

for (const [name, leave] of Object.entries(LEAVING)) {
  calling(`what was composed stays when the reader leaves it at once ${name}`, async () => {
    await inspector.use({ isAttacked: true }, async (tab) => {
      await tab.openSample('router.wasm');
      await tab.verdict();
      await tab.goTo('Call');
      const text = tab.page.getByLabel('Request as JSON');
      await compose(text, 'OF-MINE');
      await leave(tab);
      await tab.part('Call').waitFor();
      await untilValue(text, /"OF-MINE"/);
      assert.equal(tab.complaints, []);
    });
  });
}

calling('what was composed for one plugin or call is not that of the next', async () => {
  await inspector.use({}, async (tab) => {
    const text = tab.page.getByLabel('Request as JSON');
    await openToCall(tab, await fixtureFile('router/router.wasm'));
    await compose(text, 'OF-MINE');
    await tab.choose({ ...(await fixtureFile('router/router.wasm')), name: 'second.wasm' });
    await tab.file.getByRole('heading', { name: 'second.wasm' }).waitFor();
    await untilValue(text, /"method": "POST"/);
    await compose(text, 'OF-MINE');
    await tab.page.getByLabel('Function or hook').selectOption('shape');
    await tab.page.getByRole('button', { name: 'Call shape' }).waitFor();
    await tab.page.waitForTimeout(700); // the pause after which a text is kept
    assert.not.match(tab.page.url(), /OF-MINE/);
    assert.not.match(await text.inputValue(), /OF-MINE/);
  });
});

calling.run();
