import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StackReader, trapOf, withStack } from '../../../src/metering/run/trap-stack.ts';
import { wat } from '../../support/wat.ts';
import { recordedBodyEnds, recordedStacks } from './recorded-stacks.ts';

const stacks = suite('stacks of traps');

/** Has the functions of the module whose stacks were recorded, and their names. */
const RECORDED = `(module
  ${Array.from({ length: 6 }, (_, index) => `(import "host" "${index}" (func $import${index}))`).join(' ')}
  (func $unused) (func $panic_fmt) (func) (func $filter) (func $added) (func $added2))`;
const OWN = { imported: 2, defined: 4 };

const recorded = async (bodyEnds?: Uint32Array): Promise<StackReader> =>
  new StackReader(new WebAssembly.Module(new Uint8Array(await wat(RECORDED))), OWN, bodyEnds);

const frames = [{ index: 3, function: 'panic_fmt' }, { index: 4 }, { index: 5, function: 'filter' }];

for (const [engine, byIndex, byOffset] of [
  ['Node 20', frames, frames],
  ['Node 26', frames, frames],
  ['Deno 2.9', undefined, frames],
  ['Bun 1.4', undefined, undefined],
  ['Chromium 156', frames, frames],
] as const) {
  stacks(`of ${engine} by the index of the function, and by where its code is`, async () => {
    const text = recordedStacks[engine] ?? '';
    assert.equal((await recorded()).readText(text), byIndex);
    assert.equal((await recorded(recordedBodyEnds)).readText(text), byOffset);
  });
}

const textOf = (indices: readonly number[]): string =>
  indices.map((index) => `    at f (wasm://wasm/1:wasm-function[${index}]:0x10)`).join('\n');

stacks('are without what was added before and after the functions of the plugin', async () => {
  const reader = await recorded();
  assert.equal(reader.readText(textOf([10, 2, 9, 11, 5, 6, 4_000_000])), [
    { index: 5, function: 'filter' },
    { index: 2, function: 'unused' },
  ]);
  assert.is(reader.readText(textOf([10, 5])), undefined);
});

stacks('have 32 frames at most', async () => {
  const stack = (await recorded()).readText(textOf([10, ...Array.from({ length: 50 }, () => 9)]));
  assert.is(stack?.length, 32);
});

stacks('have names of bounded length, and none of a malformed section', async () => {
  const long = new Uint8Array(await wat(`(module (func $${'n'.repeat(10_000)}))`));
  const read = (bytes: Uint8Array<ArrayBuffer>) =>
    new StackReader(new WebAssembly.Module(bytes), { imported: 0, defined: 1 }).readText(textOf([0]));
  assert.equal(read(long), [{ index: 0, function: `${'n'.repeat(200)}… (9800 more characters)` }]);
  const malformed = long.map((byte) => (byte === 'n'.charCodeAt(0) ? 0xff : byte));
  // The name of the section is no longer "name" either way: spell it again.
  malformed[malformed.indexOf(0xff)] = 'n'.charCodeAt(0);
  assert.equal(read(malformed), [{ index: 0 }]);
});

stacks('are read from traps alone, if the stack has a text', async () => {
  const reader = await recorded();
  const text = recordedStacks['Node 26'];
  const trap = (stack: PropertyDescriptor): Error =>
    Object.defineProperty(new WebAssembly.RuntimeError('unreachable'), 'stack', { configurable: true, ...stack });
  assert.equal(reader.read(trap({ value: text })), frames);
  assert.is(reader.read(Object.assign(new Error('unreachable'), { stack: text })), undefined);
  assert.is(reader.read(trap({ value: [] })), undefined);
  const broken = (): never => {
    throw new Error('broken');
  };
  assert.is(reader.read(trap({ get: broken })), undefined);
});

stacks('are read when they are asked for, and once', () => {
  let reads = 0;
  const failure = withStack({ kind: 'Trap' }, () => [{ index: ++reads }]);
  assert.is(reads, 0);
  assert.equal(failure.stack, [{ index: 1 }]);
  assert.equal(failure.stack, [{ index: 1 }]);
});

stacks('are not in the JSON of a failure', () => {
  assert.is(JSON.stringify(withStack({ kind: 'Trap' }, () => [{ index: 1 }])), '{"kind":"Trap"}');
});

stacks('are found in a failure, or in one that it holds', () => {
  const trap = withStack({ kind: 'Trap' }, () => undefined);
  assert.is(trapOf(trap), trap);
  assert.is(trapOf({ kind: 'PluginCall', reason: 'it trapped', call: trap }), trap);
  for (const other of [undefined, null, 'stack', {}, { kind: 'Call', reason: 'stack', cause: null }])
    assert.is(trapOf(other), undefined);
});

stacks.run();
