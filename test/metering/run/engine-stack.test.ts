import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { engineFrames } from '../../../src/metering/run/engine-stack.ts';
import { recordedStacks } from './recorded-stacks.ts';

const stacks = suite('stacks of engines');

const offsets = [0x147, 0x192, 0x1ae];
const told = offsets.map((offset, at) => ({ index: 7 + at, offset }));
const hidden = offsets.map((offset) => ({ index: 0, offset }));

for (const [engine, frames] of [
  ['Node 20', told],
  ['Node 26', told],
  ['Deno 2.9', hidden],
  ['Bun 1.4', []],
  ['Chromium 156', told],
] as const) {
  stacks(`of ${engine}`, () => assert.equal(engineFrames(recordedStacks[engine] ?? ''), frames));
}

const frame = (index: number | string, module = 'wasm://wasm/m-1'): string =>
  `    at f (${module}:wasm-function[${index}]:0x10)`;
const indicesOf = (...lines: readonly string[]): readonly number[] =>
  engineFrames(['RuntimeError: unreachable', ...lines].join('\n')).map(({ index }) => index);

stacks('end where the host called the plugin', () => {
  assert.equal(indicesOf(frame(1), frame(2), '    at call (file:///host.js:1:2)', frame(3)), [1, 2]);
});

stacks('end where another module called the plugin', () => {
  assert.equal(indicesOf(frame(1), frame(2, 'wasm://wasm/2'), frame(3)), [1]);
});

stacks('are of the plugin alone, whatever its functions are called', () => {
  assert.equal(indicesOf('    at f (wasm://wasm/2:wasm-function[7]:0x1) (wasm://wasm/1:wasm-function[1]:0x10)'), [1]);
  assert.equal(indicesOf('    at :wasm-function[7]:0x1 (wasm://wasm/1:wasm-function[1]:0x10)'), [1]);
  assert.equal(indicesOf('    at :wasm-function[7]:0x1) (file:///host.js:1:2)'), []);
});

stacks('have no frames with numbers that no module has', () => {
  assert.equal(indicesOf(frame('12345678'), frame('-1'), frame(''), frame('1e3')), []);
});

stacks('are read as far as they are not longer than any engine writes', () => {
  assert.equal(indicesOf(frame(1), `    at ${'n'.repeat(2_000_000)} (wasm://wasm/m-1:wasm-function[2]:0x10)`), [1]);
  const spaces = ':wasm-function['.repeat(200_000);
  assert.equal(indicesOf(frame(1), spaces), [1]);
});

stacks.run();
