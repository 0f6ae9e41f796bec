import { hostFunction } from '../../src/kernel/index.ts';
import type { PluginOptions } from '../../src/plugin/index.ts';
import { callEnding, endingOf, handle, hostilePlugin } from './endings.ts';
import type { HostileCase } from './hostile-case.ts';

const outputs: readonly (readonly [name: string, does: string, ends: string])[] = [
  ['gigabyte', 'answers with a gigabyte from the start of a block of eight bytes', 'answers nothing'],
  ['length_wraps', 'answers with 2^64 - 1 bytes', 'answers nothing'],
  ['offset_wraps', 'answers with sixteen bytes from 2^64 - 8 on', 'answers nothing'],
  ['offset_32_bits', 'answers from an offset that is in bounds by its low 32 bits only', 'answers nothing'],
  ['kernel_bytes', 'answers with the lists and maps of the kernel', 'answers nothing'],
  ['below_blocks', 'answers with the last byte before the first block', 'answers nothing'],
  ['rewritten', 'changes its answer after it has declared it', 'answers zbcd'],
  ['freed', 'frees its answer, and writes to the block that it allocates next', 'answers abcd'],
  ['grown', 'makes kernel memory grow after it has declared its answer', 'answers abcd'],
  ['kept', 'declares outputs out of bounds after a good one', 'answers abcd'],
];

/** Handles that are no block's: the input is at 2048, and has eight bytes. */
const noBlocks: readonly (readonly [what: string, value: bigint])[] = [
  ['1', 1n],
  ['the middle of the input', 2052n],
  ['the end of the input', 2056n],
  ['the last byte of kernel memory', 65_535n],
  ['past the end', 65_536n],
  ['2^32 past the input', 0x1_0000_0800n],
  ['-1', -1n],
  ['the least i64', -(2n ** 63n)],
];

/** What a kernel function makes of a handle that is none. */
const invalid: readonly (readonly [name: string, ends: string])[] = [
  ['length', 'answers nothing'],
  ['free', 'answers nothing'],
  ['error', 'answers nothing'],
  ['config', 'call: KernelFunction'],
  ['variable', 'call: KernelFunction'],
  ['set_key', 'call: KernelFunction'],
  ['set_value', 'call: KernelFunction'],
  ['request', 'call: KernelFunction'],
  ['log', 'call: KernelFunction'],
];

const logging: PluginOptions = { telemetry: { log: () => undefined, counter: () => undefined } };

const entries: readonly (readonly [name: string, does: string, ends: string])[] = [
  ['reset', 'resets the kernel in the middle of a call, and goes on', 'answers new!'],
  ['reset_after_output', 'resets the kernel after it has answered', 'answers nothing'],
  ['input_everything', 'declares all of kernel memory its input', 'answers nothing'],
  ['input_past_the_end', 'declares inputs out of bounds', 'answers nothing'],
  ['error_and_zero', 'sets an error, and returns 0', 'call: PluginError'],
  ['error_not_utf8', 'sets an error that is not UTF-8, and returns 0', 'call: ErrorMessageUnreadable'],
  ['error_freed', 'frees its error, which then is none', 'answers nothing'],
  ['error_inside_a_block', 'sets the middle of a block as its error, which is none', 'answers nothing'],
  ['error_then_trap', 'sets an error, and traps', 'call: Trap'],
];

const blocks: readonly (readonly [name: string, does: string, ends: string])[] = [
  ['length_own', 'asks for the length of the middle of its own block', 'answers nothing'],
  ['error_own', 'sets the middle of its own block as its error', 'answers nothing'],
  ['variable_own', 'gives the middle of its own block as the key of a variable', 'call: KernelFunction'],
  ['double_free', 'frees a block twice, and allocates two', 'answers nothing'],
  ['stale', 'frees a block, allocates another, and uses the handle of the first', 'answers nothing'],
  ['input_as_key', 'frees its input, and reads it', 'answers nothing'],
];

const storms: readonly (readonly [name: string, does: string])[] = [
  ['fragments', 'frees 8,000 blocks that are a little too small for the 100,000 that it asks for then'],
  ['double_frees', 'frees a block 100,000 times'],
  ['wild_frees', 'frees every offset of kernel memory but its own two blocks'],
  ['forged_headers', 'stores all over kernel memory what a header could be'],
  ['all_freed', 'fills kernel memory with 80,000 blocks, frees every offset, and asks for a large block'],
];

/** Runs a call after one of the same plugin that kept the handle of a block. */
const kept = (name: string, does: string, ends: string): HostileCase => ({
  name: `handles, ${name}`,
  does,
  ends,
  run: async () => {
    const plugin = await hostilePlugin('handles');
    endingOf(plugin, 'keep', handle(0n));
    return callEnding(plugin, name, handle(0n));
  },
});

/** A function of the host that takes a block. */
const take: PluginOptions = { functions: [hostFunction('take', ['bytes'], [], () => undefined)] };

/** The kernel's functions, used as no plugin should. */
export const kernelAbuse: readonly HostileCase[] = [
  ...outputs.map(
    ([name, does, ends]): HostileCase => ({
      name: `outputs, ${name}`,
      does,
      ends,
      run: async () => callEnding(await hostilePlugin('outputs'), name),
    }),
  ),
  {
    name: 'outputs, everything',
    does: 'answers with all of kernel memory that it may name',
    ends: 'answers 63488 bytes, none of them set but the input',
    run: async () => {
      const plugin = await hostilePlugin('outputs');
      const [first, ...rest] = plugin.call('everything', 'x');
      const others = rest.filter((byte) => byte !== 0).length;
      return `answers ${rest.length + 1} bytes, ${others === 0 && first === 0x78 ? 'none of them' : others} set but the input`;
    },
  },
  ...invalid.flatMap(([name, ends]) =>
    noBlocks.map(
      ([what, value]): HostileCase => ({
        name: `handles, ${name} of ${what}`,
        does: 'gives the kernel a handle of no block',
        ends,
        run: async () => callEnding(await hostilePlugin('handles', logging), name, handle(value)),
      }),
    ),
  ),
  ...noBlocks.map(
    ([what, value]): HostileCase => ({
      name: `handles-to-host, ${what}`,
      does: 'gives a function of the host a handle of no block',
      ends: 'call: HostFunction',
      run: async () => callEnding(await hostilePlugin('handles-to-host', take), 'take', handle(value)),
    }),
  ),
  {
    name: 'handles-to-host, the middle of its own block',
    does: 'gives a function of the host the middle of a block',
    ends: 'call: HostFunction',
    run: async () => callEnding(await hostilePlugin('handles-to-host', take), 'take_middle'),
  },
  {
    name: 'handles-to-host, a block of another plugin',
    does: 'gives a function of the host a handle that another plugin got',
    ends: 'call: HostFunction',
    run: async () => {
      // The other one's block is at the offset that its kernel gives it; here none starts there.
      const [other, plugin] = [await hostilePlugin('handles'), await hostilePlugin('handles-to-host', take)];
      other.call('keep', handle(0n));
      return callEnding(plugin, 'take', handle(2064n));
    },
  },
  ...blocks.map(
    ([name, does, ends]): HostileCase => ({
      name: `handles, ${name}`,
      does,
      ends,
      run: async () => callEnding(await hostilePlugin('handles'), name, handle(name.endsWith('_own') ? 8n : 0n)),
    }),
  ),
  kept('kept_length', 'asks for the length of a block of its last call', 'answers nothing'),
  kept('kept_byte', 'reads a block of its last call', 'answers nothing'),
  kept('kept_variable', 'gives a block of its last call as the key of a variable', 'call: KernelFunction'),
  ...storms.map(
    ([name, does]): HostileCase => ({
      name: `kernel-storms, ${name}`,
      does,
      ends: 'answers nothing',
      run: async () => callEnding(await hostilePlugin('kernel-storms', { fuel: 100_000_000 }), name),
    }),
  ),
  ...entries.map(
    ([name, does, ends]): HostileCase => ({
      name: `kernel-entries, ${name}`,
      does,
      ends,
      run: async () => callEnding(await hostilePlugin('kernel-entries'), name),
    }),
  ),
];
