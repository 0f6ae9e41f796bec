import { codeOnly, type Kind } from '../kind.ts';
import type { Fragment, ModuleDraft } from '../module-draft.ts';
import { EMPTY, EXTERNREF, FUNCREF, I32, I64, V128 } from '../value-types.ts';
import { noop } from './code.ts';

/** Values that a type of many parameters has. */
const valueTypes = { v128: V128, i32: I32, i64: I64, externref: EXTERNREF } as const;

/** Writes the first value of a type: zero, or null. */
function zero(variant: string): readonly number[] {
  if (variant === 'v128') return [0xfd, 0x0c, ...Array<number>(16).fill(0)];
  if (variant === 'externref') return [0xd0, EXTERNREF];
  return variant === 'i64' ? [0x42, 0] : [0x41, 0];
}

function typeOf(variant: string): number {
  return valueTypes[variant as keyof typeof valueTypes] ?? I32;
}

/** Calls, one after the other. */
const calls: Kind = {
  name: 'calls',
  about: 'calls of a function that does nothing',
  limit: 'calls',
  max: 1_000_000,
  variants: ['direct', 'indirect', 'one-parameter', 'looping', 'host'],
  imports: ['length'],
  add: (draft, size, variant) => {
    const callee = noop(draft);
    const type = draft.type([], []);
    if (variant === 'indirect') {
      draft.once('call table', () => {
        draft.once('table', () => draft.table(FUNCREF, 1));
        return draft.element((sink) => {
          sink.bytes([0, 0x41, 0, 0x0b]);
          sink.u32(1);
          sink.u32(callee);
        });
      });
    }
    const taking = draft.once('taking', () => draft.function(draft.type([I32], []), []));
    // Callers look at the counter after each call of such a function.
    const looping = draft.once('looping', () =>
      draft.function(draft.type([], []), [codeOnly((code) => code.bytes([0x03, EMPTY, 0x0b]))]),
    );
    return codeOnly((code) => {
      for (let turn = 0; turn < size; turn++) {
        if (variant === 'host') {
          code.bytes([0x42, 0, 0x10]);
          code.u32(draft.kernel('length'));
          code.byte(0x1a);
        } else if (variant === 'looping') {
          code.byte(0x10);
          code.u32(looping);
        } else if (variant === 'indirect') {
          code.bytes([0x41, 0, 0x11]);
          code.u32(type);
          code.byte(0);
        } else {
          if (variant === 'one-parameter') code.bytes([0x41, turn % 64]);
          code.byte(0x10);
          code.u32(variant === 'one-parameter' ? taking : callee);
        }
      }
    });
  },
};

/** Tail calls, none of which is executed. */
const tailCalls: Kind = {
  name: 'tail-calls',
  about: 'tail calls: 620,000 compile in 1.8 to 6 s',
  limit: 'calls',
  max: 1_000_000,
  variants: ['direct', 'indirect'],
  add: (draft, size, variant) => {
    const callee = noop(draft);
    const type = draft.type([], []);
    if (variant === 'indirect') draft.once('table', () => draft.table(FUNCREF, 1));
    return {
      locals: [{ count: 1, type: I32 }],
      write: (code, base) => {
        for (let turn = 0; turn < size; turn++) {
          code.byte(0x20);
          code.u32(base);
          code.bytes([0x04, EMPTY]);
          if (variant === 'indirect') {
            code.bytes([0x41, 0, 0x13]);
            code.u32(type);
            code.byte(0);
          } else {
            code.byte(0x12);
            code.u32(callee);
          }
          code.byte(0x0b);
        }
      },
    };
  },
};

/** Functions of a type of many parameters and results. */
function wideType(draft: ModuleDraft, size: number, variant: string): number {
  const many = Array<number>(size).fill(typeOf(variant));
  return draft.type(many, many);
}

/** How many functions have the wide type, in a module of that kind. */
const WIDE_FUNCTIONS = 60_000;

/** Functions that are left to others. */
const FEW = 50;

const parameters: Kind = {
  name: 'parameters',
  about: 'many functions of a type of 1,000 parameters and results: 1.7 and 6 s',
  limit: 'params',
  max: 1_000,
  variants: ['v128', 'i32', 'externref'],
  add: (draft, size, variant) => {
    const type = wideType(draft, size, variant);
    const functions = draft.atMost('functions', WIDE_FUNCTIONS + FEW) - FEW - draft.functions;
    for (let count = 0; count < functions; count++) draft.function(type, [], (code) => code.byte(0x00));
    return undefined;
  },
};

/** How many values the wide types have: none of them is of more than one type. */
const widthOf = (draft: ModuleDraft): number => draft.atMost('results', draft.atMost('params', 1_000));

/** Calls that pass and return many values. */
const wideCalls: Kind = {
  name: 'wide-calls',
  about: 'calls that pass and return many values',
  limit: 'calls',
  max: 20_000,
  variants: ['v128', 'i32', 'externref'],
  add: (draft, size, variant) => {
    const width = widthOf(draft);
    const callee = draft.function(wideType(draft, width, variant), [], (code) => {
      for (let param = 0; param < width; param++) {
        code.byte(0x20);
        code.u32(param);
      }
    });
    return codeOnly((code) => {
      for (let param = 0; param < width; param++) code.bytes(zero(variant));
      for (let turn = 0; turn < size; turn++) {
        code.byte(0x10);
        code.u32(callee);
      }
      for (let param = 0; param < width; param++) code.byte(0x1a);
    });
  },
};

/** Blocks of many results, which are made within and dropped behind. */
function blocksWithResults(draft: ModuleDraft, width: number, size: number): Fragment {
  const type = draft.type([], Array<number>(width).fill(I32));
  return {
    locals: [{ count: 1, type: I32 }],
    write: (code, base) => {
      for (let turn = 0; turn < size; turn++) {
        code.byte(0x02);
        code.s32(type);
        for (let result = 0; result < width; result++) code.bytes([0x41, result % 64]);
        code.byte(0x20);
        code.u32(base);
        code.bytes([0x0d, 0, 0x0b]);
        for (let result = 0; result < width; result++) code.byte(0x1a);
      }
    },
  };
}

/**
 * Blocks with one result each, as compilers write them: what it is depends on the branch that leads
 * to the end.
 */
function blocksWithResult(size: number, isIf: boolean): Fragment {
  return {
    locals: [{ count: 1, type: I32 }],
    write: (code, base) => {
      for (let turn = 0; turn < size; turn++) {
        code.byte(0x20);
        code.u32(base);
        if (isIf) code.bytes([0x04, I32, 0x41, 1, 0x05, 0x41, 2, 0x0b]);
        else {
          code.bytes([0x1a, 0x02, I32, 0x41, 1, 0x20]);
          code.u32(base);
          code.bytes([0x0d, 0, 0x1a, 0x41, 2, 0x0b]);
        }
        code.byte(0x21);
        code.u32(base);
      }
    },
  };
}

/** Blocks whose type has many parameters and results, and branches that pass as many. */
const wideBlocks: Kind = {
  name: 'wide-blocks',
  about: 'blocks and branches that pass many values: the optimiser of Bun takes 8 KB for each value',
  limit: 'blocks',
  max: 20_000,
  variants: ['v128', 'i32', 'externref', 'loops', 'results', 'one-result', 'if-result'],
  add: (draft, size, variant) => {
    if (variant === 'one-result' || variant === 'if-result') return blocksWithResult(size, variant === 'if-result');
    const width = widthOf(draft);
    if (variant === 'results') return blocksWithResults(draft, width, size);
    const type = wideType(draft, width, variant);
    const turns = variant === 'loops' ? draft.atMost('loops', size) : size;
    return codeOnly((code) => {
      for (let param = 0; param < width; param++) code.bytes(zero(variant));
      for (let turn = 0; turn < turns; turn++) {
        code.byte(variant === 'loops' ? 0x03 : 0x02);
        code.s32(type);
        code.bytes([0x41, 0, 0x0d, 0, 0x0b]);
      }
      for (let param = 0; param < width; param++) code.byte(0x1a);
    });
  },
};

const chain: Kind = {
  name: 'call-chain',
  about: 'callees beyond 64 deep count as no work: a budget of 100,000 fuel executes 11.45 million',
  limit: 'calls',
  max: 20_000,
  min: 100,
  variants: ['64', '300'],
  add: (draft, size, variant) => {
    draft.once('table', () => draft.table(FUNCREF, 1));
    const type = draft.type([], []);
    // Declared first and defined last to first: each calls one of a higher index, which is read
    // after it.
    const first = draft.declare(type);
    const chained = [first, ...Array.from({ length: Number(variant) + 1 }, () => draft.declare(type))];
    // What is called is the last of the chain, which was looked at from the first one; that is the
    // one that references are to.
    const called = chained[Number(variant)] ?? first;
    draft.element((sink) => {
      sink.bytes([3, 0, 1]);
      sink.u32(first);
    });
    const leaf = draft.function(type, [], (code) => {
      for (let turn = 0; turn < 155; turn++) {
        code.bytes([0x41, 0, 0xd2]);
        code.u32(first);
        code.bytes([0x26, 0]);
      }
    });
    for (const [depth, caller] of chained.entries()) {
      const isLast = depth === chained.length - 1;
      draft.define(caller, [], (code) => {
        for (let turn = 0; turn < (isLast ? 10 : 1); turn++) {
          code.byte(0x10);
          code.u32(isLast ? leaf : (chained[depth + 1] ?? leaf));
        }
      });
    }
    return codeOnly((code) => {
      code.bytes([0x03, EMPTY]);
      for (let turn = 0; turn < size; turn++) {
        code.byte(0x10);
        code.u32(called);
      }
      code.bytes([0x0c, 0, 0x0b]);
    });
  },
};

/** Kinds of calls and of types of functions. */
export const callKinds: readonly Kind[] = [calls, tailCalls, parameters, wideCalls, wideBlocks, chain];
