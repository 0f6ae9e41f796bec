import type { ByteReader } from '../encoding/byte-reader.ts';
import { WasmFormatError } from '../encoding/error.ts';
import {
  type DefinedType,
  type FunctionType,
  type Limits,
  OBJECTS_MAX,
  readVector,
  type ValueType,
} from '../encoding/types.ts';
import { integerElements, vectorElements } from './elements.ts';
import type { ModuleExport, ModuleImport, TableType } from './externals.ts';
import { readSections, SECTION, type Section, sectionName, sectionReader } from './sections.ts';
import { readTypes } from './type-section.ts';

/** What a module says outside its code: all that a host needs to know before it links. */
export interface WasmModule {
  readonly sections: readonly Section[];
  /** The types that the module defines: the type index space. */
  readonly types: readonly DefinedType[];
  readonly imports: readonly ModuleImport[];
  /** The type index of each function, imported ones first: the function index space. */
  readonly functions: readonly number[];
  /** The memories that the module defines, without imported ones. */
  readonly memories: readonly Limits[];
  /** The tables that the module defines, without imported ones. */
  readonly tables: readonly TableType[];
  /** The type index of each tag, imported ones first: the tag index space. */
  readonly tags: readonly number[];
  readonly exports: readonly ModuleExport[];
  /** The index of the start function; `undefined` if there is none. */
  readonly start: number | undefined;
}

/** The most functions that engines accept (WebAssembly JavaScript API, implementation limits). */
const FUNCTIONS_MAX = 1_000_000;

/**
 * Reads the sections of a module, and the contents of those that declare something: types, imports,
 * functions, tables, memories, tags, exports and the start function. Globals, elements, data and
 * code are not read.
 *
 * @param bytes of the module.
 * @returns what the sections declare. The module may be invalid in other ways.
 * @throws WasmFormatError at the first byte that does not fit the format.
 */
export function readModule(bytes: Uint8Array): WasmModule {
  const sections = [...readSections(bytes)];
  const contents = <T>(id: number, read: (reader: ByteReader) => T, absent: T): T => {
    const section = sections.find((candidate) => candidate.id === id);
    return section === undefined ? absent : readWhole(bytes, section, read);
  };
  const vector = <T>(id: number, readElement: (reader: ByteReader) => T, maximum = OBJECTS_MAX): T[] =>
    contents(id, (reader) => readVector(reader, readElement, maximum), []);
  const imports = vector(SECTION.import, vectorElements.import);
  const imported = imports.flatMap((candidate) => (candidate.kind === 'function' ? [candidate.typeIndex] : []));
  const defined = vector(SECTION.function, vectorElements.function, FUNCTIONS_MAX);
  return {
    sections,
    types: contents(SECTION.type, readTypes, []),
    imports,
    functions: [...imported, ...defined],
    tables: vector(SECTION.table, vectorElements.table),
    memories: vector(SECTION.memory, vectorElements.memory),
    tags: [
      ...imports.flatMap((candidate) => (candidate.kind === 'tag' ? [candidate.typeIndex] : [])),
      ...vector(SECTION.tag, vectorElements.tag),
    ],
    exports: vector(SECTION.export, vectorElements.export),
    start: contents<number | undefined>(SECTION.start, integerElements.start, undefined),
  };
}

/** Reads the contents of a section, which must fill it (specification 5.5.2). */
function readWhole<T>(bytes: Uint8Array, section: Section, read: (reader: ByteReader) => T): T {
  const reader = sectionReader(bytes, section);
  const contents = read(reader);
  if (reader.done) return contents;
  const reason = `${reader.end - reader.offset} bytes are left over after its contents`;
  throw new WasmFormatError({
    kind: 'SectionSizeMismatch',
    offset: reader.offset,
    section: sectionName(section.id),
    reason,
  });
}

/**
 * The type of a function.
 *
 * @param functionIndex of the function, imports first.
 * @returns its type; `undefined` if there is no such function, or its type is not a function type.
 * The engine refuses such a module.
 */
export function functionType(module: WasmModule, functionIndex: number): FunctionType | undefined {
  const typeIndex = module.functions[functionIndex];
  const type = typeIndex === undefined ? undefined : module.types[typeIndex];
  return type?.kind === 'func' ? type : undefined;
}

/**
 * The types of the globals that a module defines, without imported ones.
 *
 * @param bytes of the module.
 * @param module what {@link readModule} returned for the bytes.
 * @returns a type for each global.
 * @throws WasmFormatError if the global section is malformed.
 */
export function definedGlobalTypes(bytes: Uint8Array, module: WasmModule): ValueType[] {
  const section = module.sections.find(({ id }) => id === SECTION.global);
  if (section === undefined) return [];
  return readVector(sectionReader(bytes, section), (reader) => vectorElements.global(reader).valueType);
}
