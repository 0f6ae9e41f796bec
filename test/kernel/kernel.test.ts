import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { kernelFunctionNames } from '../../src/kernel/functions.ts';
import { createKernel, Kernel } from '../../src/kernel/kernel.ts';
import type { KernelOptions } from '../../src/kernel/options.ts';
import { thrownBy } from '../support/failure.ts';

const kernels = suite('kernel');

const inputText = (kernel: Kernel): string => {
  const { input_offset, input_length } = kernel.exports;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(kernel.memory.range(input_offset(), input_length()));
};

kernels('exports every function of the ABI and the memory, and cannot be changed', () => {
  const { exports } = createKernel();
  assert.equal(Object.keys(exports).sort(), ['memory', ...kernelFunctionNames].sort());
  assert.ok(Object.isFrozen(exports));
  assert.instance(exports.memory, WebAssembly.Memory);
});

const inputs: readonly (readonly [what: string, input: string, text: string])[] = [
  ['empty text', '', ''],
  ['ASCII', 'hello', 'hello'],
  ['text of two-byte characters', 'ÄÖÜ', 'ÄÖÜ'],
  ['ASCII, then one other character at the end', `${'a'.repeat(5000)}€`, `${'a'.repeat(5000)}€`],
  ['characters outside the basic plane', '🙂🙂', '🙂🙂'],
  ['a lone surrogate', 'a\uD800b', 'a\uFFFDb'],
  ['a lone surrogate at the end', 'a\uDC00', 'a\uFFFD'],
  ['a byte order mark', '\uFEFFa', '\uFEFFa'],
  ['U+0000', '\0', '\0'],
];
for (const [what, input, expected] of inputs) {
  kernels(`begin with ${what}: as UTF-8 in a block of its length`, () => {
    const kernel = createKernel();
    kernel.begin('what was there before');
    assert.ok(kernel.begin(input));
    assert.is(inputText(kernel), expected);
    const bytes = new TextEncoder().encode(input);
    const { input_length, input_offset, length } = kernel.exports;
    assert.is(input_length(), BigInt(bytes.length));
    assert.is(length(input_offset()), BigInt(bytes.length));
    assert.ok(kernel.begin(bytes));
    assert.is(inputText(kernel), expected);
  });
}

kernels('begin with several megabytes, of text and of bytes', () => {
  const kernel = createKernel();
  const text = 'é'.repeat(2_000_000);
  assert.ok(kernel.begin(text));
  assert.is(inputText(kernel), text);
  const bytes = Uint8Array.from({ length: 5_000_000 }, (_, index) => index * 7);
  assert.ok(kernel.begin(bytes));
  assert.equal(kernel.memory.block(kernel.exports.input_offset()).slice(), bytes);
});

kernels('begin with part of a larger buffer, and with shared memory', () => {
  const kernel = createKernel();
  kernel.begin(new TextEncoder().encode('xhellox').subarray(1, -1));
  assert.is(inputText(kernel), 'hello');
  if (typeof SharedArrayBuffer === 'undefined') {
    console.log('skipped: no SharedArrayBuffer here');
    return;
  }
  const shared = new Uint8Array(new SharedArrayBuffer(3));
  shared.set([0x61, 0x62, 0x63]);
  kernel.begin(shared);
  assert.is(inputText(kernel), 'abc');
});

kernels('begin with a view of its own memory uses the bytes from before the call', () => {
  const kernel = createKernel();
  kernel.begin('first');
  const view = kernel.memory.block(kernel.exports.input_offset());
  assert.ok(kernel.begin(view));
  assert.is(inputText(kernel), 'first');
});

kernels('begin removes what the last call left', () => {
  const kernel = createKernel();
  kernel.begin('secret input');
  const block = kernel.memory.writeText('secret output');
  kernel.exports.output_set(block, 13n);
  kernel.exports.error_set(block);
  kernel.exports.store_u64(40_000n, -1n);
  kernel.begin('');
  assert.equal([...kernel.output()], []);
  assert.is(kernel.errorMessage(), undefined);
  assert.is(kernel.exports.length(block), 0n);
  assert.is(kernel.exports.output_length(), 0n);
  assert.is(kernel.exports.output_offset(), 0n);
  assert.is(kernel.exports.input_length(), 0n);
  assert.is(kernel.exports.input_offset(), 0n);
  assert.ok(kernel.memory.view.subarray(2048).every((byte) => byte === 0));
});

kernels('output is a view of the declared range, in a block or not', () => {
  const kernel = createKernel();
  assert.is(kernel.output().length, 0);
  const block = kernel.memory.writeText('0123456789');
  kernel.exports.output_set(block + 2n, 3n);
  assert.is(new TextDecoder().decode(kernel.output()), '234');
  kernel.exports.store_u8(65535n, 7);
  kernel.exports.output_set(65535n, 1n);
  assert.equal([...kernel.output()], [7]);
  assert.is(kernel.output().buffer, kernel.exports.memory.buffer);
});

kernels('the error message is a live block as text; null when it is not UTF-8', () => {
  const kernel = createKernel();
  const set = (handle: bigint): string | null | undefined => {
    kernel.exports.error_set(handle);
    return kernel.errorMessage();
  };
  assert.is(set(0n), undefined);
  const message = kernel.memory.writeText('kaputt: ß');
  assert.is(set(message), 'kaputt: ß');
  assert.is(set(message + 1n), undefined);
  assert.is(set(kernel.memory.write(new Uint8Array([0xff]))), null);
  assert.is(set(message), 'kaputt: ß');
  kernel.memory.free(message);
  assert.is(kernel.errorMessage(), undefined);
  assert.is(set(kernel.memory.writeText('\uFEFF')), '\uFEFF');
  assert.is(set(0n), undefined);
});

kernels('only the beginning of an error message above 1 MiB is read, in whole characters', () => {
  const MIB = 1 << 20;
  const read = (bytes: Uint8Array): string | null | undefined => {
    const kernel = createKernel();
    kernel.exports.error_set(kernel.memory.write(bytes));
    return kernel.errorMessage();
  };
  const filled = (length: number, ...end: number[]): Uint8Array => {
    const bytes = new Uint8Array(length).fill(0x61);
    bytes.set(end, length - end.length);
    return bytes;
  };
  assert.ok(read(filled(MIB, 0xc3, 0xa9)) === `${'a'.repeat(MIB - 2)}é`);
  assert.ok(read(filled(MIB + 1)) === `${'a'.repeat(MIB)}... (the first 1048576 of 1048577 bytes)`);
  // Characters of two, three and four bytes that begin one byte before the end of what is read.
  for (const character of ['é', '€', '\u{1f600}']) {
    const bytes = filled(MIB - 1 + 10);
    bytes.set(new TextEncoder().encode(character), MIB - 1);
    assert.ok(read(bytes) === `${'a'.repeat(MIB - 1)}... (the first 1048575 of 1048585 bytes)`, character);
  }
  assert.is(read(filled(2 * MIB).fill(0xff)), null);
  assert.is(read(filled(2 * MIB).fill(0x80)), null);
  assert.match(read(filled(2 * MIB, 0xff)) ?? '', /a\.\.\. \(the first/);
});

kernels('two kernels share nothing', () => {
  const [one, two] = [createKernel(), createKernel()];
  one.begin('mine');
  two.begin('');
  one.exports.var_set(one.memory.writeText('k'), one.memory.writeText('v'));
  one.exports.store_u8(5000n, 1);
  assert.is(two.exports.load_u8(5000n), 0);
  assert.is(two.exports.var_get(two.memory.writeText('k')), 0n);
  assert.is(inputText(two), '');
  assert.is(inputText(one), 'mine');
});

kernels('a call that returned from JavaScript is not marked as aborted', () => {
  const kernel = createKernel();
  assert.not(kernel.crossingAborted);
  kernel.exports.config_get(0n);
  assert.not(kernel.crossingAborted);
  assert.throws(() => kernel.exports.config_get(99n));
  assert.not(kernel.crossingAborted);
  // The state that an exception past the kernel would leave.
  const global = () => new WebAssembly.Global<'i32'>({ value: 'i32', mutable: true }, 0);
  const adapter = { crossing: global(), failed: global() };
  kernel.adapt(adapter);
  adapter.crossing.value = 1;
  assert.ok(kernel.crossingAborted);
  kernel.begin('');
  assert.not(kernel.crossingAborted);
});

kernels('without an instance there are no exports and no memory', () => {
  const kernel = new Kernel();
  assert.throws(() => kernel.exports, /no instance yet/);
  assert.throws(() => kernel.memory, /no instance yet/);
  assert.not(kernel.crossingAborted);
});

kernels('in an instance that exports only what the host uses there is a memory, but no exports', () => {
  const kernel = new Kernel();
  const { memory } = createKernel().exports;
  kernel.bind({ memory, log_level: new WebAssembly.Global<'i32'>({ value: 'i32', mutable: true }, 0) });
  assert.is(kernel.memory.view.length, 65_536);
  assert.throws(() => kernel.exports, /a linked kernel exports only what the host calls/);
});

const level = "options.logLevel must be 'trace', 'debug', 'info', 'warn', 'error' or 'off'";
const limit = 'options.maxVarBytes must be a number from 0 up, or Infinity';
const meter = 'options.meter must be an object with the functions takePages and readClock, and burn if bytes cost fuel';
const mistakes: readonly (readonly [what: string, options: unknown, message: string])[] = [
  ['null', null, 'options must be an object'],
  ['NaN as a limit', { maxVarBytes: Number.NaN }, limit],
  ['a negative limit', { maxVarBytes: -1 }, limit],
  ['a limit in words', { maxVarBytes: 'much' }, limit],
  ['an unknown level', { logLevel: 'loud' }, level],
  ['a number in config', { config: { port: 80 } }, 'options.config must be a plain object of strings'],
  ['a log that is not a function', { log: console }, 'options.log must be a function'],
  ['a meter without a clock', { meter: { takePages: () => true } }, meter],
  ['a meter whose burn is a number', { meter: { takePages: () => true, readClock: () => false, burn: 1 } }, meter],
  [
    'an unknown option',
    { maxVarByte: 1 },
    'options.maxVarByte must be left out: there is no such option, did you mean maxVarBytes?',
  ],
];

for (const [what, options, message] of mistakes) {
  kernels(`${what} is refused as an option`, () => {
    for (const make of [createKernel, (given: KernelOptions) => new Kernel(given)]) {
      // Wrong on purpose: a host in JavaScript may pass such options.
      const thrown = thrownBy(() => make(options as KernelOptions));
      assert.instance(thrown, TypeError);
      assert.is(String(thrown), `TypeError: ${message}`);
    }
  });
}

kernels.run();
