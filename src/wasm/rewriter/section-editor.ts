import type { ByteReader } from '../encoding/byte-reader.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { readU32 } from '../encoding/leb128.ts';
import { readName } from '../encoding/names.ts';
import { readLimits, readVector } from '../encoding/types.ts';
import type { WasmModule } from '../grammar/module.ts';
import { entryOfSection, type SECTION, sectionReader } from '../grammar/sections.ts';
import type { IndexEditor } from './index-editor.ts';
import type { IndexSpace } from './plan.ts';

/** Goes through the contents of a section, after its vector's length, and maps every index in it. */
type Element = (reader: ByteReader, editor: IndexEditor) => void;

const EXTERNAL_SPACES: readonly IndexSpace[] = ['function', 'table', 'memory', 'global', 'tag'];

/** What a byte of an import or export says that it is of. */
function externalSpace(reader: ByteReader): IndexSpace {
  const offset = reader.offset;
  const byte = reader.byte('an external kind');
  const space = EXTERNAL_SPACES[byte];
  if (space === undefined)
    throw new WasmFormatError({ kind: 'UnknownEncoding', offset, expected: 'an external kind', found: byte });
  return space;
}

const externalTypes: { readonly [S in IndexSpace]?: Element } = {
  function: (reader, editor) => editor.index(reader, 'type'),
  table: tableType,
  memory: (reader) => readLimits(reader),
  global: globalType,
  tag: tag,
};

function tableType(reader: ByteReader, editor: IndexEditor): void {
  editor.valueType(reader);
  readLimits(reader);
}

function globalType(reader: ByteReader, editor: IndexEditor): void {
  editor.valueType(reader);
  reader.byte('a mutability');
}

function tag(reader: ByteReader, editor: IndexEditor): void {
  reader.byte('a tag attribute');
  editor.index(reader, 'type');
}

function imported(reader: ByteReader, editor: IndexEditor): void {
  readName(reader);
  readName(reader);
  externalTypes[externalSpace(reader)]?.(reader, editor);
}

function exported(reader: ByteReader, editor: IndexEditor): void {
  readName(reader);
  editor.index(reader, externalSpace(reader));
}

/** A table may carry an expression for its entries, after the bytes 40 00 (specification 5.5.7, "Table Section"). */
function table(reader: ByteReader, editor: IndexEditor): void {
  const initialised = reader.peek() === 0x40;
  if (initialised) reader.part(2, 'a table with an initial value');
  tableType(reader, editor);
  if (initialised) editor.expression(reader);
}

const ELEMENT_PASSIVE_OR_DECLARATIVE = 0x01;
const ELEMENT_EXPLICIT = 0x02;
const ELEMENT_EXPRESSIONS = 0x04;

/** An element segment; its flags say which of its parts are there (specification 5.5.12, "Element Section"). */
function elementSegment(reader: ByteReader, editor: IndexEditor): void {
  const flags = readU32(reader);
  if ((flags & ELEMENT_PASSIVE_OR_DECLARATIVE) === 0) {
    if ((flags & ELEMENT_EXPLICIT) !== 0) editor.index(reader, 'table');
    editor.expression(reader);
  }
  const expressions = (flags & ELEMENT_EXPRESSIONS) !== 0;
  if ((flags & (ELEMENT_PASSIVE_OR_DECLARATIVE | ELEMENT_EXPLICIT)) !== 0) {
    if (expressions) editor.valueType(reader);
    else reader.byte('an element kind');
  }
  readVector(reader, () => (expressions ? editor.expression(reader) : editor.index(reader, 'function')));
}

/** A data segment: active in memory 0, passive, or active in a memory that it names (specification 5.5.14, "Data Section"). */
function dataSegment(reader: ByteReader, editor: IndexEditor): void {
  const mode = readU32(reader);
  if (mode === 2) editor.index(reader, 'memory');
  if (mode !== 1) editor.expression(reader);
  reader.part(readU32(reader), 'a data segment');
}

/** The types in a type section, with the type indices that they refer to. */
function recursiveType(reader: ByteReader, editor: IndexEditor): void {
  if (reader.peek() !== 0x4e) subType(reader, editor);
  else {
    reader.byte('rec');
    readVector(reader, () => subType(reader, editor));
  }
}

function subType(reader: ByteReader, editor: IndexEditor): void {
  if (reader.peek() === 0x50 || reader.peek() === 0x4f) {
    reader.byte('sub');
    readVector(reader, () => editor.index(reader, 'type'));
  }
  const form = reader.byte('a type');
  if (form === 0x60) {
    readVector(reader, () => editor.valueType(reader));
    readVector(reader, () => editor.valueType(reader));
  } else if (form === 0x5f) readVector(reader, () => globalType(reader, editor));
  else globalType(reader, editor);
}

/** The elements of each section that is a vector and may hold indices. Code is not among them: it has a pass of its own. */
export const sectionElements = {
  type: recursiveType,
  import: imported,
  function: (reader, editor) => editor.index(reader, 'type'),
  table: table,
  memory: (reader) => readLimits(reader),
  tag: tag,
  global: (reader, editor) => {
    globalType(reader, editor);
    editor.expression(reader);
  },
  export: exported,
  element: elementSegment,
  data: dataSegment,
} satisfies { readonly [N in keyof typeof SECTION]?: Element };

/**
 * Goes through all elements of some of a module's sections, and shows each index and each constant expression in them to an editor.
 *
 * @param elements those of `sectionElements` that are asked for.
 * @throws WasmFormatError for what the walk comes across.
 */
export function walkElements(
  bytes: Uint8Array,
  module: WasmModule,
  elements: { readonly [N in keyof typeof SECTION]?: Element },
  editor: IndexEditor,
): void {
  for (const section of module.sections) {
    const element = entryOfSection(elements, section.id);
    if (element === undefined) continue;
    const contents = sectionReader(bytes, section);
    const count = readU32(contents);
    for (let index = 0; index < count; index++) element(contents, editor);
  }
}
