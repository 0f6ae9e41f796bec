import type { ByteReader } from '../encoding/byte-reader.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { readU32 } from '../encoding/leb128.ts';
import { readName } from '../encoding/names.ts';
import {
  type DefinedType,
  type FunctionType,
  type Limits,
  OBJECTS_MAX,
  readLimits,
  readMutability,
  readTypes,
  readValueType,
  readVector,
  type ValueType,
} from '../encoding/types.ts';
import { skipExpression } from './code-reader.ts';
import { readSections, SECTION, type Section, sectionName, sectionReader } from './sections.ts';

/** The kinds of things that a module imports and exports, as the JavaScript API names them. */
export type ExternalKind = 'function' | 'table' | 'memory' | 'global' | 'tag';

/** What a module imports, with the type that it asks for. */
export type ModuleImport = { readonly module: string; readonly name: string } & ExternalType;

/** The type of something imported. `typeIndex` counts into {@link WasmModule.types}. */
export type ExternalType =
  | { readonly kind: 'function'; readonly typeIndex: number }
  | { readonly kind: 'table'; readonly elementType: ValueType; readonly limits: Limits }
  | { readonly kind: 'memory'; readonly limits: Limits }
  | { readonly kind: 'global'; readonly valueType: ValueType; readonly mutable: boolean }
  | { readonly kind: 'tag'; readonly typeIndex: number };

/** The type of a table: its entries' type, and how many entries it has. */
export interface TableType {
  readonly elementType: ValueType;
  readonly limits: Limits;
}

/** What a module exports: `index` counts into the index space of its kind, imports first. */
export interface ModuleExport {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly index: number;
}

/** What a module says of itself outside its code: all that a host needs before it links. */
export interface WasmModule {
  readonly sections: readonly Section[];
  readonly types: readonly DefinedType[];
  readonly imports: readonly ModuleImport[];
  /** The type index of each function, imported ones first: the function index space. */
  readonly functions: readonly number[];
  /** The memories that the module defines; imported ones are not among them. */
  readonly memories: readonly Limits[];
  /** The tables that the module defines; imported ones are not among them. */
  readonly tables: readonly TableType[];
  /** The type index of each tag, imported ones first. */
  readonly tags: readonly number[];
  readonly exports: readonly ModuleExport[];
  /** The index of the start function, if there is one. */
  readonly start: number | undefined;
}

/** How many functions engines take (WebAssembly JavaScript API, implementation limits). */
const FUNCTIONS_MAX = 1_000_000;

const EXTERNAL_KINDS: readonly ExternalKind[] = ['function', 'table', 'memory', 'global', 'tag'];

/**
 * Reads a module's sections, types, imports, function types, tables, memories, exports and start. Code, globals, elements and data are
 * left to the engine.
 *
 * @throws WasmFormatError at the first byte that does not fit the format.
 */
export function readModule(bytes: Uint8Array): WasmModule {
  const sections = [...readSections(bytes)];
  const contents = <T>(id: number, read: (reader: ByteReader) => T, absent: T): T => {
    const section = sections.find((candidate) => candidate.id === id);
    return section === undefined ? absent : readWhole(bytes, section, read);
  };
  const imports = contents(SECTION.import, (reader) => readVector(reader, readImport, OBJECTS_MAX), []);
  const imported = imports.flatMap((candidate) => (candidate.kind === 'function' ? [candidate.typeIndex] : []));
  const defined = contents(SECTION.function, (reader) => readVector(reader, readU32, FUNCTIONS_MAX), []);
  return {
    sections,
    types: contents(SECTION.type, readTypes, []),
    imports,
    functions: [...imported, ...defined],
    tables: contents(SECTION.table, (reader) => readVector(reader, readTable, OBJECTS_MAX), []),
    memories: contents(SECTION.memory, (reader) => readVector(reader, readLimits, OBJECTS_MAX), []),
    tags: [
      ...imports.flatMap((candidate) => (candidate.kind === 'tag' ? [candidate.typeIndex] : [])),
      ...contents(SECTION.tag, (reader) => readVector(reader, readTag, OBJECTS_MAX), []),
    ],
    exports: contents(SECTION.export, (reader) => readVector(reader, readExport, OBJECTS_MAX), []),
    start: contents<number | undefined>(SECTION.start, readU32, undefined),
  };
}

/**
 * The type of a function by its index, imports first; `undefined` when there is no such function, or its type is none: such a module is
 * invalid, and the engine says so.
 */
export function functionType(module: WasmModule, functionIndex: number): FunctionType | undefined {
  const typeIndex = module.functions[functionIndex];
  const type = typeIndex === undefined ? undefined : module.types[typeIndex];
  return type?.kind === 'func' ? type : undefined;
}

/** A custom section's place and contents. */
export interface CustomSection {
  readonly name: string;
  /** Where the section's id byte stands, in bytes from the start of the module. */
  readonly offset: number;
  /** A view of its contents, the name not counted. */
  readonly contents: Uint8Array;
}

/** All custom sections in the order of the bytes. */
export function customSections(bytes: Uint8Array, sections: Iterable<Section>): CustomSection[] {
  const found: CustomSection[] = [];
  for (const section of sections) {
    if (section.name === undefined) continue;
    const contents = bytes.subarray(section.contentOffset, section.end);
    found.push({ name: section.name, offset: section.offset, contents });
  }
  return found;
}

/** What a section holds must fill it (specification 5.5.2: the size is that of the contents). */
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

function readImport(reader: ByteReader): ModuleImport {
  return { module: readName(reader), name: readName(reader), ...readExternalType(reader) };
}

const readExternal: { readonly [K in ExternalKind]: (reader: ByteReader) => ExternalType } = {
  function: (reader) => ({ kind: 'function', typeIndex: readU32(reader) }),
  table: (reader) => ({ kind: 'table', elementType: readValueType(reader), limits: readLimits(reader) }),
  memory: (reader) => ({ kind: 'memory', limits: readLimits(reader) }),
  global: (reader) => ({ kind: 'global', valueType: readValueType(reader), mutable: readMutability(reader) }),
  tag: (reader) => ({ kind: 'tag', typeIndex: readTag(reader) }),
};

/** An attribute, 0 for an exception, which is all that there is, then a type index (specification 5.3, "Tag Types"). */
function readTag(reader: ByteReader): number {
  const offset = reader.offset;
  const byte = reader.byte('a tag attribute');
  if (byte === 0) return readU32(reader);
  throw new WasmFormatError({ kind: 'UnknownEncoding', offset, expected: 'a tag attribute', found: byte });
}

function readExternalType(reader: ByteReader): ExternalType {
  return readExternal[readExternalKind(reader)](reader);
}

function readExternalKind(reader: ByteReader): ExternalKind {
  const offset = reader.offset;
  const byte = reader.byte('an external kind');
  const kind = EXTERNAL_KINDS[byte];
  if (kind === undefined)
    throw new WasmFormatError({ kind: 'UnknownEncoding', offset, expected: 'an external kind', found: byte });
  return kind;
}

/** A table may carry an expression for its entries, after the bytes 40 00 (specification 5.5.7, "Table Section"). */
function readTable(reader: ByteReader): TableType {
  const initialised = reader.peek() === 0x40;
  if (initialised) reader.part(2, 'a table with an initial value');
  const type = { elementType: readValueType(reader), limits: readLimits(reader) };
  if (initialised) skipExpression(reader);
  return type;
}

function readExport(reader: ByteReader): ModuleExport {
  return { name: readName(reader), kind: readExternalKind(reader), index: readU32(reader) };
}

/**
 * The types of the globals that a module defines itself.
 *
 * @throws WasmFormatError for what is wrong with the section.
 */
export function definedGlobalTypes(bytes: Uint8Array, module: WasmModule): ValueType[] {
  const section = module.sections.find(({ id }) => id === SECTION.global);
  if (section === undefined) return [];
  return readVector(sectionReader(bytes, section), (reader) => {
    const type = readValueType(reader);
    readMutability(reader);
    skipExpression(reader);
    return type;
  });
}
