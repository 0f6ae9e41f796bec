import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { customSection, customSections, readJsonSection, readModule } from '../../../src/wasm/index.ts';
import { moduleOf } from '../../support/bytes.ts';
import { wat } from '../../support/wat.ts';

const sections = suite('custom sections');

const moduleWith = (...texts: readonly string[]): WebAssembly.Module => {
  const parts = texts.map((text) => [...customSection('facts', new TextEncoder().encode(text))]);
  return new WebAssembly.Module(moduleOf(...parts));
};

sections('as JSON: the first section of a name is read', () => {
  assert.equal(readJsonSection(moduleWith('{"a":[1]}', '{"b":2}'), 'facts'), { a: [1] });
});

sections('as JSON: undefined if there is none, or it is not JSON', () => {
  assert.is(readJsonSection(moduleWith('{"a":1}'), 'others'), undefined);
  assert.is(readJsonSection(moduleWith('{"a":'), 'facts'), undefined);
});

sections('are found in order, with offset and contents', async () => {
  const bytes = await wat(`(module
    (@custom "first" (before first) "one") (type (func)) (@custom "" "") (@custom "first" "two"))`);
  const found = customSections(bytes, readModule(bytes).sections);
  assert.equal(
    found.map(({ name, contents }) => [name, new TextDecoder().decode(contents)]),
    [
      ['first', 'one'],
      ['', ''],
      ['first', 'two'],
    ],
  );
  assert.equal(
    found.map(({ offset }) => bytes[offset]),
    [0, 0, 0],
  );
  assert.is(found[0]?.offset, 8);
});

sections.run();
