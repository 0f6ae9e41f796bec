import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelFunctionError } from '../../src/kernel/functions.ts';
import { createKernel } from '../../src/kernel/kernel.ts';
import { decodeUtf8, KernelMemory } from '../../src/kernel/memory.ts';
import { thrownBy } from '../support/failure.ts';

const memory = suite('kernel memory');

memory('bytes and text are written to blocks and read back', () => {
  const { memory: kernelMemory, exports } = createKernel();
  const bytes = kernelMemory.write(new Uint8Array([1, 2, 3]));
  const text = kernelMemory.writeText('grüße 🙂');
  assert.equal([...kernelMemory.block(bytes)], [1, 2, 3]);
  assert.is(exports.length(bytes), 3n);
  assert.is(kernelMemory.text(text, 'it'), 'grüße 🙂');
  assert.is(exports.length(text), 12n);
});

memory('no bytes have no block: handle 0 in both directions', () => {
  const { memory: kernelMemory } = createKernel();
  assert.is(kernelMemory.write(new Uint8Array()), 0n);
  assert.is(kernelMemory.writeText(''), 0n);
  assert.is(kernelMemory.block(0n).length, 0);
  assert.is(kernelMemory.text(0n, 'it'), '');
});

memory('an invalid handle is named in the error', () => {
  const { memory: kernelMemory, exports } = createKernel();
  const handle = kernelMemory.writeText('abc');
  kernelMemory.free(handle);
  for (const invalid of [handle, handle + 1n, 1n, 2n ** 40n, -1n]) {
    const thrown = thrownBy(() => kernelMemory.block(invalid));
    assert.instance(thrown, KernelFunctionError);
    assert.match(String(thrown), `invalid handle ${invalid}:`);
  }
  assert.is(exports.length(handle), 0n);
});

memory('the error names text that is not UTF-8, and does not show it', () => {
  const { memory: kernelMemory } = createKernel();
  const handle = kernelMemory.write(new Uint8Array([0x73, 0x65, 0x63, 0xff]));
  const thrown = thrownBy(() => kernelMemory.text(handle, 'the key'));
  assert.instance(thrown, KernelFunctionError);
  assert.match(String(thrown), 'the key is not valid UTF-8');
  assert.not.match(String(thrown), 'sec');
});

memory('a byte order mark is a character like any other', () => {
  const { memory: kernelMemory } = createKernel();
  assert.is(kernelMemory.text(kernelMemory.writeText('\uFEFFa'), 'it'), '\uFEFFa');
  assert.is(decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf])), '\uFEFF');
  assert.is(kernelMemory.lossyText(kernelMemory.write(new Uint8Array([0xef, 0xbb, 0xbf]))), '\uFEFF');
});

memory('UTF-8 is decoded strictly or with replacements', () => {
  const bytes = new Uint8Array([0x61, 0xff, 0x62]);
  assert.is(decodeUtf8(bytes), undefined);
  const { memory: kernelMemory } = createKernel();
  assert.is(kernelMemory.lossyText(kernelMemory.write(bytes)), 'a\uFFFDb');
  assert.is(kernelMemory.lossyText(0n), '');
});

const MIB = 1 << 20;

for (const length of [MIB - 1, MIB, MIB + 1, 3 * MIB - 1, 3 * MIB + 2]) {
  memory(`a text of ${length} bytes is decoded correctly at every cut`, () => {
    const { memory: kernelMemory } = createKernel();
    // Characters of one to four bytes, a byte order mark and a U+FFFD, which are ordinary
    // characters.
    const part = 'a\u00e9\u20ac\u{1f600}\ufeff\ufffd';
    const text = part.repeat(length / 14 + 1);
    const bytes = new TextEncoder().encode(text).subarray(0, length);
    const valid = decodeUtf8(bytes);
    const handle = kernelMemory.write(bytes);
    if (valid === undefined) assert.throws(() => kernelMemory.text(handle, 'it'), 'it is not valid UTF-8');
    else assert.ok(kernelMemory.text(handle, 'it') === valid);
    assert.ok(kernelMemory.lossyText(handle) === new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    bytes[length - 1] = 0x41;
    bytes[length - 2] = 0xc3;
    const broken = kernelMemory.write(bytes);
    assert.throws(() => kernelMemory.text(broken, 'it'), 'it is not valid UTF-8');
    assert.ok(kernelMemory.lossyText(broken).endsWith('\ufffdA'));
  });
}

memory('bytes are charged before they are read or written, and a long text reads the clock in between', () => {
  const { exports } = createKernel();
  const told: number[] = [];
  let last = Number.POSITIVE_INFINITY;
  const kernelMemory = new KernelMemory(exports, (bytes) => {
    told.push(bytes);
    if (told.length > last) throw new KernelFunctionError('over');
  });
  const handle = kernelMemory.write(new Uint8Array(3 * MIB).fill(0x41));
  assert.equal(told.splice(0), [3 * MIB]);
  kernelMemory.text(handle, 'it');
  assert.equal(told.splice(0), [3 * MIB, 0, 0, 0]);
  kernelMemory.block(0n);
  kernelMemory.writeText('');
  assert.equal(told, []);
  last = 2;
  assert.throws(() => kernelMemory.lossyText(handle), 'over');
  assert.equal(told.splice(0), [3 * MIB, 0, 0]);
  last = 0;
  const size = exports.memory_bytes();
  assert.throws(() => kernelMemory.write(new Uint8Array(3 * MIB)), 'over');
  assert.is(exports.memory_bytes(), size, 'nothing was allocated');
});

memory('the view is renewed after growth', () => {
  const { memory: kernelMemory, exports } = createKernel();
  const before = kernelMemory.view;
  assert.is(before.length, 65536);
  assert.is(kernelMemory.view, before);
  const handle = kernelMemory.write(new Uint8Array(200_000).fill(7));
  assert.is(before.length, 0);
  assert.is(BigInt(kernelMemory.view.length), exports.memory_bytes());
  assert.ok(kernelMemory.block(handle).every((byte) => byte === 7));
});

memory('exhaustion is an error that names the size', () => {
  const exhausted = {
    memory: new WebAssembly.Memory({ initial: 1 }),
    alloc: () => 0n,
    free: () => undefined,
    length: () => 0n,
  };
  const thrown = thrownBy(() => new KernelMemory(exhausted).write(new Uint8Array(5)));
  assert.instance(thrown, KernelFunctionError);
  assert.match(String(thrown), 'cannot allocate 5 bytes');
});

memory.run();
