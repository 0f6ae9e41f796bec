import { encodeUnsigned, writeSigned } from '../encoding/leb128.ts';
import { SECTION } from '../grammar/sections.ts';
import type { Additions } from '../rewriter/plan.ts';

/*
 * A small module writer: enough of the binary format for modules that this package emits itself (the kernel, host-function adapters) and
 * for tests. Types, imports, functions, one memory, globals, exports, code and custom sections (specification 5.5).
 */

/** The value types that emitted modules use. */
export type NumberType = 'i32' | 'i64' | 'f32' | 'f64';

/** Whether a value type is one of a number. */
export function isNumberType(type: string): type is NumberType {
  return Object.hasOwn(VALUE_TYPE_BYTE, type);
}

/** A function type over {@link NumberType}. */
export interface Signature {
  readonly params: readonly NumberType[];
  readonly results: readonly NumberType[];
}

const VALUE_TYPE_BYTE: Readonly<Record<NumberType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };
const EXTERNAL_KIND_BYTE = { function: 0x00, memory: 0x02, global: 0x03 } as const;
const CONST_OPCODE = { i32: 0x41, i64: 0x42 } as const;
const END = 0x0b;

/** The byte that stands for a number type. */
export function valueTypeByte(type: NumberType): number {
  return VALUE_TYPE_BYTE[type];
}

const utf8 = /* @__PURE__ */ new TextEncoder();

/** How much of each index space is taken before what a writer adds. */
export interface TakenIndices {
  readonly types: number;
  readonly importedFunctions: number;
  /** Functions of its own that the module has, without the imported ones. */
  readonly definedFunctions: number;
  readonly memories: number;
  readonly globals: number;
}

const NOTHING_TAKEN: TakenIndices = { types: 0, importedFunctions: 0, definedFunctions: 0, memories: 0, globals: 0 };

/** Collects the parts of a module and encodes them. Imports of a kind must be added before what the module defines of that kind. */
export class ModuleWriter {
  readonly #types: number[][] = [];
  readonly #typeIndices = new Map<string, number>();
  readonly #imports: number[][] = [];
  readonly #functions: number[][] = [];
  readonly #memories: number[][] = [];
  readonly #globals: number[][] = [];
  readonly #exports: number[][] = [];
  readonly #bodies: number[][] = [];
  readonly #customs: Uint8Array[] = [];
  readonly #taken: TakenIndices;
  #importedFunctions = 0;
  #importedGlobals = 0;

  /** @param taken of a module that the parts are to be added to, see {@link additions}; nothing for a module of its own. */
  constructor(taken: TakenIndices = NOTHING_TAKEN) {
    this.#taken = taken;
  }

  /** How many functions it imports. */
  get importedCount(): number {
    return this.#importedFunctions;
  }

  /** The function index that the next function gets which is defined. */
  get nextFunction(): number {
    const { importedFunctions, definedFunctions } = this.#taken;
    return importedFunctions + this.#importedFunctions + definedFunctions + this.#functions.length;
  }

  /** The index of a function type; equal signatures share one. */
  type(signature: Signature): number {
    const key = `${signature.params.join()}>${signature.results.join()}`;
    const known = this.#typeIndices.get(key);
    if (known !== undefined) return known;
    const index = this.#taken.types + this.#types.length;
    this.#types.push([0x60, ...valueTypes(signature.params), ...valueTypes(signature.results)]);
    this.#typeIndices.set(key, index);
    return index;
  }

  /** Imports a function and gives its function index. */
  importFunction(module: string, name: string, signature: Signature): number {
    if (this.#functions.length > 0) throw new RangeError('functions are imported before any is defined');
    this.#imports.push([
      ...encodeName(module),
      ...encodeName(name),
      EXTERNAL_KIND_BYTE.function,
      ...encodeUnsigned(this.type(signature)),
    ]);
    return this.#taken.importedFunctions + this.#importedFunctions++;
  }

  /** Imports a global and gives its global index. */
  importGlobal(module: string, name: string, type: NumberType, mutable: boolean): number {
    if (this.#globals.length > 0) throw new RangeError('globals are imported before any is defined');
    // It would stand before the globals that the module defines, and move them.
    if (this.#taken.globals > 0) throw new RangeError('no global is imported into a module that has globals');
    const globalType = [VALUE_TYPE_BYTE[type], mutable ? 1 : 0];
    this.#imports.push([...encodeName(module), ...encodeName(name), EXTERNAL_KIND_BYTE.global, ...globalType]);
    return this.#importedGlobals++;
  }

  /**
   * Defines a function and gives its function index. A body may call functions defined after it: indices follow from the order of calls.
   *
   * @param locals the types of the locals after the parameters. @param body its instructions, without the final `end`.
   */
  function(signature: Signature, locals: readonly NumberType[], body: readonly number[]): number {
    const index = this.nextFunction;
    this.#functions.push(encodeUnsigned(this.type(signature)));
    const code = [
      ...encodeUnsigned(locals.length),
      ...locals.flatMap((type) => [1, VALUE_TYPE_BYTE[type]]),
      ...body,
      END,
    ];
    this.#bodies.push([...encodeUnsigned(code.length), ...code]);
    return index;
  }

  /** Defines a 32-bit memory with a minimum and no maximum, in pages of 64 KiB. */
  memory(minimumPages: number): number {
    this.#memories.push([0x00, ...encodeUnsigned(minimumPages)]);
    return this.#taken.memories + this.#memories.length - 1;
  }

  /** Defines an integer global with a constant initial value and gives its global index. */
  global(type: 'i32' | 'i64', mutable: boolean, initial: bigint): number {
    const value: number[] = [];
    writeSigned(value, initial);
    this.#globals.push([VALUE_TYPE_BYTE[type], mutable ? 1 : 0, CONST_OPCODE[type], ...value, END]);
    return this.#taken.globals + this.#importedGlobals + this.#globals.length - 1;
  }

  /** Exports something by its index in the index space of its kind. */
  export(name: string, kind: keyof typeof EXTERNAL_KIND_BYTE, index: number): void {
    this.#exports.push([...encodeName(name), EXTERNAL_KIND_BYTE[kind], ...encodeUnsigned(index)]);
  }

  /** Adds a custom section at the end of the module. */
  custom(name: string, contents: Uint8Array): void {
    this.#customs.push(customSection(name, contents));
  }

  /** The parts, to be added to a module by `rewriteModule`. */
  additions(): Additions {
    return {
      types: this.#types,
      imports: this.#imports,
      functions: this.#functions,
      memories: this.#memories,
      globals: this.#globals,
      exports: this.#exports,
      bodies: this.#bodies,
      customs: this.#customs,
    };
  }

  /** The encoded module. */
  bytes(): Uint8Array<ArrayBuffer> {
    const sections = [
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      vectorSection(SECTION.type, this.#types),
      vectorSection(SECTION.import, this.#imports),
      vectorSection(SECTION.function, this.#functions),
      vectorSection(SECTION.memory, this.#memories),
      vectorSection(SECTION.global, this.#globals),
      vectorSection(SECTION.export, this.#exports),
      vectorSection(SECTION.code, this.#bodies),
      ...this.#customs,
    ];
    return concatenate(sections);
  }
}

/** A whole custom section: id, size, name and contents. Appended to a module's bytes it is that module with one section more. */
export function customSection(name: string, contents: Uint8Array): Uint8Array<ArrayBuffer> {
  const encodedName = encodeName(name);
  const size = encodeUnsigned(encodedName.length + contents.length);
  return concatenate([[SECTION.custom], size, encodedName, contents]);
}

/** A section that holds a vector; nothing at all when the vector is empty. */
function vectorSection(id: number, elements: readonly (readonly number[])[]): number[] {
  if (elements.length === 0) return [];
  const contents = [...encodeUnsigned(elements.length), ...elements.flat()];
  return [id, ...encodeUnsigned(contents.length), ...contents];
}

function valueTypes(types: readonly NumberType[]): number[] {
  return [...encodeUnsigned(types.length), ...types.map(valueTypeByte)];
}

/** A name as the format has it: its length in bytes, then UTF-8. */
export function encodeName(name: string): number[] {
  const bytes = utf8.encode(name);
  return [...encodeUnsigned(bytes.length), ...bytes];
}

function concatenate(parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
