import { ByteReader } from '../encoding/byte-reader.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { fileKindOf } from '../encoding/file-kind.ts';
import { readU32 } from '../encoding/leb128.ts';
import { readName } from '../encoding/names.ts';
import { OBJECTS_MAX, tooMany } from '../encoding/types.ts';

/** The bytes before the first section: magic and version (specification 5.5.16, "Modules"). */
export const MODULE_HEADER: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** The bytes of {@link MODULE_HEADER} that every version has. */
const MAGIC_BYTES = 4;

/**
 * Section ids, in the order in which a module must have the sections (specification 5.5.2,
 * "Sections", and 5.5.16, "Modules").
 */
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

/**
 * The ids of the sections that are not custom, in their order. A module has each at most once.
 * Custom sections may be anywhere.
 */
export const SECTION_ORDER: readonly number[] = /* @__PURE__ */ ids.slice(1);

/**
 * The name of a section, as the specification has it.
 *
 * @param id of the section.
 * @returns the name; `unknown (ID)` if the specification has no such section.
 */
export function sectionName(id: number): string {
  return names[ids.indexOf(id)] ?? `unknown (${id})`;
}

/**
 * Looks a section up in a table whose keys are names of sections.
 *
 * @param table the table.
 * @param id of the section.
 * @returns the entry; `undefined` if the table, or the specification, has no such section.
 */
export function entryOfSection<T>(table: { readonly [N in keyof typeof SECTION]?: T }, id: number): T | undefined {
  const index = ids.indexOf(id);
  // `names` are the keys of SECTION, and so are the keys of the table.
  return index < 0 ? undefined : table[names[index] as keyof typeof SECTION];
}

/** A section of a module. All offsets are in bytes from the start of the module. */
export interface Section {
  readonly id: number;
  /** The name of a custom section; `undefined` for all others. */
  readonly name: string | undefined;
  /** The offset of the section's id byte. */
  readonly offset: number;
  /** The offset of its contents: after the size, and of a custom section after the name. */
  readonly contentOffset: number;
  /** The offset after its last byte. */
  readonly end: number;
}

/**
 * Reads the contents of a section.
 *
 * @param bytes of the module.
 * @returns a reader over the contents.
 */
export function sectionReader(bytes: Uint8Array, section: Section): ByteReader {
  return new ByteReader(bytes, section.contentOffset, section.end);
}

/**
 * Reads the sections of a module, from the first byte to the last. Each is yielded as soon as its
 * framing has been read, so a fault is thrown only when the walk gets there.
 *
 * It checks the header; the size of each section; the order of those that are not custom; that
 * each known section begins with an integer; that a start or data count section has nothing else;
 * the sizes of function bodies; and the counts that two sections share. It does not check the other
 * contents. It yields sections of an unknown id below 0x80 too, since the module may use a later
 * version of the format (specification 5.5, "Modules").
 *
 * @param bytes of the module.
 * @throws WasmFormatError for a fault in what it checks.
 */
export function* readSections(bytes: Uint8Array): Generator<Section, void, undefined> {
  const reader = new ByteReader(bytes);
  readHeader(reader, bytes);
  const counts: Counts = [];
  let latest = -1;
  let count = 0;
  while (!reader.done) {
    const offset = reader.offset;
    if (++count > OBJECTS_MAX) tooMany(offset, count, OBJECTS_MAX);
    const id = reader.byte('a section id');
    // An id has seven bits (specification 5.5.2), so no version will use 0x80 and above.
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
  // Only at the end it is known that a section is missing.
  checkBodies(counts, reader.offset);
  checkSegments(counts, reader.offset);
}

/** Reads the header. A component has a layer number in the four bytes of the version. */
function readHeader(reader: ByteReader, bytes: Uint8Array): void {
  for (const expected of MODULE_HEADER.slice(0, MAGIC_BYTES)) {
    if (reader.peek() !== expected) {
      const looksLike = fileKindOf(bytes);
      const found = looksLike === undefined ? {} : { looksLike };
      throw new WasmFormatError({ kind: 'NotWebAssembly', offset: reader.offset, ...found });
    }
    reader.offset += 1;
  }
  const offset = reader.offset;
  const header = reader.part(4, 'the binary format version');
  const version = header.rest().reduceRight((upper, byte) => upper * 0x100 + byte, 0);
  if (version === 1) return;
  // The layer of a component, 1, is in the upper half of the four bytes.
  if (version >>> 16 === 1) throw new WasmFormatError({ kind: 'Component', offset });
  throw new WasmFormatError({ kind: 'UnsupportedVersion', offset, version });
}

/** The first integer of each section by its id; `undefined` for those not read yet. */
type Counts = (number | undefined)[];

/**
 * Reads the first integer of a known section. Compares a count that two sections share as soon as
 * both are known.
 */
function readCounts(counts: Counts, { id, offset }: Section, contents: ByteReader): void {
  if (!SECTION_ORDER.includes(id)) return;
  const count = readU32(contents);
  counts[id] = count;
  const isInteger = id === SECTION.start || id === SECTION.dataCount;
  if (isInteger && !contents.done) throw trailing(contents, sectionName(id), 'its integer');
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

/** Function bodies must fill the code section (specification 5.5.13, "Code Section"). */
function readBodyFraming(contents: ByteReader, bodies: number): void {
  for (let index = 0; index < bodies; index++) {
    const size = readU32(contents);
    contents.part(size, `function body ${index} of the code section`);
  }
  if (!contents.done) throw trailing(contents, 'code', 'the last function body');
}
