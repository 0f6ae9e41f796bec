import type { ByteSink } from '../../../src/wasm/encoding/byte-sink.ts';
import { codeOnly, type Kind } from '../kind.ts';
import type { Fragment, ModuleDraft } from '../module-draft.ts';
import { EMPTY, EXTERNREF, F64, FUNCREF, I32, I64, V128 } from '../value-types.ts';

/** What a piece of code refers to. */
interface Parts {
  /** A local of the piece's own type. */
  readonly local: number;
  readonly function: number;
  readonly type: number;
}

/** A short piece of code: it takes a value of its type from the stack, and leaves another there. */
interface Piece {
  readonly type: keyof typeof first;
  readonly bytes: (parts: Parts) => readonly number[];
  /** Whether it can be executed without a trap. */
  readonly runs: boolean;
  readonly needs?: 'memory' | 'memory64' | 'table' | 'function';
}

/** The first value of each type. */
const first = {
  [I32]: [0x41, 0],
  [I64]: [0x42, 0],
  [F64]: [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
  [V128]: [0xfd, 0x0c, ...Array<number>(16).fill(0)],
} as const;

const DROP = 0x1a;

/** An index below 128, as all are that pieces refer to but those of locals. */
const index = (value: number): readonly number[] => {
  if (value < 0x80) return [value];
  return [(value & 0x7f) | 0x80, ...index(value >>> 7)];
};

/** Short instructions that become long machine code, and two that become short code. */
const pieces: Readonly<Record<string, Piece>> = {
  'trunc-f64': { type: F64, bytes: () => [0xb1, 0xba], runs: true },
  'trunc-sat': { type: F64, bytes: () => [0xfc, 0x07, 0xba], runs: true },
  popcnt: { type: V128, bytes: () => [0xfd, 0x62], runs: true },
  'mul-i64x2': {
    type: V128,
    bytes: ({ local }) => [0x22, ...index(local), 0x20, ...index(local), 0xfd, 0xd5, 0x01],
    runs: true,
  },
  divide: { type: I32, bytes: () => [0x41, 3, 0x6d], runs: true },
  remainder: { type: I64, bytes: ({ local }) => [0x20, ...index(local), 0x81], runs: false },
  nearest: { type: F64, bytes: () => [0x9e], runs: true },
  'memory-size': { type: I32, bytes: () => [0x3f, 0, 0x6a], runs: true, needs: 'memory' },
  load: { type: I32, bytes: () => [0x2d, 0, 0], runs: true, needs: 'memory' },
  load64: { type: I64, bytes: () => [0x29, 0, 0], runs: true, needs: 'memory64' },
  'memory-fill': { type: I32, bytes: () => [0x41, 0, 0x41, 0, 0xfc, 0x0b, 0, 0x41, 0], runs: true, needs: 'memory' },
  'table-get': { type: I32, bytes: () => [0x25, 0, 0xd1], runs: false, needs: 'table' },
  'table-set': {
    type: I32,
    bytes: ({ function: callee }) => [0xd2, ...index(callee), 0x26, 0, 0x41, 0],
    runs: true,
    needs: 'function',
  },
  'call-indirect': {
    type: I32,
    bytes: ({ type }) => [0x11, ...index(type), 0, 0x41, 0],
    runs: false,
    needs: 'table',
  },
  add: { type: I32, bytes: () => [0x41, 1, 0x6a], runs: true },
  drop: { type: I32, bytes: () => [DROP, 0x41, 0], runs: true },
};

function meet(draft: ModuleDraft, { needs }: Piece): Omit<Parts, 'local'> {
  if (needs === 'memory') draft.once('memory', () => draft.memory(1));
  // Beside other memories its index would take a byte more.
  if (needs === 'memory64') draft.once('memory', () => draft.memory64(1));
  if (needs === 'table' || needs === 'function') draft.once('table', () => draft.table(FUNCREF, 1));
  return { function: needs === 'function' ? referable(draft) : 0, type: draft.type([], []) };
}

/** A function that code may take a reference of: exported, so declared. */
function referable(draft: ModuleDraft): number {
  return draft.once('referable', () => {
    const index = draft.function(draft.type([], []), []);
    draft.export('referable', 0, index);
    return index;
  });
}

/** A piece of code again and again, up to a size in bytes; within `if (0)` perhaps. */
function repeated(draft: ModuleDraft, variant: string, size: number, dead: boolean): Fragment {
  const piece = pieces[variant];
  if (piece === undefined) throw new Error(`there is no piece of code ${variant}`);
  const parts = meet(draft, piece);
  return {
    locals: [{ count: 1, type: piece.type }],
    write: (code: ByteSink, local: number) => {
      const bytes = piece.bytes({ ...parts, local });
      if (dead) code.bytes([0x41, 0, 0x04, EMPTY]);
      code.bytes(first[piece.type]);
      for (let turns = Math.max(1, Math.floor(size / bytes.length)); turns > 0; turns--) code.bytes(bytes);
      code.byte(DROP);
      if (dead) code.byte(0x0b);
    },
  };
}

/** Code whose machine code is long, which is never executed. */
const lazyCode: Kind = {
  name: 'lazy-code',
  about: 'engines compile at the first call, inside it: 3 MB of code that does nothing takes seconds',
  limit: 'bodyBytes',
  max: 7_600_000,
  min: 16,
  variants: Object.keys(pieces),
  add: (draft, size, variant) => repeated(draft, variant, size, true),
};

/** The same, executed, and so optimised. */
const hotCode: Kind = {
  name: 'hot-code',
  about: 'a long hot function: the optimiser takes gigabytes; machine code beyond 512 MB aborts V8',
  limit: 'bodyBytes',
  max: 7_600_000,
  min: 16,
  variants: Object.keys(pieces).filter((name) => pieces[name]?.runs === true),
  add: (draft, size, variant) => repeated(draft, variant, size, false),
};

/** Operands on the stack, and blocks or branches above them. */
const operands: Kind = {
  name: 'operands',
  about: 'operands on the stack, with blocks or branches above them',
  limit: 'operands',
  max: 100_000,
  variants: ['plain', 'blocks', 'branches', 'calls'],
  add: (draft, size, variant) => {
    const callee = noop(draft);
    return codeOnly((code) => {
      for (let turn = 0; turn < size; turn++) code.bytes([0x41, turn % 64]);
      const bytes = { blocks: [0x02, EMPTY, 0x0b], branches: [0x02, EMPTY, 0x41, 0, 0x0d, 0, 0x0b] }[variant];
      for (let turn = 0; turn < size && variant !== 'plain'; turn++) {
        if (bytes !== undefined) code.bytes(bytes);
        else {
          code.byte(0x10);
          code.u32(callee);
        }
      }
      for (let turn = 0; turn < size; turn++) code.byte(DROP);
    });
  },
};

/** A function that does nothing. */
export function noop(draft: ModuleDraft): number {
  return draft.once('noop', () => draft.function(draft.type([], []), []));
}

/** Locals, and what moves them. */
const locals: Kind = {
  name: 'locals',
  about: 'locals of one type; references beside calls: 100 KB take 7 to 9 s',
  limit: 'locals',
  max: 49_000,
  variants: ['i32', 'v128', 'externref', 'funcref'],
  add: (_, size, variant) => ({
    locals: [{ count: size, type: { v128: V128, externref: EXTERNREF, funcref: FUNCREF }[variant] ?? I32 }],
    write: (code, base) => {
      for (let turn = 0; turn < Math.min(size, 64); turn++) {
        code.byte(0x20);
        code.u32(base + turn);
        code.byte(0x21);
        code.u32(base + size - 1 - turn);
      }
    },
  }),
};

/** Locals in groups of one. */
const localGroups: Kind = {
  name: 'local-groups',
  about: 'declarations of locals, each of one: seconds on Bun',
  limit: 'moduleLocalGroups',
  max: 49_000,
  variants: ['alternating', 'same', 'empty'],
  add: (_, size, variant) => ({
    locals: Array.from({ length: size }, (_each, index) => ({
      count: variant === 'empty' ? 0 : 1,
      type: variant === 'alternating' && index % 2 === 1 ? I64 : I32,
    })),
    write: () => undefined,
  }),
};

/** Locals of references, and as many calls. */
const referenceLocals: Kind = {
  name: 'reference-locals',
  about: 'reference locals times calls: 100 KB take 7 to 9 s, and gigabytes',
  limit: 'locals',
  max: 49_000,
  variants: ['externref', 'funcref', 'i32'],
  add: (draft, size, variant) => {
    const callee = noop(draft);
    return {
      locals: [{ count: size, type: { externref: EXTERNREF, funcref: FUNCREF }[variant] ?? I32 }],
      write: (code, base) => {
        for (let turn = 0; turn < size; turn++) {
          code.byte(0x20);
          code.u32(base + turn);
          code.byte(0x21);
          code.u32(base + ((turn * 7 + 1) % size));
          code.byte(0x10);
          code.u32(callee);
        }
      },
    };
  },
};

/** Kinds of plain code, locals and operands. */
export const codeKinds: readonly Kind[] = [lazyCode, hotCode, operands, locals, localGroups, referenceLocals];
