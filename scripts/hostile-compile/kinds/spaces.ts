import { ByteSink } from '../../../src/wasm/encoding/byte-sink.ts';
import type { Kind } from '../kind.ts';
import type { ModuleDraft } from '../module-draft.ts';
import { writeName } from '../module-draft.ts';
import { EMPTY, EXTERNREF, FUNCREF, I32, I64, V128 } from '../value-types.ts';

/** Functions that are left to other kinds, and to what calls them. */
const FEW = 50;

function times(count: number, each: (turn: number) => void): undefined {
  for (let turn = 0; turn < count; turn++) each(turn);
}

/** What a module without code of its own exports: a function, of the widest type that there is. */
function widestFunction(draft: ModuleDraft): number {
  let widest = draft.type([], []);
  for (const [index, { params, results }] of draft.types.entries()) {
    const best = draft.types[widest];
    if (best !== undefined && params.length + results.length > best.params.length + best.results.length) widest = index;
  }
  return draft.function(widest, [], (code) => code.byte(0x00));
}

/** As many values as a type may have, of one type. */
function wide(draft: ModuleDraft, limit: 'params' | 'results', type: number): readonly number[] {
  return Array<number>(draft.atMost(limit, 1_000)).fill(type);
}

const exportsKind: Kind = {
  name: 'exports',
  about: 'exports: 90,000 take 1.5 to 2.4 s; the metering section named the type of each in full',
  limit: 'exports',
  max: 99_000,
  variants: ['one', 'own', 'wide', 'globals', 'long-names'],
  add: (draft, size, variant) => {
    if (variant === 'wide') draft.type(wide(draft, 'params', V128), wide(draft, 'results', V128));
    const target = variant === 'globals' ? draft.global(I32, false, [0x41, 0]) : widestFunction(draft);
    const own = draft.type([], []);
    const prefix = variant === 'long-names' ? 'e'.repeat(100) : 'e';
    return times(size, (turn) => {
      const exported =
        variant === 'own' && draft.functions < draft.atMost('functions', 99_000) - FEW
          ? draft.function(own, [])
          : target;
      draft.export(`${prefix}${turn.toString(36)}`, variant === 'globals' ? 3 : 0, exported);
    });
  },
};

const types: Kind = {
  name: 'types',
  about: 'types: quadratic on Node 20, 25,000 take 5.6 s; recursive groups 3 to 13 s on Bun',
  limit: 'types',
  max: 90_000,
  variants: ['functions', 'groups', 'one-group', 'chain', 'wide'],
  add: (draft, size, variant) => {
    if (variant === 'functions') {
      const values = [I32, I64, V128, FUNCREF, EXTERNREF];
      return times(size, (turn) => {
        const params: number[] = [];
        for (let rest = turn + 1; rest > 0; rest = Math.floor(rest / 5)) params.push(values[rest % 5] ?? I32);
        draft.type(params, []);
      });
    }
    if (variant === 'wide') {
      return times(Math.ceil(size / 1_000), (turn) => {
        draft.type(wide(draft, 'params', turn % 2 ? I32 : I64), wide(draft, 'results', I32).slice(turn % 1_000));
      });
    }
    if (variant === 'one-group') {
      draft.typeEntry(size, (sink, first) => {
        sink.byte(0x4e);
        sink.u32(size);
        times(size, (turn) => {
          sink.bytes([0x5f, 1, 0x63]);
          sink.s32(first + ((turn + 1) % size));
          sink.byte(0);
        });
      });
      return undefined;
    }
    if (variant === 'chain') {
      return times(size, (turn) => {
        draft.typeEntry(1, (sink, first) => {
          // sub (of the one before) struct: chains are 63 deep at most.
          if (turn % 60 === 0) sink.bytes([0x50, 0, 0x5f, 0]);
          else {
            sink.bytes([0x50, 1]);
            sink.u32(first - 1);
            sink.bytes([0x5f, 0]);
          }
        });
      });
    }
    return times(Math.ceil(size / 2), () => {
      draft.typeEntry(2, (sink, first) => {
        sink.bytes([0x4e, 2, 0x5f, 1, 0x63]);
        sink.s32(first + 1);
        sink.bytes([0, 0x5f, 2, I32, 0, 0x63]);
        sink.s32(first);
        sink.byte(0);
      });
    });
  },
};

const memories: Kind = {
  name: 'memories',
  about: 'memories of 0 pages: 16,330 take the address space of the process',
  limit: 'memories',
  max: 33_000,
  variants: ['empty', 'one-page'],
  add: (draft, size, variant) => {
    draft.once('memory', () => draft.memory(1));
    return times(variant === 'one-page' ? Math.min(size, 30) : size, () => {
      draft.memory(variant === 'one-page' ? 1 : 0);
    });
  },
};

const tables: Kind = {
  name: 'tables',
  about: 'tables of no entries, or few',
  limit: 'tables',
  max: 99_000,
  variants: ['empty', 'one', 'externref'],
  add: (draft, size, variant) => {
    draft.once('table', () => draft.table(FUNCREF, 1));
    return times(size, () => {
      draft.table(variant === 'externref' ? EXTERNREF : FUNCREF, variant === 'one' ? 1 : 0);
    });
  },
};

const globals: Kind = {
  name: 'globals',
  about: 'globals',
  limit: 'globals',
  max: 900_000,
  variants: ['i32', 'v128', 'funcref', 'sum'],
  add: (draft, size, variant) =>
    times(size, () => {
      if (variant === 'i32') draft.global(I32, true, [0x41, 0]);
      else if (variant === 'sum') draft.global(I32, true, [0x41, 0, 0x41, 1, 0x6a, 0x41, 2, 0x6a]);
      else if (variant === 'v128') draft.global(V128, true, [0xfd, 0x0c, ...Array<number>(16).fill(0)]);
      else draft.global(FUNCREF, true, [0xd0, FUNCREF]);
    }),
};

const elements: Kind = {
  name: 'elements',
  about: 'element segments, and entries in them: instantiation does their work',
  limit: 'elementBytes',
  max: 1_000_000,
  variants: ['passive', 'active', 'one-active', 'expressions', 'declared'],
  add: (draft, size, variant) => {
    const own = draft.once('noop', () => draft.function(draft.type([], []), []));
    if (variant === 'one-active') {
      const entries = Math.min(size, 99_000);
      const table = draft.table(FUNCREF, entries);
      draft.element((sink) => {
        sink.byte(2);
        sink.u32(table);
        sink.bytes([0x41, 0, 0x0b, 0]);
        sink.u32(entries);
        times(entries, () => sink.u32(own));
      });
      return undefined;
    }
    if (variant === 'expressions') {
      draft.element((sink) => {
        sink.bytes([5, FUNCREF]);
        sink.u32(size);
        times(size, () => sink.bytes([0xd0, FUNCREF, 0x0b]));
      });
      return undefined;
    }
    draft.once('table', () => draft.table(FUNCREF, 1));
    return times(Math.min(size, 99_000), () => {
      draft.element((sink) => {
        if (variant === 'passive') sink.bytes([1, 0, 0]);
        else if (variant === 'declared') sink.bytes([3, 0, 0]);
        else sink.bytes([0, 0x41, 0, 0x0b, 0]);
      });
    });
  },
};

const data: Kind = {
  name: 'data',
  about: 'data segments',
  limit: 'dataSegments',
  max: 99_000,
  variants: ['passive', 'active', 'large'],
  add: (draft, size, variant) => {
    draft.once('memory', () => draft.memory(1));
    return times(variant === 'large' ? Math.ceil(size / 1_000) : size, () => {
      draft.data((sink) => {
        if (variant === 'passive') return sink.bytes([1, 0]);
        sink.bytes([0, 0x41, 0, 0x0b]);
        if (variant === 'active') return sink.byte(0);
        sink.u32(65_536);
        sink.append(new Uint8Array(65_536));
      });
    });
  },
};

const functions: Kind = {
  name: 'functions',
  about: 'functions that do nothing',
  limit: 'functions',
  max: 99_000,
  variants: ['empty', 'loop', 'locals'],
  add: (draft, size, variant) => {
    const type = draft.type([], []);
    const own = variant === 'locals' ? [{ locals: [{ count: 200, type: I64 }], write: () => undefined }] : [];
    return times(Math.min(size, draft.atMost('functions', 99_000) - FEW - draft.functions), () => {
      draft.function(type, own, (code) => {
        if (variant === 'loop') code.bytes([0x03, EMPTY, 0x0b]);
      });
    });
  },
};

const tags: Kind = {
  name: 'tags',
  about: 'tags',
  limit: 'tags',
  max: 90_000,
  exceptions: 'legacy',
  add: (draft, size) => {
    const type = draft.type([], []);
    return times(size, () => {
      draft.tag(type);
    });
  },
};

const names: Kind = {
  name: 'names',
  about: 'the name section: long names, many names',
  limit: 'moduleBytes',
  max: 4_000_000,
  min: 16,
  variants: ['functions', 'one-long', 'locals', 'customs'],
  add: (draft, size, variant) => {
    if (variant === 'customs') return times(Math.ceil(size / 10), () => draft.custom('x', new Uint8Array(1)));
    const inner = new ByteSink(size);
    if (variant === 'one-long') {
      inner.u32(1);
      inner.u32(draft.importedFunctions);
      writeName(inner, 'n'.repeat(size));
    } else {
      const count = Math.ceil(size / 12);
      if (variant === 'locals') {
        inner.u32(1);
        inner.u32(draft.importedFunctions);
      }
      inner.u32(count);
      times(count, (turn) => {
        inner.u32(turn);
        writeName(inner, `n${turn}`);
      });
    }
    const section = new ByteSink(inner.length + 16);
    section.byte(variant === 'locals' ? 2 : 1);
    section.u32(inner.length);
    section.appendSink(inner);
    draft.custom('name', section.view());
    return undefined;
  },
};

/** Kinds of what a module has beside code. */
export const spaceKinds: readonly Kind[] = [
  exportsKind,
  types,
  memories,
  tables,
  globals,
  elements,
  data,
  functions,
  tags,
  names,
];
