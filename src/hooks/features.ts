import { onFirstUse } from '../first-use.ts';
import { vectorElements } from '../wasm/grammar/elements.ts';
import {
  allInstructions,
  CodeReader,
  definedGlobalTypes,
  type Feature,
  readLocals,
  readModule,
  readU32,
  readValueType,
  SECTION,
  type Section,
  sectionReader,
  type ValueType,
  type WasmModule,
  walkConstantExpressions,
} from '../wasm/index.ts';

/** An addition to WebAssembly that cc-lb switches off. */
export type RefusedFeature =
  | 'threads'
  | 'memory64'
  | 'multi-memory'
  | 'function references'
  | 'garbage collection'
  | 'exceptions'
  | 'tail calls'
  | 'relaxed SIMD';

/** The first use of a feature. `offset` is in bytes from the start of the module. */
export interface FeatureUse<F extends string = RefusedFeature> {
  readonly feature: F;
  readonly offset: number;
}

/** What a module uses that decides whether and how it can run. */
export interface FeatureUses {
  /** The first feature found that cc-lb switches off. */
  readonly refused: FeatureUse | undefined;
  /** The first instruction of wide arithmetic, which cc-lb allows but few engines have. */
  readonly wideArithmetic: FeatureUse<'wide arithmetic'> | undefined;
  /** Whether an instruction changes a table or drops a segment. */
  readonly changesTables: boolean;
}

const refusedFeatures: { readonly [F in Feature]?: RefusedFeature } = {
  relaxedSimd: 'relaxed SIMD',
  tailCall: 'tail calls',
  functionReferences: 'function references',
  exceptions: 'exceptions',
  legacyExceptions: 'exceptions',
  gc: 'garbage collection',
  threads: 'threads',
};

/** The features of instructions that are refused, and `undefined` for wide arithmetic. */
const featureByOpcode = onFirstUse(
  (): ReadonlyMap<number, RefusedFeature | undefined> =>
    new Map(
      allInstructions()
        .filter(({ feature }) => feature === 'wideArithmetic' || refusedFeatures[feature] !== undefined)
        .map(({ opcode, feature }) => [opcode, refusedFeatures[feature]]),
    ),
);

/**
 * `table.set`, `data.drop`, `table.init`, `table.copy`, `table.grow`, `table.fill`. Without
 * `table.init` nothing can tell that an `elem.drop` has run.
 */
const TABLE_CHANGES = new Set([0x26, 0xfc0009, 0xfc000c, 0xfc000e, 0xfc000f, 0xfc0011]);
const GLOBAL_GET = 0x23;
/** The bit of a `memarg` that says that the index of a memory follows. */
const MEMORY_INDEX_BIT = 0x40;
/** The first byte of a table with an initial value. */
const TABLE_WITH_VALUE = 0x40;
const ALLOWED_TYPES: readonly ValueType[] = ['i32', 'i64', 'f32', 'f64', 'v128', 'funcref', 'externref'];
/** As an s33: what a block type may be if not an index, and a heap type. */
const ALLOWED_BLOCK_TYPES: readonly number[] = [-64, -1, -2, -3, -4, -5, -16, -17];
const ALLOWED_HEAP_TYPES: readonly number[] = [-16, -17];
const EXN = -23;

/** Ends the search. */
class Found extends Error {
  readonly use: FeatureUse;

  constructor(feature: RefusedFeature, offset: number) {
    super();
    this.use = { feature, offset };
  }
}

/**
 * Finds features that cc-lb's engine switches off, first among the declarations and then in the
 * code. Nothing is validated.
 *
 * @param bytes of a module without imports.
 * @param module what `readModule` returned for the bytes, if they were read before.
 * @throws WasmFormatError if the bytes do not follow the binary format.
 */
export function findFeatures(bytes: Uint8Array, module: WasmModule = readModule(bytes)): FeatureUses {
  const search = new Search(bytes, module);
  const found = (refused: FeatureUse | undefined): FeatureUses => {
    const { wideArithmetic, changesTables } = search;
    return { refused, wideArithmetic, changesTables };
  };
  try {
    search.declarations();
    search.code();
    return found(undefined);
  } catch (thrown) {
    if (thrown instanceof Found) return found(thrown.use);
    throw thrown;
  }
}

class Search {
  readonly #bytes: Uint8Array;
  readonly #module: WasmModule;
  readonly #features = featureByOpcode();
  wideArithmetic: FeatureUse<'wide arithmetic'> | undefined;
  changesTables = false;

  constructor(bytes: Uint8Array, module: WasmModule) {
    this.#bytes = bytes;
    this.#module = module;
  }

  declarations(): void {
    const { types, tables, memories } = this.#module;
    const at = (id: number): number => this.#section(id)?.offset ?? 0;
    for (const type of types) {
      if (type.kind !== 'func' || type.distinct) throw new Found('garbage collection', at(SECTION.type));
      for (const value of [...type.params, ...type.results]) checkType(value, at(SECTION.type));
    }
    if (this.#section(SECTION.tag) !== undefined) throw new Found('exceptions', at(SECTION.tag));
    if (memories.length > 1) throw new Found('multi-memory', at(SECTION.memory));
    for (const { shared, indexType } of memories) {
      if (shared) throw new Found('threads', at(SECTION.memory));
      if (indexType === 'i64') throw new Found('memory64', at(SECTION.memory));
    }
    for (const { elementType, limits } of tables) {
      if (limits.shared) throw new Found('threads', at(SECTION.table));
      if (limits.indexType === 'i64') throw new Found('memory64', at(SECTION.table));
      checkType(elementType, at(SECTION.table));
    }
    this.#tableValues();
    for (const type of definedGlobalTypes(this.#bytes, this.#module)) checkType(type, at(SECTION.global));
    walkConstantExpressions(this.#bytes, this.#module, (code) => {
      // Without imports it is a global of the module, which only garbage collection allows here.
      if (code.firstByte === GLOBAL_GET) throw new Found('garbage collection', code.start);
      this.#instruction(code);
    });
  }

  code(): void {
    const section = this.#section(SECTION.code);
    if (section === undefined) return;
    const reader = sectionReader(this.#bytes, section);
    const code = new CodeReader(reader);
    for (let left = readU32(reader); left > 0; left--) {
      const size = readU32(reader);
      const [locals, body] = [sectionReader(this.#bytes, section), reader.part(size, 'a function body')];
      const { groups, groupsOffset } = readLocals(body);
      locals.offset = groupsOffset;
      for (let group = 0; group < groups; group++) {
        readU32(locals);
        const { offset } = locals;
        checkType(readValueType(locals), offset);
      }
      code.into(body);
      while (!code.done) {
        code.next();
        this.#instruction(code);
      }
    }
  }

  #section(id: number): Section | undefined {
    return this.#module.sections.find((section) => section.id === id);
  }

  #tableValues(): void {
    const section = this.#section(SECTION.table);
    if (section === undefined) return;
    const reader = sectionReader(this.#bytes, section);
    for (let left = readU32(reader); left > 0; left--) {
      if (reader.peek() === TABLE_WITH_VALUE) throw new Found('function references', reader.offset);
      vectorElements.table(reader);
    }
  }

  #instruction(code: CodeReader): void {
    const { instruction, start } = code;
    const { opcode, immediates } = instruction;
    if (TABLE_CHANGES.has(opcode)) this.changesTables = true;
    if (this.#features.has(opcode)) {
      const feature = this.#features.get(opcode);
      if (feature !== undefined) throw new Found(feature, start);
      this.wideArithmetic ??= { feature: 'wide arithmetic', offset: start };
    }
    const [immediate] = immediates;
    const value = code.values[0] ?? 0;
    if (immediate === 'memarg') {
      const flags = this.#bytes[code.starts[0] ?? 0] ?? 0;
      if ((flags & MEMORY_INDEX_BIT) !== 0) throw new Found('multi-memory', start);
    } else if (immediate === 'blockType') {
      if (value < 0 && !ALLOWED_BLOCK_TYPES.includes(value)) throw new Found('function references', start);
    } else if (immediate === 'heapType' && !ALLOWED_HEAP_TYPES.includes(value)) {
      throw new Found(value === EXN ? 'exceptions' : value < 0 ? 'garbage collection' : 'function references', start);
    }
  }
}

function checkType(type: ValueType, offset: number): void {
  if (ALLOWED_TYPES.includes(type)) return;
  const isException = type === 'exnref' || type === 'nullexnref';
  throw new Found(
    isException ? 'exceptions' : type.startsWith('(') ? 'function references' : 'garbage collection',
    offset,
  );
}

/** A function that adds two numbers of 128 bits. */
const WIDE_MODULE = /* @__PURE__ */ Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x0a, 0x01, 0x60, 0x04, 0x7e, 0x7e, 0x7e, 0x7e, 0x02, 0x7e, 0x7e],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x0e, 0x01, 0x0c, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0x20, 0x03, 0xfc, 0x13, 0x0b],
);

/** Whether the engine has wide arithmetic. */
export const hasWideArithmetic: () => boolean = onFirstUse(() => WebAssembly.validate(WIDE_MODULE));
