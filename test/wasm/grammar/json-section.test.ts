import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { customSection, readJsonSection } from '../../../src/wasm/index.ts';
import { moduleOf } from '../../support/bytes.ts';

const sections = suite('custom sections of JSON');

const moduleWith = (...texts: readonly string[]): WebAssembly.Module => {
  const parts = texts.map((text) => [...customSection('facts', new TextEncoder().encode(text))]);
  return new WebAssembly.Module(moduleOf(...parts));
};

sections('the first of a name is read', () => {
  assert.equal(readJsonSection(moduleWith('{"a":[1]}', '{"b":2}'), 'facts'), { a: [1] });
});

sections('without one, and where no JSON is in it, there is nothing', () => {
  assert.is(readJsonSection(moduleWith('{"a":1}'), 'others'), undefined);
  assert.is(readJsonSection(moduleWith('{"a":'), 'facts'), undefined);
});

sections.run();
