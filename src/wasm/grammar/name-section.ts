import type { ByteReader } from '../encoding/byte-reader.ts';
import { readU32 } from '../encoding/leb128.ts';
import { functionNames } from './function-names.ts';
import type { IndexSpace } from './indices.ts';
import { readSections } from './sections.ts';

/** A subsection of the name section (specification 7.4.1, "Name Section"). */
export interface NameSubsection {
  readonly id: number;
  /**
   * The index space of its names; `undefined` for the name of the module, and for unknown
   * subsections.
   */
  readonly space: IndexSpace | undefined;
  /** Whether it has a map of names, such as those of locals, for each index. */
  readonly indirect: boolean;
  /** A reader over its contents. */
  readonly contents: ByteReader;
}

/** The subsections with a map of names for each index that printers use. */
export const LOCAL_NAMES = 2;
export const LABEL_NAMES = 3;
export const FIELD_NAMES = 10;

/** By subsection id: the index space of the subsection, and whether it is indirect. */
const SUBSECTIONS: readonly (Pick<NameSubsection, 'space' | 'indirect'> | undefined)[] = [
  undefined, // the name of the module
  { space: 'function', indirect: false },
  { space: 'function', indirect: true }, // locals
  { space: 'function', indirect: true }, // labels
  { space: 'type', indirect: false },
  { space: 'table', indirect: false },
  { space: 'memory', indirect: false },
  { space: 'global', indirect: false },
  { space: 'element', indirect: false },
  { space: 'data', indirect: false },
  { space: 'type', indirect: true }, // fields
  { space: 'tag', indirect: false },
];

/**
 * Reads the subsections of a name section.
 *
 * @param contents of the section.
 * @throws WasmFormatError if a subsection does not fit.
 */
export function* readNameSubsections(contents: ByteReader): Generator<NameSubsection, void, undefined> {
  while (!contents.done) {
    const id = contents.byte('a subsection id');
    const part = contents.part(readU32(contents), 'a subsection');
    const { space, indirect } = SUBSECTIONS[id] ?? { space: undefined, indirect: false };
    yield { id, space, indirect, contents: part };
  }
}

/**
 * Reads the entries of a subsection: an index, then a name, or a map of names if it is indirect.
 *
 * @param subsection one that has an index space.
 * @param visit is called for each entry with its index, the offset after the index, and the offset
 * after the entry. It ends the walk by returning `true`.
 * @throws WasmFormatError if an entry does not fit.
 */
export function visitNames(
  { contents, indirect }: NameSubsection,
  visit: (index: number, start: number, end: number) => boolean,
): void {
  const count = readU32(contents);
  for (let entry = 0; entry < count; entry++) {
    const index = readU32(contents);
    const start = contents.offset;
    if (indirect) skipNameMap(contents);
    else skipName(contents);
    if (visit(index, start, contents.offset)) return;
  }
}

function skipNameMap(reader: ByteReader): void {
  const count = readU32(reader);
  for (let entry = 0; entry < count; entry++) {
    readU32(reader);
    skipName(reader);
  }
}

function skipName(reader: ByteReader): void {
  reader.part(readU32(reader), 'a name');
}

/**
 * The name that the name section of a module gives to a function.
 *
 * @param bytes of a module whose sections are well framed.
 * @param index of the function, imports first.
 * @returns the name; `undefined` if the function has none, or the name section is malformed: such a
 * module is valid all the same.
 */
export function functionName(bytes: Uint8Array, index: number): string | undefined {
  for (const section of readSections(bytes)) {
    if (section.name === 'name')
      return functionNames(bytes.subarray(section.contentOffset, section.end), new Set([index])).get(index);
  }
  return undefined;
}
