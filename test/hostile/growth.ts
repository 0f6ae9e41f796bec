import { buildEnding, callEnding, hostile, hostilePlugin, identityEnding } from './endings.ts';
import type { HostileCase } from './hostile-case.ts';
import {
  customSections,
  fullSection,
  functionOf,
  functionsOfLocals,
  importsModule,
  labelTables,
  locals,
  typeGroup,
  vectorOfHugeCount,
} from './made-modules.ts';

const growing: readonly (readonly [name: string, does: string, ends: string])[] = [
  ['memory', 'grows its memory page by page', 'call: OutOfMemory'],
  ['memory_at_once', 'grows its memory by 4 GiB', 'call: OutOfMemory'],
  ['table', 'grows its table endlessly', 'call: OutOfMemory'],
  ['table_at_once', 'grows its table by 4,294,967,295 entries', 'call: OutOfMemory'],
  ['kernel', 'allocates blocks and frees none', 'call: OutOfMemory'],
  ['kernel_at_once', 'allocates a block of 3.5 GiB', 'call: OutOfMemory'],
  ['kernel_beyond', 'allocates a block of 2^64 - 1 bytes, and gets handle 0', 'answers nothing'],
  ['small_blocks', 'allocates blocks of one byte until nothing is left', 'call: OutOfMemory'],
  ['variables', 'sets more and more variables', 'call: KernelFunction'],
];

/** Sections whose announced number of elements has a limit. */
const bounded: readonly number[] = [1, 2, 3, 4, 5, 7, 11];

/** Memory, tables, blocks and variables that a plugin takes at run time or declares. */
export const growth: readonly HostileCase[] = [
  ...growing.map(
    ([name, does, ends]): HostileCase => ({
      name: `growth, ${name}`,
      does,
      ends,
      run: async () => callEnding(await hostilePlugin('growth', { fuel: 100_000_000 }), name),
    }),
  ),
  {
    name: 'declared-memory',
    does: 'declares a memory of 4 GiB',
    ends: 'build: OutOfMemory',
    run: async () => buildEnding(await hostile('declared-memory')),
  },
  {
    name: 'declared-tables',
    does: 'declares 50 tables of 10 million entries in a few hundred bytes',
    ends: 'build: OutOfMemory',
    run: async () => buildEnding(await hostile('declared-tables')),
  },
  {
    name: 'a million imports',
    does: 'imports a million functions',
    ends: 'build: LimitExceeded',
    run: () => buildEnding(importsModule(1_000_000)),
  },
  {
    name: 'nine hundred imports',
    does: 'imports 900 functions that the host does not provide',
    ends: 'build: UnknownImports',
    run: () => buildEnding(importsModule(900)),
  },
  ...[1, 2, 3, 4, 5, 6, 7, 9, 11].map(
    (id): HostileCase => ({
      name: `section ${id} of 20 million elements`,
      does: 'has 60 MB of elements in one section',
      ends: 'build: LimitExceeded',
      run: () => buildEnding(fullSection(id, 20_000_000)),
    }),
  ),
  {
    name: 'a group of 20 million types',
    does: 'declares the types in one recursive group',
    ends: 'build: LimitExceeded',
    run: () => buildEnding(typeGroup(20_000_000)),
  },
  {
    name: 'a hundred thousand custom sections, and one more',
    does: 'has more sections than a reader accepts',
    ends: 'identity: WasmParseError',
    run: () => identityEnding(customSections(100_001)),
  },
  ...[1, 2, 3, 4, 5, 6, 7, 9, 10, 11].map(
    (section): HostileCase => ({
      name: `a huge count in section ${section}`,
      does: 'announces 4,294,967,295 elements in three bytes of contents',
      ends: `build: ${bounded.includes(section) ? 'LimitExceeded' : 'MalformedModule'}`,
      run: () => buildEnding(vectorOfHugeCount(section)),
    }),
  ),
  {
    name: 'four billion locals',
    does: 'declares 4,294,967,295 locals of one function in six bytes',
    ends: 'build: LimitExceeded',
    run: () => buildEnding(locals(0xffff_ffff)),
  },
  {
    name: 'ten thousand functions of many locals',
    does: 'declares 49,000 locals for each function, in 90 KB',
    ends: 'build: LimitExceeded',
    run: () => buildEnding(functionsOfLocals(10_000, 49_000)),
  },
  ...(
    [
      ['a million calls', [0x10, 0]],
      ['a million loops', [0x03, 0x40, 0x0b]],
      ['a million growths of memory', [0x41, 0, 0x40, 0, 0x1a]],
    ] as const
  ).map(
    ([name, code]): HostileCase => ({
      name,
      does: 'consists of instructions that take long to meter and to compile',
      ends: 'build: LimitExceeded',
      run: () => buildEnding(functionOf(code, 1_000_000)),
    }),
  ),
  {
    name: 'results through nested br_table',
    does: 'passes a thousand results to thousands of labels at every depth of nested blocks',
    ends: 'build: LimitExceeded',
    run: () => buildEnding(labelTables(200, 1_000, 1_000)),
  },
  {
    name: 'nested blocks',
    does: 'opens 100,000 nested blocks',
    ends: 'build: LimitExceeded',
    run: () => buildEnding(labelTables(100_000, 0, 0)),
  },
];
