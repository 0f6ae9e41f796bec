// A person drops a text or a link on the inspector, and uses it where the browser refuses to write
// the address.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InspectorBrowser, type InspectorTab } from '../../support/inspector-tab.ts';

const misuse = suite('misusing the inspector');
const inspector = new InspectorBrowser(misuse, 'misusing the inspector');

/** Drags something over an element, and drops it there. */
async function drag(
  tab: InspectorTab,
  selector: string,
  type: 'text/plain' | 'text/uri-list' | 'Files',
): Promise<{ readonly isMarked: boolean; readonly isTaken: boolean }> {
  return await tab.page.evaluate(
    ([selector, type]) => {
      const dataTransfer = new DataTransfer();
      if (type === 'Files') dataTransfer.items.add(new File(['x'], 'x.wasm'));
      else dataTransfer.setData(type, 'https://example.com/');
      const init = { dataTransfer, bubbles: true, cancelable: true };
      const target = document.querySelector(selector);
      if (target === null) throw new Error(`there is no ${selector}`);
      target.dispatchEvent(new DragEvent('dragover', init));
      const isMarked = document.body.hasAttribute('data-dropping');
      // The page takes it from the browser, which would act upon it.
      const isTaken = !target.dispatchEvent(new DragEvent('drop', init));
      return { isMarked, isTaken };
    },
    [selector, type] as const,
  );
}

misuse('a text is dropped into the request, and not elsewhere', async () => {
  await inspector.use({ fragment: '#sample=router&panel=call' }, async (tab) => {
    await tab.page.getByLabel('Request as JSON').waitFor();
    for (const type of ['text/plain', 'text/uri-list'] as const) {
      assert.equal(await drag(tab, '#request-text', type), { isMarked: false, isTaken: false });
      assert.equal(await drag(tab, 'h1', type), { isMarked: false, isTaken: true });
      assert.equal(await drag(tab, '#file', type), { isMarked: false, isTaken: true });
    }
    await tab.file.getByRole('heading', { name: 'router.wasm' }).waitFor();
    assert.equal(await drag(tab, '#request-text', 'Files'), { isMarked: true, isTaken: true });
    await tab.file.getByRole('heading', { name: 'x.wasm' }).waitFor();
  });
});

misuse('the page works where the browser refuses to change the address', async () => {
  await inspector.use({ fragment: '#sample=router&panel=call' }, async (tab) => {
    const text = tab.page.getByLabel('Request as JSON');
    const first = await text.inputValue();
    await tab.page.evaluate(() => {
      const refuse = (): never => {
        throw new DOMException('too many calls', 'SecurityError');
      };
      Object.assign(history, { pushState: refuse, replaceState: refuse });
    });
    await text.fill(`${first} `);
    await tab.page.getByText('Budgets and host').click();
    await tab.page.getByLabel('Fuel').first().fill('1000');
    await tab.openSample('sticky.wasm');
    await tab.file.getByRole('heading', { name: 'sticky.wasm' }).waitFor();
    await tab.part('Call').getByRole('button', { name: 'Call filter' }).waitFor();
  });
});

misuse('a request that is too long for the address stays when another part is looked at', async () => {
  await inspector.use({ fragment: '#sample=router&panel=call' }, async (tab) => {
    const text = tab.page.getByLabel('Request as JSON');
    const long = `${await text.inputValue()}${' '.repeat(40_000)}`;
    await text.fill(long);
    await tab.page.waitForTimeout(700); // the pause after which a text is kept
    await tab.goTo('Layers');
    await tab.goTo('Call');
    assert.is((await text.inputValue()).length, long.length);
  });
});

misuse('a folder is refused, and the message says what to open', async () => {
  await inspector.use({}, async (tab) => {
    // A page cannot make a folder that is dropped: the browser does it as for a person.
    const session = await tab.page.context().newCDPSession(tab.page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      const data = { items: [], files: ['/'], dragOperationsMask: 1 };
      await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
    }
    await tab.sees(/The browser cannot read it\. Open a file and not a folder/, tab.file);
  });
});

misuse.run();
