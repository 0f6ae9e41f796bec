// A person opens a file in the inspector: one of each kind, in each way.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareHooks } from '../../../src/hooks/index.ts';
import { preparePlugin } from '../../../src/plugin/index.ts';
import { utf8 } from '../../support/bytes.ts';
import { fixture } from '../../support/fixture.ts';
import { fixtureFile, type GivenFile, InspectorBrowser, type InspectorTab } from '../../support/inspector-tab.ts';

const opening = suite('opening a file in the inspector');
const inspector = new InspectorBrowser(opening, 'opening a file in the inspector');

/** Good plugins: a file, and what the page says of it. */
const GOOD = [
  ['router/router.wasm', 'generation 1'],
  ['dialect/dialect.wasm', 'generation 1'],
  ['signer/signer.wasm', 'generation 1'],
  ['c/observer/observer.wasm', 'generation 1'],
  ['hooks/filter/filter.wasm', 'generation 2'],
  ['hooks/shape/shape.wasm', 'generation 2'],
] as const;

for (const place of ['disk', 'loopback'] as const) {
  opening(`with the file input, from ${place}: each kind of plugin is admitted`, async () => {
    await inspector.use({ place }, async (tab) => {
      for (const [path, generation] of GOOD) {
        const file = await fixtureFile(path);
        await tab.choose(file);
        await tab.file.getByRole('heading', { name: file.name }).waitFor();
        await tab.sees(generation, tab.file);
        assert.match(await tab.verdict(), /A host admits this plugin/, path);
      }
    });
  });
}

/** Drops files on the page at once, as the desktop does. */
async function drop(tab: InspectorTab, ...files: GivenFile[]): Promise<void> {
  const transfer = await tab.page.evaluateHandle(
    (files) => {
      const transfer = new DataTransfer();
      for (const { name, text } of files) {
        const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
      }
      return transfer;
    },
    files.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString('base64') })),
  );
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await tab.page.dispatchEvent('body', type, { dataTransfer: transfer });
  }
}

opening('by dropping it: the page stays, and the file is open', async () => {
  await inspector.use({}, async (tab) => {
    await drop(tab, await fixtureFile('router/router.wasm'));
    assert.match(await tab.verdict(), /A host admits this plugin/);
    await drop(tab, await fixtureFile('hooks/filter/filter.wasm'));
    await tab.file.getByRole('heading', { name: 'filter.wasm' }).waitFor();
    assert.match(await tab.verdict(), /A host admits this plugin/);
  });
});

opening('a file that is dropped between two others is the last that counts', async () => {
  await inspector.use({}, async (tab) => {
    await drop(tab, await fixtureFile('hostile/loops.wasm'));
    await drop(tab, await fixtureFile('router/router.wasm'));
    await drop(tab, await fixtureFile('hooks/shape/shape.wasm'));
    await tab.file.getByRole('heading', { name: 'shape.wasm' }).waitFor();
    assert.match(await tab.verdict(), /A host admits this plugin/);
  });
});

opening('of several files that are dropped at once: the first, and the page says so', async () => {
  await inspector.use({}, async (tab) => {
    const [router, shape] = [await fixtureFile('router/router.wasm'), await fixtureFile('hooks/shape/shape.wasm')];
    const note = tab.file.getByText(/, the first of [\d,]+ files/);
    await drop(tab, router, shape, shape);
    await tab.sees('Opened router.wasm, the first of 3 files: the page shows one at a time.', tab.file);
    assert.match(await tab.verdict(), /A host admits this plugin/);
    await drop(tab, { name: 'text.wasm', bytes: utf8('text') }, router);
    await tab.file.getByRole('heading', { name: 'text.wasm' }).waitFor();
    await tab.sees('Opened text.wasm, the first of 2 files', tab.file);
    await drop(tab, shape);
    await tab.file.getByRole('heading', { name: 'shape.wasm' }).waitFor();
    assert.is(await note.count(), 0, 'a file that came alone');
    await tab.page.evaluate(() => {
      const transfer = new DataTransfer();
      const large = new File([new Uint8Array(33 * 1024 * 1024)], 'large.wasm');
      for (const file of [large, new File(['x'], 'x.wasm')]) transfer.items.add(file);
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
    });
    await tab.sees('Tried large.wasm, the first of 2 files', tab.file);
    await tab.openSample('router.wasm');
    await tab.file.getByRole('heading', { name: 'router.wasm' }).waitFor();
    assert.is(await note.count(), 0, 'a sample');
  });
});

/** The samples, in the order of the list, and what the page says of each. */
const SAMPLES: readonly (readonly [file: string, verdict: RegExp])[] = [
  ['router.wasm', /A host admits this plugin/],
  ['observer.wasm', /A host admits this plugin/],
  ['bad-answers.wasm', /A host admits this plugin/],
  ['self-check-failure.wasm', /A host rejects this plugin: Layer 3: self-check failed/],
  ['echo.wasm', /A host rejects this plugin: Layer 2: handshake failed/],
  ['loop-in-self-check.wasm', /A host rejects this plugin: Layer 3: self-check failed/],
  ['no-identity.wasm', /A host rejects this plugin: Layer 1: identity failed/],
  ['sticky.wasm', /A host admits this plugin/],
  ['seal.wasm', /A host admits this plugin/],
  ['answers.wasm', /A host admits this plugin/],
  ['loop-in-hook.wasm', /A host rejects this plugin: Step 3: probe of filter failed/],
];

opening('each sample: the page says what a host does with it', async () => {
  await inspector.use({ view: 'phone' }, async (tab) => {
    const offered = await tab.page.getByLabel('Or open a sample').locator('option:not([value=""])').allTextContents();
    assert.equal(
      offered.map((text) => text.replace(/:.*/s, '')),
      SAMPLES.map(([file]) => file),
    );
    for (const [file, verdict] of SAMPLES) {
      await tab.openSample(file);
      await tab.file.getByRole('heading', { name: file }).waitFor();
      assert.match(await tab.verdict(), verdict, file);
    }
  });
});

opening('a prepared plugin of each generation', async () => {
  await inspector.use({}, async (tab) => {
    const wire = preparePlugin(await fixture('router/router.wasm'), { kernel: 'linked' });
    const hook = prepareHooks(await fixture('hooks/filter/filter.wasm'));
    for (const [bytes, generation] of [
      [wire, 'generation 1, prepared'],
      [hook, 'generation 2, prepared'],
    ] as const) {
      await tab.choose({ name: `${generation}.wasm`, bytes });
      await tab.sees(generation, tab.file);
      assert.match(await tab.verdict(), /A host admits this plugin/, generation);
      assert.not.ok((await tab.parts()).includes('Metering'), 'it is metered already');
    }
  });
});

/** Files that are not modules: the bytes, and what the page says. */
const NO_MODULES: Readonly<Record<string, readonly [bytes: Uint8Array, said: RegExp]>> = {
  empty: [new Uint8Array(0), /not WebAssembly but an empty file/],
  text: [utf8('a plugin <img src=x onerror=alert(1)>'), /NotWebAssembly/],
  json: [utf8('{"a": 1}'), /not WebAssembly but JSON/],
  elf: [Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1), /not WebAssembly but a native program or object of Linux/],
  zip: [Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0), /not WebAssembly but a zip archive/],
  component: [Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), /a WebAssembly component, but a plugin is a core/],
  cut: [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 0x7f), /the bytes end where 127 bytes of the type section/],
};

opening('a file that is not a module: the page says so, and offers nothing that runs it', async () => {
  await inspector.use({}, async (tab) => {
    for (const [name, [bytes, said]] of Object.entries(NO_MODULES)) {
      await tab.choose({ name: `${name}.wasm`, bytes });
      await tab.file.getByRole('heading', { name: `${name}.wasm` }).waitFor();
      assert.match((await tab.file.textContent()) ?? '', said, name);
      assert.equal(await tab.parts(), ['Rules'], name);
    }
    await tab.openSample('router.wasm');
    assert.match(await tab.verdict(), /A host admits this plugin/);
  });
});

opening('a file of 64 MiB is refused before it is read', async () => {
  await inspector.use({}, async (tab) => {
    await tab.page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(64 * 1024 * 1024)], 'large.wasm'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
    });
    await tab.file.getByRole('heading', { name: 'large.wasm was not opened' }).waitFor();
    await tab.sees('It has 67,108,864 bytes, and this page takes at most 33,554,432', tab.file);
  });
});

opening.run();
