import type { ByteSink } from '../../../src/wasm/encoding/byte-sink.ts';
import { codeOnly, type Kind } from '../kind.ts';
import type { Fragment, ModuleDraft } from '../module-draft.ts';
import { EMPTY, I32, I64 } from '../value-types.ts';

/**
 * Locals that branches look at and assignments are made to: as many as a function of ordinary code
 * has.
 */
const LOCALS = 16;

function repeat(times: number, write: (turn: number) => void): void {
  for (let turn = 0; turn < times; turn++) write(turn);
}

/** Branches out of one block. */
const branches: Kind = {
  name: 'branches',
  about: 'branches to one label: 65,536 make V8 abort the process',
  limit: 'branches',
  max: 1_000_000,
  variants: ['plain', 'assigned', 'backward', 'if', 'return', 'carrying'],
  add: (draft, size, variant) =>
    variant === 'carrying'
      ? carrying(draft, size)
      : {
          locals: [{ count: LOCALS, type: I32 }],
          write: (code, base) => {
            code.bytes([variant === 'backward' ? 0x03 : 0x02, EMPTY]);
            repeat(size, (turn) => writeBranch(code, variant, turn, base));
            code.byte(0x0b);
          },
        },
};

/** Values that branches carry. */
const CARRIED = 64;

/** Branches to one label that carry many values each. */
function carrying(draft: ModuleDraft, size: number): Fragment {
  const width = draft.atMost('results', CARRIED);
  const type = draft.type([], Array<number>(width).fill(I32));
  return {
    locals: [{ count: 1, type: I32 }],
    write: (code, base) => {
      code.byte(0x02);
      code.s32(type);
      repeat(width, (turn) => code.bytes([0x41, turn % 64]));
      repeat(size, () => {
        code.byte(0x20);
        code.u32(base);
        code.bytes([0x0d, 0]);
      });
      code.byte(0x0b);
      repeat(width, () => code.byte(0x1a));
    },
  };
}

function writeBranch(code: ByteSink, variant: string, turn: number, base: number): void {
  const local = base + (turn % LOCALS);
  if (variant === 'assigned') {
    // The value that the local has at the label depends on the branch that led there.
    code.byte(0x41);
    code.s32(turn % 64);
    code.byte(0x21);
    code.u32(base + ((turn * 7) % (LOCALS - 1)));
    code.byte(0x20);
    code.u32(base + LOCALS - 1);
    code.bytes([0x0d, 0]);
    return;
  }
  code.byte(0x20);
  code.u32(local);
  if (variant === 'if') code.bytes([0x04, EMPTY, 0x0c, 1, 0x0b]);
  else if (variant === 'return') code.bytes([0x04, EMPTY, 0x0f, 0x0b]);
  else code.bytes([0x0d, 0]);
}

/** Labels that V8 takes in one table. */
const TABLE_LABELS_MAX = 65_000;

/** Tables of branches: long ones, or many short ones. */
const labels: Kind = {
  name: 'labels',
  about: 'labels of br_table',
  limit: 'labels',
  max: 1_000_000,
  min: 8,
  variants: ['one-label', 'two-labels', 'many-tables'],
  add: (_, size, variant) => ({
    locals: [
      { count: LOCALS, type: I32 },
      { count: LOCALS, type: I64 },
    ],
    write: (code, base) => {
      const labelsOfEach = variant === 'many-tables' ? 8 : Math.min(size, TABLE_LABELS_MAX);
      const tables = Math.max(1, Math.floor(size / labelsOfEach));
      repeat(tables, (turn) => {
        code.bytes([0x02, EMPTY, 0x02, EMPTY, 0x20]);
        code.u32(base + (turn % LOCALS));
        code.byte(0x0e);
        // The last label is the one for all other values.
        code.u32(labelsOfEach - 1);
        repeat(labelsOfEach, (label) => code.byte(variant === 'one-label' ? 0 : label % 2));
        code.bytes([0x0b, 0x0b]);
      });
    },
  }),
};

/** Blocks, one after the other. */
const blocks: Kind = {
  name: 'blocks',
  about: 'empty blocks, one after the other: 3 to 13 s on Bun',
  limit: 'blocks',
  max: 1_000_000,
  variants: ['block', 'loop', 'if', 'if-else'],
  add: (_, size, variant) =>
    codeOnly((code) => {
      const bytes = {
        block: [0x02, EMPTY, 0x0b],
        loop: [0x03, EMPTY, 0x0b],
        if: [0x41, 0, 0x04, EMPTY, 0x0b],
        'if-else': [0x41, 0, 0x04, EMPTY, 0x05, 0x0b],
      }[variant] ?? [0x01];
      repeat(size, () => code.bytes(bytes));
    }),
};

/** Loops that end at once. */
const loops: Kind = {
  name: 'loops',
  about: 'many small loops in a hot function: the optimiser works for minutes after the call',
  limit: 'loops',
  max: 200_000,
  variants: ['one-turn', 'counted', 'nested'],
  add: (_, size, variant) => ({
    locals: [{ count: 2, type: I32 }],
    write: (code, base) => {
      repeat(variant === 'nested' ? Math.ceil(size / 2) : size, () => {
        if (variant === 'one-turn') return code.bytes([0x03, EMPTY, 0x41, 0, 0x0d, 0, 0x0b]);
        // x = x + 1; while (x & 1) again
        code.bytes([0x03, EMPTY]);
        if (variant === 'nested') code.bytes([0x03, EMPTY, 0x41, 0, 0x0d, 0, 0x0b]);
        code.byte(0x20);
        code.u32(base);
        code.bytes([0x41, 1, 0x6a, 0x22]);
        code.u32(base);
        code.bytes([0x41, 1, 0x71, 0x0d, 0, 0x0b]);
      });
    },
  }),
};

/** Blocks in one another. */
const openBlocks: Kind = {
  name: 'open-blocks',
  about: 'blocks in one another',
  limit: 'openBlocks',
  max: 100_000,
  variants: ['block', 'loop', 'if', 'switch', 'branched'],
  add: (_, size, variant) => ({
    locals: [{ count: LOCALS, type: I32 }],
    write: (code, base) => {
      repeat(size, (turn) => {
        if (variant === 'if') {
          code.byte(0x20);
          code.u32(base + (turn % LOCALS));
          code.bytes([0x45, 0x04, EMPTY]);
        } else code.bytes([variant === 'loop' ? 0x03 : 0x02, EMPTY]);
      });
      if (variant === 'switch') {
        code.byte(0x20);
        code.u32(base);
        code.byte(0x0e);
        code.u32(size);
        repeat(size + 1, (label) => code.u32(Math.min(label, size - 1)));
      }
      repeat(size, (turn) => {
        if (variant === 'branched') {
          code.byte(0x20);
          code.u32(base + (turn % LOCALS));
          code.byte(0x0d);
          code.u32(size - turn - 1);
          code.byte(0x41);
          code.s32(turn);
          code.byte(0x21);
          code.u32(base + ((turn * 7) % LOCALS));
        }
        code.byte(0x0b);
      });
    },
  }),
};

/** Loops in dead code around a `br_on_null`. */
const deadBranchOnNull: Kind = {
  name: 'dead-br-on-null',
  about: 'br_on_null in dead code: valid, and refused on Bun once it is metered',
  limit: 'loops',
  max: 10_000,
  variants: ['loop', 'nested', 'block'],
  add: (_, size, variant) =>
    codeOnly((code) => {
      const open = variant === 'block' ? [0x02, EMPTY] : [0x03, EMPTY];
      repeat(size, () => {
        code.bytes([0x02, EMPTY, 0x0c, 0, ...open]);
        if (variant === 'nested') code.bytes(open);
        code.bytes([0xd0, 0x70, 0xd5, variant === 'nested' ? 2 : 1, 0x1a, 0x0b, 0x0b]);
        if (variant === 'nested') code.byte(0x0b);
      });
    }),
};

/** Kinds of branches and blocks. */
export const branchKinds: readonly Kind[] = [branches, labels, blocks, loops, openBlocks, deadBranchOnNull];
