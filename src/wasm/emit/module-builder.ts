import { ByteSink } from '../encoding/byte-sink.ts';
import { encodeUnsigned } from '../encoding/leb128.ts';
import { encodeName } from '../encoding/names.ts';
import { encodeValueType, type FunctionType, type ValueType } from '../encoding/types.ts';
import { EXTERNAL_KINDS, type ExternalKind } from '../grammar/externals.ts';
import { MODULE_HEADER, SECTION } from '../grammar/sections.ts';
import { FUNC } from '../grammar/type-section.ts';
import { CodeWriter } from './code-writer.ts';
import { type RelocatableFunction, writeRelocatable } from './relocatable.ts';
import { customSection, type Encoded, writeSection } from './section-writer.ts';

/** The number types (specification 2.3.1). */
export type NumberType = 'i32' | 'i64' | 'f32' | 'f64';

const NUMBER_TYPES: readonly string[] = ['i32', 'i64', 'f32', 'f64'] satisfies readonly NumberType[];

/**
 * Whether a value type is a number type.
 *
 * @param type a value type as text.
 */
export function isNumberType(type: ValueType): type is NumberType {
  return NUMBER_TYPES.includes(type);
}

/** A function type of number types. */
export interface Signature {
  readonly params: readonly NumberType[];
  readonly results: readonly NumberType[];
}

/**
 * What is added to a module: encoded elements that follow the module's own in each section. A
 * {@link ModuleBuilder} makes them, and `rewriteModule` writes them.
 */
export interface Additions {
  readonly types?: readonly Encoded[];
  /** The index maps of the rewrite must make room for them. */
  readonly imports?: readonly Encoded[];
  /** The type indices of the functions. */
  readonly functions?: readonly Encoded[];
  /** The bodies of the functions, each with its size, one after the other. */
  readonly bodies?: Uint8Array;
  readonly memories?: readonly Encoded[];
  readonly globals?: readonly Encoded[];
  readonly exports?: readonly Encoded[];
  /** Whole custom sections, at the end of the module. */
  readonly customs?: readonly Uint8Array[];
}

/** How many indices of each space a module uses that parts are added to. */
export interface TakenIndices {
  readonly types: number;
  readonly importedFunctions: number;
  /** Functions that the module defines, without imported ones. */
  readonly definedFunctions: number;
  readonly memories: number;
  readonly globals: number;
}

/** The flags of limits that have a minimum only (specification 5.3.13). */
const WITHOUT_MAXIMUM = 0x00;

const NOTHING_TAKEN: TakenIndices = { types: 0, importedFunctions: 0, definedFunctions: 0, memories: 0, globals: 0 };

/**
 * Builds a module, or parts that are added to a module: types, imports, functions, memories,
 * globals, exports and custom sections (specification 5.5).
 *
 * Each method that adds something returns its index. So imports of a kind must be added before what
 * the module defines of that kind.
 */
export class ModuleBuilder {
  readonly #types: Encoded[] = [];
  readonly #typeIndices = new Map<string, number>();
  readonly #imports: Encoded[] = [];
  readonly #functions: Encoded[] = [];
  readonly #memories: Encoded[] = [];
  readonly #globals: Encoded[] = [];
  readonly #encodedGlobals = new Map<string, Encoded>();
  readonly #exports: Encoded[] = [];
  readonly #bodies = new ByteSink();
  readonly #customs: Uint8Array[] = [];
  readonly #taken: TakenIndices;
  #importedFunctions = 0;
  #importedGlobals = 0;

  /**
   * @param taken the indices used by the module that the {@link additions} are for; none by
   * default, for a module of its own.
   */
  constructor(taken: TakenIndices = NOTHING_TAKEN) {
    this.#taken = taken;
  }

  /** How many function imports have been added. */
  get importedCount(): number {
    return this.#importedFunctions;
  }

  /** How many functions have been defined. */
  get definedCount(): number {
    return this.#functions.length;
  }

  /** The index of the next function that is defined. */
  get nextFunction(): number {
    const { importedFunctions, definedFunctions } = this.#taken;
    return importedFunctions + this.#importedFunctions + definedFunctions + this.#functions.length;
  }

  /**
   * Adds a function type, unless it has been added before.
   *
   * @returns its type index.
   */
  type({ params, results }: FunctionType): number {
    const key = `${params.join()}>${results.join()}`;
    return this.#typeIndices.get(key) ?? this.#addType(key, params, results);
  }

  #addType(key: string, params: readonly ValueType[], results: readonly ValueType[]): number {
    const index = this.#taken.types + this.#types.length;
    this.#types.push([FUNC, ...valueTypes(params), ...valueTypes(results)]);
    this.#typeIndices.set(key, index);
    return index;
  }

  /**
   * Imports a function.
   *
   * @param module the module name of the import. @param name its name. @param type its type.
   * @returns its function index.
   * @throws RangeError if a function has been defined.
   */
  importFunction(module: string, name: string, type: FunctionType): number {
    if (this.#functions.length > 0) throw new RangeError('functions are imported before any is defined');
    this.#import(module, name, 'function', encodeUnsigned(this.type(type)));
    return this.#taken.importedFunctions + this.#importedFunctions++;
  }

  /**
   * Imports a global.
   *
   * @param module the module name of the import. @param name its name. @param type its type.
   * @returns its global index.
   * @throws RangeError if a global has been defined, also by the module that the parts are added
   * to.
   */
  importGlobal(module: string, name: string, type: ValueType, mutable: boolean): number {
    if (this.#globals.length > 0) throw new RangeError('globals are imported before any is defined');
    // The import would move the globals that the module defines.
    if (this.#taken.globals > 0) throw new RangeError('no global is imported into a module that has globals');
    this.#import(module, name, 'global', globalType(type, mutable));
    return this.#importedGlobals++;
  }

  #import(module: string, name: string, kind: ExternalKind, type: Encoded): void {
    this.#imports.push([...encodeName(module), ...encodeName(name), kindByte(kind), ...type]);
  }

  /**
   * Defines a function. Its body may call functions that are defined later, since their indices
   * follow from the order.
   *
   * @param type its type.
   * @param locals the types of its locals, without parameters.
   * @param body its instructions, without the final `end`.
   * @returns its function index.
   */
  function(type: FunctionType, locals: readonly ValueType[], body: readonly number[]): number {
    const bodies = this.#bodies;
    const start = bodies.beginSized(body.length);
    bodies.bytes(encodeLocals(locals));
    bodies.bytes(body);
    new CodeWriter(bodies).end();
    bodies.endSized(start, body.length);
    return this.#define(this.type(type));
  }

  /**
   * Defines a function that was assembled before.
   *
   * @param relocatable the function.
   * @param indices the index that each symbol of its code stands for.
   * @returns its function index.
   * @throws RangeError if the code has a symbol without an index.
   */
  relocatable([params, results, text]: RelocatableFunction, indices: readonly number[]): number {
    const bodies = this.#bodies;
    const start = bodies.beginSized(text.length);
    writeRelocatable(text, indices, bodies);
    bodies.endSized(start, text.length);
    // As in `type`, but the types are taken apart only if they are new.
    const key = `${params}>${results}`;
    return this.#define(this.#typeIndices.get(key) ?? this.#addType(key, separated(params), separated(results)));
  }

  #define(typeIndex: number): number {
    const index = this.nextFunction;
    this.#functions.push(encodeUnsigned(typeIndex));
    return index;
  }

  /**
   * Defines a 32-bit memory without a maximum.
   *
   * @param minimumPages its size, in pages of 64 KiB.
   * @returns its memory index.
   */
  memory(minimumPages: number): number {
    this.#memories.push([WITHOUT_MAXIMUM, ...encodeUnsigned(minimumPages)]);
    return this.#taken.memories + this.#memories.length - 1;
  }

  /**
   * Defines a global of an integer type.
   *
   * @param initial its initial value.
   * @returns its global index.
   */
  global(type: 'i32' | 'i64', mutable: boolean, initial: bigint): number {
    this.#globals.push(this.#encodedGlobal(type, mutable, initial));
    return this.#taken.globals + this.#importedGlobals + this.#globals.length - 1;
  }

  /** Encodes a global. Many are alike, and share what is returned. */
  #encodedGlobal(type: 'i32' | 'i64', mutable: boolean, initial: bigint): Encoded {
    const key = `${type} ${mutable} ${initial}`;
    const known = this.#encodedGlobals.get(key);
    if (known !== undefined) return known;
    const value = new CodeWriter();
    if (type === 'i32') value.i32Const(Number(initial));
    else value.i64Const(initial);
    const encoded = [...globalType(type, mutable), ...value.end().bytes];
    this.#encodedGlobals.set(key, encoded);
    return encoded;
  }

  /**
   * Adds an export.
   *
   * @param name under which it is exported.
   * @param index in the index space of its kind.
   */
  export(name: string, kind: ExternalKind, index: number): void {
    this.#exports.push([...encodeName(name), kindByte(kind), ...encodeUnsigned(index)]);
  }

  /** Adds a custom section at the end of the module. */
  custom(name: string, contents: Uint8Array): void {
    this.#customs.push(customSection(name, contents));
  }

  /**
   * All parts, to be added to a module by `rewriteModule`.
   *
   * @returns the parts, encoded. What is added later appears in them too.
   */
  additions(): Required<Additions> {
    return {
      types: this.#types,
      imports: this.#imports,
      functions: this.#functions,
      memories: this.#memories,
      globals: this.#globals,
      exports: this.#exports,
      bodies: this.#bodies.view(),
      customs: this.#customs,
    };
  }

  /**
   * Encodes the module.
   *
   * @returns its bytes. More may be added afterwards, and the module encoded again.
   */
  bytes(): Uint8Array<ArrayBuffer> {
    const sink = new ByteSink();
    sink.bytes(MODULE_HEADER);
    const vector = (id: number, elements: readonly Encoded[]): void => {
      if (elements.length > 0) writeSection(sink, id, [encodeUnsigned(elements.length), ...elements]);
    };
    vector(SECTION.type, this.#types);
    vector(SECTION.import, this.#imports);
    vector(SECTION.function, this.#functions);
    vector(SECTION.memory, this.#memories);
    vector(SECTION.global, this.#globals);
    vector(SECTION.export, this.#exports);
    if (this.#functions.length > 0)
      writeSection(sink, SECTION.code, [encodeUnsigned(this.#functions.length), this.#bodies.view()]);
    for (const custom of this.#customs) sink.append(custom);
    return sink.view().slice();
  }
}

/**
 * Encodes the declarations of the locals of a function, each by itself.
 *
 * @param locals their types.
 * @returns the bytes.
 */
export function encodeLocals(locals: readonly ValueType[]): number[] {
  return [...encodeUnsigned(locals.length), ...locals.flatMap((local) => [1, ...encodeValueType(local)])];
}

function separated(types: string): readonly ValueType[] {
  return types === '' ? [] : types.split(',');
}

function valueTypes(types: readonly ValueType[]): number[] {
  return [...encodeUnsigned(types.length), ...types.flatMap(encodeValueType)];
}

function globalType(type: ValueType, mutable: boolean): number[] {
  return [...encodeValueType(type), mutable ? 1 : 0];
}

function kindByte(kind: ExternalKind): number {
  return EXTERNAL_KINDS.indexOf(kind);
}
