import { ByteReader } from '../encoding/byte-reader.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { readU32 } from '../encoding/leb128.ts';
import { readName } from '../encoding/names.ts';
import { OBJECTS_MAX, tooMany } from '../encoding/types.ts';

/** Section ids of the binary format, in the order in which the sections must stand (specification 5.5.2, "Sections", and 5.5.16, "Modules"). */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  tag: 13,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  dataCount: 12,
  code: 10,
  data: 11,
} as const;

const ids: readonly number[] = /* @__PURE__ */ Object.values(SECTION);
const names: readonly string[] = /* @__PURE__ */ Object.keys(SECTION);

/** The non-custom sections in the order in which they must stand; each at most once. Custom ones may stand anywhere. */
export const SECTION_ORDER: readonly number[] = /* @__PURE__ */ ids.slice(1);

/** The specification's name of a section id, or `unknown (ID)`. */
export function sectionName(id: number): string {
  return names[ids.indexOf(id)] ?? `unknown (${id})`;
}

/** The entry of a section in a table by names; `undefined` for a section that the table, or the specification, does not have. */
export function entryOfSection<T>(table: { readonly [N in keyof typeof SECTION]?: T }, id: number): T | undefined {
  const index = ids.indexOf(id);
  // The names are the keys of SECTION, which are those of the table.
  return index < 0 ? undefined : table[names[index] as keyof typeof SECTION];
}

/** One section of a module, as its framing gives it. All offsets are in bytes from the start of the module. */
export interface Section {
  readonly id: number;
  /** The name of a custom section; `undefined` for every other. */
  readonly name: string | undefined;
  /** Where the section's id byte stands. */
  readonly offset: number;
  /** Where its contents begin: after the size, and for a custom section after the name. */
  readonly contentOffset: number;
  /** The offset past its last byte. */
  readonly end: number;
}

/** A reader over a section's contents. */
export function sectionReader(bytes: Uint8Array, section: Section): ByteReader {
  return new ByteReader(bytes, section.contentOffset, section.end);
}

/**
 * Walks the sections of a module from the first byte to the last, and hands each out as soon as its
 * framing has been read: a fault further on is thrown only when the walk gets there.
 *
 * Checked are the header, the size of each section, the order of those that are not custom, that
 * each known section holds its count, that nothing follows the integer of a start or data count
 * section, the bodies' framing in the code section, and the counts that two sections share. What a
 * section holds is otherwise left to others, and a section of an unknown id below 0x80 is handed
 * out like any other: a module may be of a later version of the format than this code
 * (specification 5.5, "Modules").
 *
 * @throws WasmFormatError
 */
export function* readSections(bytes: Uint8Array): Generator<Section, void, undefined> {
  const reader = new ByteReader(bytes);
  readHeader(reader);
  const counts: Counts = [];
  let latest = -1;
  let count = 0;
  while (!reader.done) {
    const offset = reader.offset;
    if (++count > OBJECTS_MAX) tooMany(offset, count, OBJECTS_MAX);
    const id = reader.byte('a section id');
    // An id is one byte of seven bits (specification 5.5.2), so that 0x80 and more stand for
    // nothing, now or later.
    if (id >= 0x80) throw new WasmFormatError({ kind: 'UnknownEncoding', offset, expected: 'a section id', found: id });
    const size = readU32(reader);
    const contents = reader.part(size, `the ${sectionName(id)} section`);
    const place = SECTION_ORDER.indexOf(id);
    if (place >= 0) {
      if (place <= latest) throw new WasmFormatError({ kind: 'SectionOutOfOrder', offset, section: sectionName(id) });
      latest = place;
    }
    const name = id === SECTION.custom ? readName(contents) : undefined;
    const section: Section = { id, name, offset, contentOffset: contents.offset, end: contents.end };
    readCounts(counts, section, contents);
    yield section;
  }
  // At the end of the module a section that should have come is known to be missing.
  checkBodies(counts, reader.offset);
  checkSegments(counts, reader.offset);
}

/** The eight bytes before the first section: magic, version, and what a component has in the version's place. */
function readHeader(reader: ByteReader): void {
  for (const expected of [0x00, 0x61, 0x73, 0x6d]) {
    if (reader.peek() !== expected) throw new WasmFormatError({ kind: 'NotWebAssembly', offset: reader.offset });
    reader.offset += 1;
  }
  const offset = reader.offset;
  const header = reader.part(4, 'the binary format version');
  const version = header.rest().reduceRight((upper, byte) => upper * 0x100 + byte, 0);
  if (version === 1) return;
  // A component carries a layer number of 1 in the upper half of the same four bytes.
  if (version >>> 16 === 1) throw new WasmFormatError({ kind: 'Component', offset });
  throw new WasmFormatError({ kind: 'UnsupportedVersion', offset, version });
}

/**
 * The integer that each section began with, by its id; a section that has not come yet has none.
 */
type Counts = (number | undefined)[];

/** Sections that hold one integer and nothing else. */
const SINGLE_INTEGER: readonly number[] = [SECTION.start, SECTION.dataCount];

/**
 * Reads the integer that every known section begins with; compares a count that two sections share
 * as soon as both are known.
 */
function readCounts(counts: Counts, { id, offset }: Section, contents: ByteReader): void {
  if (!SECTION_ORDER.includes(id)) return;
  const count = readU32(contents);
  counts[id] = count;
  if (SINGLE_INTEGER.includes(id) && !contents.done) throw trailing(contents, sectionName(id), 'its integer');
  if (id === SECTION.code) {
    checkBodies(counts, offset);
    readBodyFraming(contents, count);
  }
  if (id === SECTION.data) checkSegments(counts, offset);
}

function trailing({ offset, end }: ByteReader, section: string, what: string): WasmFormatError {
  const reason = `${end - offset} bytes follow ${what}`;
  return new WasmFormatError({ kind: 'SectionSizeMismatch', offset, section, reason });
}

function checkBodies(counts: Counts, offset: number): void {
  const { [SECTION.function]: functions = 0, [SECTION.code]: bodies = 0 } = counts;
  if (bodies === functions) return;
  const reason = `${functions} functions are declared, but the code section has ${bodies} bodies`;
  throw new WasmFormatError({ kind: 'CountMismatch', offset, reason });
}

function checkSegments(counts: Counts, offset: number): void {
  const { [SECTION.data]: segments = 0, [SECTION.dataCount]: declared = segments } = counts;
  if (declared === segments) return;
  const reason = `the data count section says ${declared} segments, but the data section has ${segments}`;
  throw new WasmFormatError({ kind: 'CountMismatch', offset, reason });
}

/** Each body has a size of its own, and together they must fill the code section (specification 5.5.13, "Code Section"). */
function readBodyFraming(contents: ByteReader, bodies: number): void {
  for (let index = 0; index < bodies; index++) {
    const size = readU32(contents);
    contents.part(size, `function body ${index} of the code section`);
  }
  if (!contents.done) throw trailing(contents, 'code', 'the last function body');
}
