import { hostFunction } from '../../src/kernel/index.ts';
import type { PluginOptions } from '../../src/plugin/index.ts';
import { callEnding, endingOf, handle, hostilePlugin } from './endings.ts';
import type { HostileCase } from './hostile-case.ts';

const outputs: readonly (readonly [name: string, does: string, ends: string])[] = [
  ['gigabyte', 'answers with a gigabyte from the start of a block of eight bytes', 'answers nothing'],
  ['length_wraps', 'answers with 2^64 - 1 bytes', 'answers nothing'],
  ['offset_wraps', 'answers with sixteen bytes from 2^64 - 8 on', 'answers nothing'],
  ['offset_32_bits', 'answers from an offset of which only the low 32 bits are in bounds', 'answers nothing'],
  ['kernel_bytes', 'answers with the lists and maps of the kernel', 'answers nothing'],
  ['below_blocks', 'answers with the last byte before the first block', 'answers nothing'],
  ['rewritten', 'changes its answer after declaring it', 'answers zbcd'],
  ['freed', 'frees its answer, and writes to the block that it allocates next', 'answers abcd'],
  ['grown', 'makes kernel memory grow after declaring its answer', 'answers abcd'],
  ['kept', 'declares outputs out of bounds after a good one', 'answers abcd'],
];

/** Invalid handles. The input is at 2048 and has eight bytes. */
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

/** The outcome of a kernel function with an invalid handle. */
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
  ['reset', 'resets the kernel during a call, and continues', 'answers new!'],
  ['reset_after_output', 'resets the kernel after setting its output', 'answers nothing'],
  ['input_everything', 'declares all of kernel memory as its input', 'answers nothing'],
  ['input_past_the_end', 'declares inputs out of bounds', 'answers nothing'],
  ['error_and_zero', 'sets an error, and returns 0', 'call: PluginError'],
  ['error_not_utf8', 'sets an error that is not UTF-8, and returns 0', 'call: ErrorMessageUnreadable'],
  ['error_freed', 'frees its error, which is then not set', 'answers nothing'],
  ['error_inside_a_block', 'sets the middle of a block as its error, which does not count', 'answers nothing'],
  ['error_then_trap', 'sets an error, and traps', 'call: Trap'],
];

const blocks: readonly (readonly [name: string, does: string, ends: string])[] = [
  ['length_own', 'asks for the length of the middle of its own block', 'answers nothing'],
  ['error_own', 'sets the middle of its own block as its error', 'answers nothing'],
  ['variable_own', 'passes the middle of its own block as the key of a variable', 'call: KernelFunction'],
  ['double_free', 'frees a block twice, and allocates two', 'answers nothing'],
  ['stale', 'frees a block, allocates another, and uses the handle of the first', 'answers nothing'],
  ['input_as_key', 'frees its input, and reads it', 'answers nothing'],
];

const storms: readonly (readonly [name: string, does: string])[] = [
  ['fragments', 'frees 8,000 blocks, then makes 100,000 allocations that are a little too large for them'],
  ['double_frees', 'frees a block 100,000 times'],
  ['wild_frees', 'frees every offset of kernel memory except its own two blocks'],
  ['forged_headers', 'stores possible headers everywhere in kernel memory'],
  ['all_freed', 'fills kernel memory with 80,000 blocks, frees every offset, and asks for a large block'],
];

/** Calls a plugin that kept the handle of a block from its last call. */
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

/** A host function with a block as its parameter. */
const take: PluginOptions = { functions: [hostFunction('take', ['bytes'], [], () => undefined)] };

/** Misuse of the kernel's functions. */
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
    does: 'declares all of kernel memory in bounds as its output',
    ends: 'answers 63488 bytes, all zero except the input',
    run: async () => {
      const plugin = await hostilePlugin('outputs');
      const [first, ...rest] = plugin.call('everything', 'x');
      const others = rest.filter((byte) => byte !== 0).length;
      const isClean = others === 0 && first === 0x78;
      return `answers ${rest.length + 1} bytes, ${isClean ? 'all zero' : `${others} not zero`} except the input`;
    },
  },
  ...invalid.flatMap(([name, ends]) =>
    noBlocks.map(
      ([what, value]): HostileCase => ({
        name: `handles, ${name} of ${what}`,
        does: 'passes the kernel an invalid handle',
        ends,
        run: async () => callEnding(await hostilePlugin('handles', logging), name, handle(value)),
      }),
    ),
  ),
  ...noBlocks.map(
    ([what, value]): HostileCase => ({
      name: `handles-to-host, ${what}`,
      does: 'passes a host function an invalid handle',
      ends: 'call: HostFunction',
      run: async () => callEnding(await hostilePlugin('handles-to-host', take), 'take', handle(value)),
    }),
  ),
  {
    name: 'handles-to-host, the middle of its own block',
    does: 'passes a host function the middle of a block',
    ends: 'call: HostFunction',
    run: async () => callEnding(await hostilePlugin('handles-to-host', take), 'take_middle'),
  },
  {
    name: 'handles-to-host, a block of another plugin',
    does: 'passes a host function a handle of another plugin',
    ends: 'call: HostFunction',
    run: async () => {
      // The other plugin's block is at 2064 in its own kernel. In this plugin's kernel no block
      // starts there.
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
  kept('kept_variable', 'passes a block of its last call as the key of a variable', 'call: KernelFunction'),
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
