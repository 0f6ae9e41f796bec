import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createKernel, type KernelExports } from '../../../src/kernel/kernel.ts';

const inputOutput = suite('input, output and error');

const PAGE = 65_536n;

const kernelWith = (input: string): KernelExports => {
  const kernel = createKernel();
  kernel.begin(input);
  return kernel.exports;
};

inputOutput('before the first call a kernel has no input, output and error', () => {
  const { input_length, input_offset, output_length, output_offset, error_get } = createKernel().exports;
  const answers = [input_length(), input_offset(), output_length(), output_offset(), error_get()];
  assert.equal(answers, [0n, 0n, 0n, 0n, 0n]);
});

inputOutput('input_load_u8 returns 0 from the length of the input on', () => {
  const { input_load_u8 } = kernelWith('abc');
  const at: readonly (readonly [bigint, number])[] = [
    [0n, 0x61],
    [2n, 0x63],
    [3n, 0],
    [4n, 0],
    [2n ** 32n, 0],
    [2n ** 64n - 8n, 0],
    [-1n, 0],
    [-(2n ** 63n), 0],
  ];
  for (const [index, byte] of at) assert.is(input_load_u8(index), byte, String(index));
});

inputOutput('input_load_u64 returns 0 if its last byte is beyond the end', () => {
  const { input_load_u64, input_offset, store_u64 } = kernelWith('0123456789');
  store_u64(input_offset() + 10n, -1n);
  const at: readonly (readonly [bigint, bigint])[] = [
    [0n, 0x3736353433323130n],
    [2n, 0x3938373635343332n],
    [3n, 0n],
    [9n, 0n],
    [10n, 0n],
    [2n ** 32n, 0n],
    // The index plus 8 wraps to 0 or more: the reference reads bytes before the input.
    ...Array.from({ length: 8 }, (_, past): readonly [bigint, bigint] => [BigInt(past - 8), 0n]),
    [-(2n ** 63n), 0n],
  ];
  for (const [index, word] of at) assert.is(input_load_u64(index), word, String(index));
  assert.is(kernelWith('01234567').input_load_u64(0n), 0x3736353433323130n);
  assert.is(kernelWith('0123456').input_load_u64(0n), 0n);
  assert.is(kernelWith('').input_load_u64(0n), 0n);
  assert.is(kernelWith('').input_load_u8(0n), 0);
});

/** Ranges, and whether they are accepted in a memory of one page. */
const ranges: readonly (readonly [offset: bigint, length: bigint, taken: boolean])[] = [
  [0n, 0n, false],
  [0n, 10n, false],
  [1n, 0n, false],
  [2047n, 1n, false],
  [2048n, 0n, true],
  [2048n, PAGE - 2048n, true],
  [2048n, PAGE - 2047n, false],
  [5000n, 10n, true],
  [PAGE - 1n, 1n, true],
  [PAGE - 1n, 0n, true],
  [PAGE - 1n, 2n, false],
  [PAGE, 0n, false],
  [PAGE, 1n, false],
  [5000n, -1n, false],
  [5000n, 2n ** 64n - 5000n, false],
  [5000n, 2n ** 64n - 4999n, false],
  [5000n, 2n ** 32n, false],
  [2n ** 32n + 5000n, 1n, false],
  [2n ** 64n - 1n, 1n, false],
  [2n ** 64n - 1n, 2n, false],
  [-8n, 16n, false],
];
for (const [offset, length, taken] of ranges) {
  inputOutput(`the range ${offset}, ${length} is ${taken ? 'accepted' : 'ignored'}`, () => {
    const { input_set, output_set, input_offset, input_length, output_offset, output_length } = kernelWith('');
    input_set(3000n, 5n);
    output_set(3001n, 6n);
    input_set(offset, length);
    output_set(offset, length);
    assert.equal([input_offset(), input_length()], taken ? [offset, length] : [3000n, 5n]);
    assert.equal([output_offset(), output_length()], taken ? [offset, length] : [3001n, 6n]);
  });
}

inputOutput('an input that the plugin sets is read like any other', () => {
  const { input_set, input_load_u8, input_load_u64, store_u64 } = kernelWith('abc');
  store_u64(PAGE - 8n, 0x0807060504030201n);
  input_set(PAGE - 8n, 8n);
  assert.is(input_load_u8(7n), 8);
  assert.is(input_load_u8(8n), 0);
  assert.is(input_load_u64(0n), 0x0807060504030201n);
  assert.is(input_load_u64(1n), 0n);
});

const errors: readonly (readonly [handle: bigint, taken: boolean])[] = [
  [0n, true],
  [1n, false],
  [2047n, false],
  [2048n, true],
  [PAGE - 1n, true],
  [PAGE, false],
  [2n ** 32n + 2048n, false],
  [-1n, false],
];
for (const [handle, taken] of errors) {
  inputOutput(`the error handle ${handle} is ${taken ? 'accepted' : 'ignored'}`, () => {
    const { error_set, error_get } = kernelWith('');
    error_set(4000n);
    error_set(handle);
    assert.is(error_get(), taken ? handle : 4000n);
  });
}

inputOutput('reset clears input, output and error', () => {
  const {
    reset,
    input_length,
    input_offset,
    output_set,
    output_length,
    output_offset,
    error_set,
    error_get,
    input_load_u8,
  } = kernelWith('abc');
  output_set(2048n, 3n);
  error_set(2048n);
  reset();
  assert.equal(
    [input_length(), input_offset(), output_length(), output_offset(), error_get(), input_load_u8(0n)],
    [0n, 0n, 0n, 0n, 0n, 0],
  );
});

inputOutput.run();
