import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelFunctionError } from '../../src/kernel/functions.ts';
import type { hostValueKinds } from '../../src/kernel/host-function.ts';
import { hostValueConversions } from '../../src/kernel/host-values.ts';
import { createKernel } from '../../src/kernel/kernel.ts';
import { thrownBy } from '../support/failure.ts';

const values = suite('host values');

type Kind = (typeof hostValueKinds)[number];

/**
 * Values that are encoded as a result, then decoded as an argument, and must not change. `empty`
 * ones are passed as handle 0.
 */
const roundTrips: readonly (readonly [kind: Kind, value: unknown, decoded?: unknown])[] = [
  ['i32', -5],
  ['f32', 1.5],
  ['f64', Number.NaN],
  ['f64', -0],
  ['i64', -5n],
  ['i64', 2n ** 63n - 1n],
  ['i64', 7, 7n],
  ['text', 'grüße 🙂'],
  ['text', '\uFEFFa'],
  ['text', ''],
  ['text', '\0'],
  ['text', 'a\uD800', 'a\uFFFD'],
  ['bytes', new Uint8Array([0, 255, 7])],
  ['bytes', new Uint8Array()],
  ['bytes', new Uint8Array([9, 1, 2, 9]).subarray(1, 3), new Uint8Array([1, 2])],
  ['u64le', 0n],
  ['u64le', 2n ** 64n - 1n],
  ['u64le', 2 ** 53 - 1, 2n ** 53n - 1n],
  ['i64le', -(2n ** 63n)],
  ['i64le', 2n ** 63n - 1n],
  ['i64le', -1, -1n],
];
for (const [kind, value, decoded = value] of roundTrips) {
  values(`${kind} ${String(value)} goes and comes`, () => {
    const { memory } = createKernel();
    const { encode, decode } = hostValueConversions[kind];
    const raw = encode(memory, value);
    const back = decode(memory, raw);
    assert.ok(Object.is(back, decoded) || (back instanceof Uint8Array && assert.equal(back, decoded) === undefined));
  });
}

values('integers in blocks are 8 bytes, little-endian', () => {
  const { memory } = createKernel();
  const handle = BigInt(hostValueConversions.u64le.encode(memory, 0x0102030405060708n));
  assert.equal([...memory.block(handle)], [8, 7, 6, 5, 4, 3, 2, 1]);
  assert.equal([...memory.block(BigInt(hostValueConversions.i64le.encode(memory, -2)))], [254, ...Array(7).fill(255)]);
});

values("bytes are a copy: the plugin's memory is not the host's to keep", () => {
  const { memory, exports } = createKernel();
  const handle = memory.write(new Uint8Array([1, 2]));
  const decoded = hostValueConversions.bytes.decode(memory, handle);
  exports.store_u8(handle, 9);
  assert.equal(decoded, new Uint8Array([1, 2]));
});

for (const kind of ['u64le', 'i64le'] as const) {
  for (const length of [0, 1, 4, 7, 9, 16]) {
    values(`a ${kind} in a block of ${length} bytes is refused`, () => {
      const { memory } = createKernel();
      const handle = memory.write(new Uint8Array(length));
      const thrown = thrownBy(() => hostValueConversions[kind].decode(memory, handle));
      assert.instance(thrown, KernelFunctionError);
      assert.match(String(thrown), `a ${kind} argument is a block of 8 bytes, not ${length}`);
    });
  }
}

values('handle 0 is empty text and no bytes', () => {
  const { memory } = createKernel();
  assert.is(hostValueConversions.text.decode(memory, 0n), '');
  assert.equal(hostValueConversions.bytes.decode(memory, 0n), new Uint8Array());
  assert.is(hostValueConversions.text.encode(memory, ''), 0n);
  assert.is(hostValueConversions.bytes.encode(memory, new Uint8Array()), 0n);
});

for (const kind of ['text', 'bytes', 'u64le', 'i64le'] as const) {
  values(`an invalid handle of a ${kind} is refused`, () => {
    const thrown = thrownBy(() => hostValueConversions[kind].decode(createKernel().memory, -1n));
    assert.instance(thrown, KernelFunctionError);
    assert.match(String(thrown), 'invalid handle -1');
  });
}

values('text that is not UTF-8 is refused', () => {
  const { memory } = createKernel();
  const handle = memory.write(new Uint8Array([0xc0, 0xaf]));
  assert.match(String(thrownBy(() => hostValueConversions.text.decode(memory, handle))), 'not valid UTF-8');
});

const wrongResults: readonly (readonly [kind: Kind, value: unknown, message: RegExp])[] = [
  ['i32', '1', /i32 result must be a number, but the host function returned string/],
  ['i32', 1n, /returned bigint/],
  ['f32', undefined, /returned undefined/],
  ['f64', null, /returned null/],
  ['f64', Promise.resolve(1), /returned a promise: a host function must be synchronous/],
  ['i64', 1.5, /i64 result must be a bigint or a safe integer/],
  ['i64', 2 ** 53, /safe integer/],
  ['i64', '1', /returned string/],
  ['text', 5, /text result must be a string/],
  ['text', new Uint8Array(2), /returned object/],
  ['text', Promise.resolve('a'), /a promise/],
  ['bytes', 'abc', /bytes result must be a Uint8Array/],
  ['bytes', [1, 2], /returned object/],
  ['bytes', new ArrayBuffer(2), /returned object/],
  ['u64le', -1n, /u64le result is out of range/],
  ['u64le', -1, /out of range/],
  ['u64le', 2n ** 64n, /out of range/],
  ['u64le', Number.NaN, /safe integer/],
  ['u64le', '5', /returned string/],
  ['i64le', 2n ** 63n, /i64le result is out of range/],
  ['i64le', -(2n ** 63n) - 1n, /out of range/],
  ['i64le', Number.POSITIVE_INFINITY, /safe integer/],
];
for (const [kind, value, message] of wrongResults) {
  values(`a ${kind} result that is ${String(value)} (${typeof value}) is refused`, () => {
    const kernel = createKernel();
    const thrown = thrownBy(() => hostValueConversions[kind].encode(kernel.memory, value));
    assert.instance(thrown, KernelFunctionError);
    assert.match(String(thrown), message);
    assert.is(kernel.exports.alloc(1n), 2048n);
  });
}

values.run();
