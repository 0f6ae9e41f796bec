import { readdir } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixturePaths } from '../support/fixtures-list.ts';

const list = suite('list of fixtures');

list('is what the folder holds', async () => {
  const entries = await readdir(new URL('../../fixtures/', import.meta.url), { recursive: true });
  const built = entries.map((entry) => entry.replaceAll('\\', '/')).filter((entry) => entry.endsWith('.wasm'));
  assert.equal([...fixturePaths].sort(), built.sort());
});

list.run();
