import type { ByteReader } from '../encoding/byte-reader.ts';
import { readU32 } from '../encoding/leb128.ts';
import { readName } from '../encoding/names.ts';
import { readLimits, readMutability, readValueType, unknownEncoding } from '../encoding/types.ts';
import { CodeReader } from './code-reader.ts';
import {
  EXTERNAL_KINDS,
  type ExternalKind,
  type ExternalType,
  type GlobalType,
  type ModuleExport,
  type ModuleImport,
  type TableType,
} from './externals.ts';
import { type IndexVisitor, readIndex } from './indices.ts';
import { entryOfSection, type SECTION, type Section, sectionReader } from './sections.ts';
import { readRecursiveType } from './type-section.ts';

/*
 * The grammar of all sections except code and custom ones: how one element of each is read. A
 * function returns what the element says, and shows every index and every instruction of a constant
 * expression to a visitor, if it has one. The module reader uses the results. The rewriter and the
 * functions of module-visitors.ts are visitors.
 */

/**
 * Is shown all indices, and all instructions of constant expressions, in the elements of sections.
 */
export interface ElementVisitor extends IndexVisitor {
  /** An instruction of a constant expression. The `end` of the expression is shown too. */
  instruction(code: CodeReader): void;
}

/** Reads an element of a section. */
export type ElementReader<T> = (reader: ByteReader, visitor?: ElementVisitor) => T;

/**
 * Reads a constant expression, up to and including its `end`: the first one ends it, since no
 * instruction of it opens a block (specification 3.4.15, "Constant Expressions").
 *
 * @throws WasmFormatError for an unknown instruction.
 */
function readExpression(reader: ByteReader, visitor?: ElementVisitor): void {
  const code = new CodeReader(reader);
  do {
    code.next();
    visitor?.instruction(code);
  } while (code.instruction.control !== 'end');
}

function readExternalKind(reader: ByteReader): ExternalKind {
  const offset = reader.offset;
  const byte = reader.byte('an external kind');
  const kind = EXTERNAL_KINDS[byte];
  if (kind === undefined) throw unknownEncoding(offset, 'an external kind', byte);
  return kind;
}

const readExternalType: { readonly [K in ExternalKind]: ElementReader<ExternalType> } = {
  function: (reader, visitor) => ({ kind: 'function', typeIndex: readFunction(reader, visitor) }),
  table: (reader, visitor) => ({ kind: 'table', ...readTableType(reader, visitor) }),
  memory: (reader) => ({ kind: 'memory', limits: readLimits(reader) }),
  global: (reader, visitor) => ({ kind: 'global', ...readGlobalType(reader, visitor) }),
  tag: (reader, visitor) => ({ kind: 'tag', typeIndex: readTag(reader, visitor) }),
};

function readImport(reader: ByteReader, visitor?: ElementVisitor): ModuleImport {
  const module = readName(reader);
  const name = readName(reader);
  return { module, name, ...readExternalType[readExternalKind(reader)](reader, visitor) };
}

/** A function is declared by the index of its type; its body is in the code section. */
function readFunction(reader: ByteReader, visitor?: ElementVisitor): number {
  return readIndex(reader, 'type', visitor);
}

function readTableType(reader: ByteReader, visitor?: ElementVisitor): TableType {
  return { elementType: readValueType(reader, visitor), limits: readLimits(reader) };
}

/**
 * Before a table with an expression for its entries stand the bytes 40 00 (specification 5.5.7,
 * "Table Section").
 */
function readTable(reader: ByteReader, visitor?: ElementVisitor): TableType {
  const initialised = reader.peek() === 0x40;
  if (initialised) reader.part(2, 'a table with an initial value');
  const type = readTableType(reader, visitor);
  if (initialised) readExpression(reader, visitor);
  return type;
}

/**
 * An attribute, then a type index. The only attribute is 0, an exception (specification 5.3.16,
 * "Tag Types").
 */
function readTag(reader: ByteReader, visitor?: ElementVisitor): number {
  const offset = reader.offset;
  const byte = reader.byte('a tag attribute');
  if (byte !== 0) throw unknownEncoding(offset, 'a tag attribute', byte);
  return readIndex(reader, 'type', visitor);
}

function readGlobalType(reader: ByteReader, visitor?: ElementVisitor): GlobalType {
  return { valueType: readValueType(reader, visitor), mutable: readMutability(reader) };
}

function readGlobal(reader: ByteReader, visitor?: ElementVisitor): GlobalType {
  const type = readGlobalType(reader, visitor);
  readExpression(reader, visitor);
  return type;
}

/**
 * Reads an export. By itself it loads much less code than `vectorElements`.
 *
 * @returns the export.
 */
export function readExport(reader: ByteReader, visitor?: ElementVisitor): ModuleExport {
  const name = readName(reader);
  const kind = readExternalKind(reader);
  return { name, kind, index: readIndex(reader, kind, visitor) };
}

/** The bits in the flags of an element segment. */
const ELEMENT_PASSIVE_OR_DECLARATIVE = 0x01;
const ELEMENT_EXPLICIT = 0x02;
const ELEMENT_EXPRESSIONS = 0x04;

/** The flags say which parts a segment has (specification 5.5.12, "Element Section"). */
function readElementSegment(reader: ByteReader, visitor?: ElementVisitor): void {
  const flags = readU32(reader);
  if ((flags & ELEMENT_PASSIVE_OR_DECLARATIVE) === 0) {
    if ((flags & ELEMENT_EXPLICIT) !== 0) readIndex(reader, 'table', visitor);
    readExpression(reader, visitor);
  }
  const expressions = (flags & ELEMENT_EXPRESSIONS) !== 0;
  if ((flags & (ELEMENT_PASSIVE_OR_DECLARATIVE | ELEMENT_EXPLICIT)) !== 0) {
    if (expressions) readValueType(reader, visitor);
    else reader.byte('an element kind');
  }
  const count = readU32(reader);
  for (let entry = 0; entry < count; entry++) {
    if (expressions) readExpression(reader, visitor);
    else readIndex(reader, 'function', visitor);
  }
}

/** The modes of a data segment (specification 5.5.14, "Data Section"); 0 is active in memory 0. */
const DATA_PASSIVE = 1;
const DATA_NAMES_MEMORY = 2;

function readDataSegment(reader: ByteReader, visitor?: ElementVisitor): void {
  const mode = readU32(reader);
  if (mode === DATA_NAMES_MEMORY) readIndex(reader, 'memory', visitor);
  if (mode !== DATA_PASSIVE) readExpression(reader, visitor);
  reader.part(readU32(reader), 'a data segment');
}

/**
 * How an element is read, for each section that is a vector. Code is not among them: a walk of its
 * own reads it (rewriter/code-editor.ts).
 */
export const vectorElements = {
  type: readRecursiveType,
  import: readImport,
  function: readFunction,
  table: readTable,
  memory: (reader: ByteReader) => readLimits(reader),
  tag: readTag,
  global: readGlobal,
  export: readExport,
  element: readElementSegment,
  data: readDataSegment,
} as const satisfies { readonly [N in keyof typeof SECTION]?: ElementReader<unknown> };

/** How the contents are read, for each section that is one integer. */
export const integerElements = {
  start: (reader: ByteReader, visitor?: ElementVisitor) => readIndex(reader, 'function', visitor),
  dataCount: (reader: ByteReader) => readU32(reader),
} as const satisfies { readonly [N in keyof typeof SECTION]?: ElementReader<number> };

/**
 * Shows the elements of some sections of a module to a visitor.
 *
 * @param bytes of the module.
 * @param sections of the module.
 * @param elements the entries of {@link vectorElements} for the sections to show.
 * @param visitor is shown what they hold.
 * @throws WasmFormatError for malformed contents; and what the visitor throws.
 */
export function visitElements(
  bytes: Uint8Array,
  sections: readonly Section[],
  elements: { readonly [N in keyof typeof SECTION]?: ElementReader<unknown> },
  visitor: ElementVisitor,
): void {
  for (const section of sections) {
    const readElement = entryOfSection(elements, section.id);
    if (readElement === undefined) continue;
    const contents = sectionReader(bytes, section);
    const count = readU32(contents);
    for (let index = 0; index < count; index++) readElement(contents, visitor);
  }
}
