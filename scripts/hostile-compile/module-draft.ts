import { ByteSink } from '../../src/wasm/encoding/byte-sink.ts';
import type { SizeLimits } from './size-limits.ts';
import { I64 } from './value-types.ts';

/** Consecutive locals of one type, by its byte. */
export interface LocalGroup {
  readonly count: number;
  readonly type: number;
}

/** Instructions that leave the operand stack as they found it, and the locals that they need. */
export interface Fragment {
  readonly locals: readonly LocalGroup[];
  /** @param base index of the first of its locals. */
  readonly write: (code: ByteSink, base: number) => void;
}

/** A type of functions, by the bytes of its value types. */
export interface DraftType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

/** The kernel functions that hostile modules import. */
export const kernelTypes = {
  alloc: { params: [I64], results: [I64] },
  free: { params: [I64], results: [] },
  length: { params: [I64], results: [I64] },
  store_u64: { params: [I64, I64], results: [] },
  output_set: { params: [I64, I64], results: [] },
  http_request: { params: [I64, I64], results: [I64] },
  log_info: { params: [I64], results: [] },
  var_set: { params: [I64, I64], results: [] },
  var_get: { params: [I64], results: [I64] },
  config_get: { params: [I64], results: [I64] },
  error_set: { params: [I64], results: [] },
} as const satisfies Record<string, DraftType>;

/** The name of a kernel function that hostile modules import. */
export type KernelName = keyof typeof kernelTypes;

const SECTION = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  tag: 13,
  global: 6,
  export: 7,
  element: 9,
  dataCount: 12,
  code: 10,
  data: 11,
};

/** The order in which sections come. */
const sectionOrder = [
  'type',
  'import',
  'function',
  'table',
  'memory',
  'tag',
  'global',
  'export',
  'element',
  'dataCount',
  'code',
  'data',
] as const satisfies readonly (keyof typeof SECTION)[];

const END = 0x0b;
const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const utf8 = new TextEncoder();

/** Entries of one section, encoded one after the other. */
class Entries {
  readonly sink = new ByteSink(256);
  count = 0;

  /** Adds an entry and gives its index. */
  add(write: (sink: ByteSink) => void): number {
    write(this.sink);
    return this.count++;
  }
}

/** A module under construction: kinds add to it, one after the other. */
export class ModuleDraft {
  /** Types of the module, in its order. */
  readonly types: DraftType[] = [];
  /** What is exported under names of its own. */
  exports = 0;
  /** Functions of type () -> () that are called one after the other when the module runs. */
  readonly bodies: number[] = [];
  /** Bytes of all function bodies. */
  codeBytes = 0;
  readonly #sections = {
    type: new Entries(),
    import: new Entries(),
    table: new Entries(),
    memory: new Entries(),
    tag: new Entries(),
    global: new Entries(),
    export: new Entries(),
    element: new Entries(),
    data: new Entries(),
  };
  readonly #typeIndices = new Map<string, number>();
  readonly #imported = new Map<KernelName, number>();
  readonly #functionTypes: number[] = [];
  readonly #functions: (Uint8Array | undefined)[] = [];
  readonly #customs = new ByteSink();
  readonly #named = new Map<string, number>();

  readonly #limits: SizeLimits;

  /**
   * @param imports the kernel functions that it imports, which come before all other functions.
   * @param limits what the project under test allows.
   */
  constructor(imports: Iterable<KernelName>, limits: SizeLimits) {
    this.#limits = limits;
    for (const name of new Set(imports)) this.#imported.set(name, this.#import(name));
  }

  /** As many as wanted of something, or as the project allows. @param limit its name. */
  atMost(limit: string, wanted: number): number {
    return Math.min(wanted, this.#limits[limit] ?? wanted);
  }

  /** The index of an imported kernel function. */
  kernel(name: KernelName): number {
    const index = this.#imported.get(name);
    if (index === undefined) throw new Error(`the draft does not import ${name}`);
    return index;
  }

  /** Imports a kernel function once more; possible only while no function is declared. */
  importAgain(name: KernelName): void {
    if (this.#functionTypes.length > 0) throw new Error('imports come before functions');
    this.#import(name);
  }

  /** The index of a function type; equal ones share one. */
  type(params: readonly number[], results: readonly number[]): number {
    const key = `${params.join()}>${results.join()}`;
    const known = this.#typeIndices.get(key);
    if (known !== undefined) return known;
    const index = this.types.push({ params, results }) - 1;
    this.#sections.type.add((sink) => {
      sink.byte(0x60);
      writeTypes(sink, params);
      writeTypes(sink, results);
    });
    this.#typeIndices.set(key, index);
    return index;
  }

  /**
   * Adds an entry to the type section that may define several types; it is not shared. Gives the
   * index of the first.
   */
  typeEntry(defines: number, write: (sink: ByteSink, first: number) => void): number {
    const first = this.types.length;
    this.#sections.type.add((sink) => write(sink, first));
    for (let index = 0; index < defines; index++) this.types.push({ params: [], results: [] });
    return first;
  }

  /** Something that is added once: its index by a name. */
  once(name: string, make: () => number): number {
    const index = this.#named.get(name) ?? make();
    this.#named.set(name, index);
    return index;
  }

  /** Declares a function, and gives its index. {@link define} gives it a body. */
  declare(type: number): number {
    this.#functions.push(undefined);
    return this.importedFunctions + this.#functionTypes.push(type) - 1;
  }

  /** How many functions it imports. */
  get importedFunctions(): number {
    return this.#sections.import.count;
  }

  /** How many functions it has, the imported ones among them. */
  get functions(): number {
    return this.importedFunctions + this.#functionTypes.length;
  }

  /**
   * Gives a declared function its body: fragments one after the other, and then what `last` writes.
   */
  define(index: number, fragments: readonly Fragment[], last: (code: ByteSink) => void = () => undefined): void {
    const type = this.types[this.#functionTypes[index - this.importedFunctions] ?? -1];
    if (type === undefined) throw new Error(`function ${index} is not declared`);
    const body = new ByteSink(256);
    const groups = fragments.flatMap(({ locals }) => locals);
    body.u32(groups.length);
    for (const { count, type: valueType } of groups) {
      body.u32(count);
      body.byte(valueType);
    }
    let base = type.params.length;
    for (const { locals, write } of fragments) {
      write(body, base);
      for (const { count } of locals) base += count;
    }
    last(body);
    body.byte(END);
    this.codeBytes += body.length;
    this.#functions[index - this.importedFunctions] = body.view();
  }

  /** Declares and defines a function. */
  function(type: number, fragments: readonly Fragment[], last?: (code: ByteSink) => void): number {
    const index = this.declare(type);
    this.define(index, fragments, last);
    return index;
  }

  /** Adds a table of null references. */
  table(type: number, minimum: number): number {
    return this.#sections.table.add((sink) => {
      sink.byte(type);
      sink.byte(0);
      sink.u32(minimum);
    });
  }

  /** Adds a memory. */
  memory(minimum: number): number {
    return this.#sections.memory.add((sink) => {
      sink.byte(0);
      sink.u32(minimum);
    });
  }

  /** Adds a memory whose addresses have 64 bits. */
  memory64(minimum: number): number {
    return this.#sections.memory.add((sink) => {
      sink.byte(0x04);
      sink.u32(minimum);
    });
  }

  /** How many memories it has. */
  get memories(): number {
    return this.#sections.memory.count;
  }

  /** Adds a tag. */
  tag(type: number): number {
    return this.#sections.tag.add((sink) => {
      sink.byte(0);
      sink.u32(type);
    });
  }

  /** Adds a global. @param initial a constant expression without its `end`. */
  global(type: number, mutable: boolean, initial: readonly number[]): number {
    return this.#sections.global.add((sink) => {
      sink.bytes([type, mutable ? 1 : 0, ...initial, END]);
    });
  }

  /** Exports something. @param kind 0 a function, 1 a table, 2 a memory, 3 a global, 4 a tag. */
  export(name: string, kind: number, index: number): void {
    this.exports++;
    this.#sections.export.add((sink) => {
      writeName(sink, name);
      sink.byte(kind);
      sink.u32(index);
    });
  }

  /** Adds an element segment. */
  element(write: (sink: ByteSink) => void): number {
    return this.#sections.element.add(write);
  }

  /** Adds a data segment. */
  data(write: (sink: ByteSink) => void): number {
    return this.#sections.data.add(write);
  }

  /** Adds a custom section, at the end. */
  custom(name: string, contents: Uint8Array): void {
    const bytes = utf8.encode(name);
    const inner = new ByteSink(contents.length + bytes.length + 5);
    writeName(inner, name);
    inner.append(contents);
    this.#customs.byte(0);
    this.#customs.u32(inner.length);
    this.#customs.appendSink(inner);
  }

  /** The module. */
  bytes(): Uint8Array<ArrayBuffer> {
    const module = new ByteSink(this.codeBytes + 4096);
    module.bytes(HEADER);
    for (const name of sectionOrder) {
      const contents = this.#contents(name);
      if (contents === undefined) continue;
      module.byte(SECTION[name]);
      module.u32(contents.length);
      module.appendSink(contents);
    }
    module.appendSink(this.#customs);
    return module.view();
  }

  #contents(name: (typeof sectionOrder)[number]): ByteSink | undefined {
    const contents = new ByteSink(256);
    if (name === 'dataCount') {
      if (this.#sections.data.count === 0) return undefined;
      contents.u32(this.#sections.data.count);
      return contents;
    }
    if (name === 'function') {
      contents.u32(this.#functionTypes.length);
      for (const type of this.#functionTypes) contents.u32(type);
      return contents;
    }
    if (name === 'code') {
      contents.u32(this.#functions.length);
      for (const [index, body] of this.#functions.entries()) {
        if (body === undefined) throw new Error(`function ${index + this.importedFunctions} has no body`);
        contents.u32(body.length);
        contents.append(body);
      }
      return contents;
    }
    const { count, sink } = this.#sections[name];
    if (count === 0) return undefined;
    contents.u32(count);
    contents.appendSink(sink);
    return contents;
  }

  #import(name: KernelName): number {
    const { params, results } = kernelTypes[name];
    const type = this.type(params, results);
    return this.#sections.import.add((sink) => {
      writeName(sink, 'extism:host/env');
      writeName(sink, name);
      sink.byte(0);
      sink.u32(type);
    });
  }
}

function writeTypes(sink: ByteSink, types: readonly number[]): void {
  sink.u32(types.length);
  sink.bytes(types);
}

/** Writes a name: its length, then UTF-8. */
export function writeName(sink: ByteSink, name: string): void {
  const bytes = utf8.encode(name);
  sink.u32(bytes.length);
  sink.append(bytes);
}
