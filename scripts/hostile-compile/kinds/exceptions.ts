import type { ByteSink } from '../../../src/wasm/encoding/byte-sink.ts';
import { codeOnly, type Kind } from '../kind.ts';
import type { Fragment, ModuleDraft } from '../module-draft.ts';
import { EMPTY, EXNREF, I32, V128 } from '../value-types.ts';

const TRY = 0x06;
const CATCH = 0x07;
const THROW = 0x08;
const CATCH_ALL = 0x19;
const TRY_TABLE = 0x1f;
const END = 0x0b;

/** A tag without values. */
const plainTag = (draft: ModuleDraft): number => draft.once('tag', () => draft.tag(draft.type([], [])));

/** Another, for clauses that catch nothing. */
const otherTag = (draft: ModuleDraft): number => draft.once('other tag', () => draft.tag(draft.type([], [])));

function op(code: ByteSink, opcode: number, index: number): void {
  code.byte(opcode);
  code.u32(index);
}

/** The clauses of one `try_table`. */
const clauses: Kind = {
  name: 'clauses',
  about: 'a try_table of 45,000 clauses: V8 aborts the process',
  limit: 'clauses',
  max: 60_000,
  exceptions: 'standard',
  variants: ['call', 'throw', 'throw-last'],
  add: (draft, size, variant) => {
    const [tag, other] = [plainTag(draft), otherTag(draft)];
    const callee = draft.once('noop', () => draft.function(draft.type([], []), []));
    return codeOnly((code) => {
      code.bytes([0x02, EMPTY, TRY_TABLE, EMPTY]);
      code.u32(size);
      for (let turn = 1; turn < size; turn++) {
        code.byte(0x00);
        code.u32(variant === 'throw-last' ? other : tag);
        code.byte(0);
      }
      code.bytes([0x02, 0]);
      if (variant === 'call') op(code, 0x10, callee);
      else op(code, THROW, tag);
      code.bytes([END, END]);
    });
  },
};

/** Handlers, one after the other. */
const handlers: Kind = {
  name: 'handlers',
  about: 'handlers, one after the other',
  limit: 'handlers',
  max: 200_000,
  exceptions: 'legacy',
  variants: ['throw', 'call', 'empty'],
  add: (draft, size, variant) => {
    const tag = plainTag(draft);
    const callee = draft.once('noop', () => draft.function(draft.type([], []), []));
    return codeOnly((code) => {
      for (let turn = 0; turn < size; turn++) {
        code.bytes([TRY, EMPTY]);
        if (variant === 'throw') op(code, THROW, tag);
        else if (variant === 'call') op(code, 0x10, callee);
        code.bytes([CATCH_ALL, END]);
      }
    });
  },
};

/** The same with the instructions of the standard. */
const tryTables: Kind = {
  name: 'try-tables',
  about: 'try_tables, one after the other',
  limit: 'handlers',
  max: 200_000,
  exceptions: 'standard',
  variants: ['throw', 'call', 'empty'],
  add: (draft, size, variant) => {
    const tag = plainTag(draft);
    const callee = draft.once('noop', () => draft.function(draft.type([], []), []));
    return codeOnly((code) => {
      for (let turn = 0; turn < size; turn++) {
        code.bytes([0x02, EMPTY, TRY_TABLE, EMPTY, 1, 2, 0]);
        if (variant === 'throw') op(code, THROW, tag);
        else if (variant === 'call') op(code, 0x10, callee);
        code.bytes([END, END]);
      }
    });
  },
};

/** Values that an exception carries which nested handlers keep on the stack. */
const KEPT = 64;

/** Handlers in one another that each keep what the exception carried. */
function catchesOfValues(draft: ModuleDraft, size: number): Fragment {
  const count = draft.atMost('params', KEPT);
  const tag = draft.once('tag of kept', () => draft.tag(draft.type(Array<number>(count).fill(I32), [])));
  return codeOnly((code) => {
    for (let turn = 0; turn < size; turn++) {
      code.bytes([TRY, EMPTY]);
      for (let value = 0; value < count; value++) code.bytes([0x41, value]);
      op(code, THROW, tag);
      op(code, CATCH, tag);
    }
    for (let turn = 0; turn < size; turn++) {
      for (let value = 0; value < count; value++) code.byte(0x1a);
      code.byte(END);
    }
  });
}

/** Handlers in one another. */
const nestedCatches: Kind = {
  name: 'nested-catches',
  about: 'legacy catch blocks in one another: 60 make Bun abort once they are hot',
  limit: 'handlerDepth',
  max: 1_000,
  exceptions: 'legacy',
  variants: ['in-handler', 'with-values', 'in-body', 'rethrow', 'delegate'],
  add: (draft, size, variant) => {
    if (variant === 'with-values') return catchesOfValues(draft, size);
    const tag = plainTag(draft);
    return codeOnly((code) => {
      if (variant === 'in-handler') {
        for (let turn = 0; turn < size; turn++) {
          code.bytes([TRY, EMPTY]);
          op(code, THROW, tag);
          code.byte(CATCH_ALL);
        }
        for (let turn = 0; turn < size; turn++) code.byte(END);
        return;
      }
      if (variant === 'delegate') code.bytes([TRY, EMPTY]);
      for (let turn = 0; turn < size; turn++) code.bytes([TRY, EMPTY]);
      op(code, THROW, tag);
      for (let turn = 0; turn < size; turn++) {
        if (variant === 'in-body') {
          code.byte(CATCH_ALL);
          if (turn < size - 1) op(code, THROW, tag);
          code.byte(END);
        } else if (variant === 'delegate') code.bytes([0x18, 0]);
        else code.bytes(turn === size - 1 ? [CATCH_ALL, END] : [CATCH_ALL, 0x09, 0, END]);
      }
      if (variant === 'delegate') code.bytes([CATCH_ALL, END]);
    });
  },
};

/** The same with the instructions of the standard. */
const nestedTryTables: Kind = {
  name: 'nested-try-tables',
  about: 'try_tables in one another',
  limit: 'handlerDepth',
  max: 1_000,
  exceptions: 'standard',
  variants: ['throw', 'throw-ref'],
  add: (draft, size, variant) => {
    const tag = plainTag(draft);
    return codeOnly((code) => {
      if (variant === 'throw') {
        for (let turn = 0; turn < size; turn++) code.bytes([0x02, EMPTY, TRY_TABLE, EMPTY, 1, 2, 0]);
        op(code, THROW, tag);
        for (let turn = 0; turn < size; turn++) code.bytes([END, END]);
        return;
      }
      // What each catches it throws again, to the next.
      for (let turn = 0; turn < size; turn++) code.bytes([0x02, EXNREF, TRY_TABLE, EMPTY, 1, 3, 0]);
      op(code, THROW, tag);
      for (let turn = 0; turn < size; turn++)
        code.bytes(turn === size - 1 ? [END, 0x00, END, 0x1a] : [END, 0x00, END, 0x0a]);
    });
  },
};

/** The clauses of one legacy `try`. */
const legacyClauses: Kind = {
  name: 'legacy-clauses',
  about: 'a throw tries clauses one by one: 20,000 legacy clauses take seconds under wallMs 50',
  limit: 'clauses',
  max: 100_000,
  exceptions: 'legacy',
  variants: ['once', 'loop'],
  add: (draft, size, variant) => {
    const [tag, other] = [plainTag(draft), otherTag(draft)];
    return codeOnly((code) => {
      if (variant === 'loop') code.bytes([0x03, EMPTY]);
      code.bytes([TRY, EMPTY]);
      op(code, THROW, tag);
      for (let turn = 0; turn < size; turn++) op(code, CATCH, other);
      code.bytes([CATCH_ALL, END]);
      if (variant === 'loop') code.bytes([0x0c, 0, END]);
    });
  },
};

/** Throws and catches at the bottom of a deep recursion. */
const deepThrows: Kind = {
  name: 'deep-throws',
  about: 'Bun walks the whole stack for each throw: 112 to 200 us at 4,000 frames, for 3 fuel',
  limit: undefined,
  max: 4_000,
  min: 16,
  exceptions: 'legacy',
  needsDeadline: true,
  variants: ['20000', '1000', '1'],
  add: (draft, size, variant) => {
    const tag = plainTag(draft);
    const recursive = draft.declare(draft.type([I32], []));
    draft.define(recursive, [], (code) => {
      code.bytes([0x20, 0, 0x45, 0x04, EMPTY, 0x03, EMPTY]);
      // Both the `try` and its `catch_all` count as one.
      for (let turn = draft.atMost('handlers', 2 * Number(variant)) >> 1; turn > 0; turn--) {
        code.bytes([TRY, EMPTY]);
        op(code, THROW, tag);
        code.bytes([CATCH_ALL, END]);
      }
      code.bytes([0x0c, 0, END, 0x05, 0x20, 0, 0x41, 1, 0x6b]);
      op(code, 0x10, recursive);
      code.byte(END);
    });
    return codeOnly((code) => {
      code.byte(0x41);
      code.s32(size);
      op(code, 0x10, recursive);
    });
  },
};

/** Values that an exception carries. */
const CARRIED = 1_000;

/** Makes the function that throws an exception of many values. */
function thrower(
  draft: ModuleDraft,
  carried: number,
): { readonly tag: number; readonly write: (code: ByteSink) => void } {
  const tag = draft.once(`tag of ${carried}`, () => draft.tag(draft.type(Array<number>(carried).fill(V128), [])));
  return {
    tag,
    write: (code) => {
      for (let value = 0; value < carried; value++) code.bytes([0x20, 0]);
      op(code, THROW, tag);
    },
  };
}

/** Exceptions that are kept in locals. */
const keptInLocals: Kind = {
  name: 'kept-exceptions',
  about: 'exceptions that are kept in locals: gigabytes',
  limit: 'locals',
  max: 49_000,
  exceptions: 'standard',
  variants: ['1000', '100', '1'],
  add: (draft, size, variant) => {
    const carried = draft.atMost('params', Number(variant));
    const { write } = thrower(draft, carried);
    const make = draft.function(
      draft.type([], [EXNREF]),
      [{ locals: [{ count: 1, type: V128 }], write: () => undefined }],
      (code) => {
        code.bytes([0x02, EXNREF, TRY_TABLE, EMPTY, 1, 3, 0]);
        write(code);
        code.bytes([END, 0x00, END]);
      },
    );
    return {
      locals: [{ count: size, type: EXNREF }],
      write: (code, base) => {
        for (let local = 0; local < size; local++) {
          op(code, 0x10, make);
          op(code, 0x21, base + local);
        }
      },
    };
  },
};

/** Exceptions that are kept by handlers in one another, in each frame of a recursion. */
const keptInHandlers: Kind = {
  name: 'kept-in-handlers',
  about: 'exceptions that are kept by nested legacy handlers: 2 GB from 8.5 KB',
  limit: 'handlerDepth',
  max: 900,
  exceptions: 'legacy',
  variants: ['100', '10', '1'],
  add: (draft, size, variant) => {
    const { write } = thrower(draft, draft.atMost('params', CARRIED));
    const make = draft.function(
      draft.type([], []),
      [{ locals: [{ count: 1, type: V128 }], write: () => undefined }],
      write,
    );
    const recursive = draft.declare(draft.type([I32], []));
    draft.define(recursive, [], (code) => {
      for (let turn = 0; turn < size; turn++) {
        code.bytes([TRY, EMPTY]);
        op(code, 0x10, make);
        code.byte(CATCH_ALL);
      }
      code.bytes([0x20, 0, 0x04, EMPTY, 0x20, 0, 0x41, 1, 0x6b]);
      op(code, 0x10, recursive);
      code.byte(END);
      for (let turn = 0; turn < size; turn++) code.byte(END);
    });
    return codeOnly((code) => {
      code.byte(0x41);
      code.s32(Number(variant));
      op(code, 0x10, recursive);
    });
  },
};

/** Kinds of exceptions and handlers. */
export const exceptionKinds: readonly Kind[] = [
  clauses,
  handlers,
  tryTables,
  nestedCatches,
  nestedTryTables,
  legacyClauses,
  deepThrows,
  keptInLocals,
  keptInHandlers,
];
