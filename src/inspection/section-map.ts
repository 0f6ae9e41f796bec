import { vectorElements } from '../wasm/grammar/elements.ts';
import {
  type ByteReader,
  FunctionPrinter,
  readModule,
  readU32,
  SECTION,
  type Section,
  sectionName,
  sectionReader,
} from '../wasm/index.ts';
import { FunctionNames } from './function-names.ts';

/** A stretch of a module's bytes. Offsets count from its start; sizes are in bytes. */
export interface MappedBytes {
  readonly offset: number;
  readonly size: number;
}

/** A section, with its id and size fields. */
export interface MappedSection extends MappedBytes {
  /** The specification's name; `header` for what stands before all sections. */
  readonly name: string;
  /** The name of a custom section. Anything may stand in it. */
  readonly customName?: string;
  /** Its id; `undefined` for the header. */
  readonly id: number | undefined;
  /** The largest functions of code, or segments of data, the largest first. */
  readonly parts: readonly MappedPart[];
  /** The other functions or segments. */
  readonly others: { readonly count: number; readonly size: number };
}

/** A function body or a data segment, with its size field. */
export interface MappedPart extends MappedBytes {
  /** Its index among the functions, or the data segments, of the module. */
  readonly index: number;
  /** What a function is called; '' if nothing names it, and for segments. */
  readonly name: string;
}

/** Where the bytes of a module are. */
export interface SectionMap {
  readonly size: number;
  /** In the order of the bytes, the header first. */
  readonly sections: readonly MappedSection[];
}

/** The most parts of a section that are listed one by one. */
export const PARTS_MAX = 40;

/** The bytes before the first section. */
const HEADER_BYTES = 8;

/**
 * Says where the bytes of a module are.
 *
 * @param bytes of a module.
 * @throws WasmFormatError if they are malformed.
 */
export function mapSections(bytes: Uint8Array): SectionMap {
  const module = readModule(bytes);
  const names = new FunctionNames(module, new FunctionPrinter(bytes, module));
  const header: MappedSection = {
    ...{ name: 'header', id: undefined, offset: 0, size: HEADER_BYTES },
    ...{ parts: [], others: { count: 0, size: 0 } },
  };
  const sections = module.sections.map((section): MappedSection => {
    const { id, name, offset, end } = section;
    const elements = elementsOf(bytes, section);
    const first = id === SECTION.code ? names.imported : 0;
    const parts = elements
      .map((element, at) => ({ ...element, index: first + at }))
      .sort((a, b) => b.size - a.size || a.offset - b.offset)
      .slice(0, PARTS_MAX)
      .map((part) => ({ ...part, name: id === SECTION.code ? names.of(part.index) : '' }));
    const custom = name === undefined ? {} : { customName: name };
    const others = { count: elements.length - parts.length, size: sizeOf(elements) - sizeOf(parts) };
    return { name: sectionName(id), id, ...custom, offset, size: end - offset, parts, others };
  });
  return { size: bytes.length, sections: [header, ...sections] };
}

/** How the elements are read of the sections that have parts. */
const READERS: Readonly<Record<number, (reader: ByteReader) => unknown>> = {
  [SECTION.code]: (reader) => reader.part(readU32(reader), 'a function body'),
  [SECTION.data]: (reader) => vectorElements.data(reader),
};

function elementsOf(bytes: Uint8Array, section: Section): MappedBytes[] {
  const read = READERS[section.id];
  if (read === undefined) return [];
  const reader = sectionReader(bytes, section);
  return Array.from({ length: readU32(reader) }, () => {
    const { offset } = reader;
    read(reader);
    return { offset, size: reader.offset - offset };
  });
}

function sizeOf(parts: readonly MappedBytes[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}
