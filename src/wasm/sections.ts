import { ByteReader } from './byte-reader.ts';
import { WasmFormatError } from './error.ts';
import { readU32 } from './leb128.ts';
import { readName } from './names.ts';
import { OBJECTS_MAX, tooMany } from './types.ts';

/** Section ids of the binary format (specification 5.5.2, "Sections"). */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The non-custom sections in the order in which they must stand; each at most once (specification 5.5.16, "Modules"). */
export const SECTION_ORDER: readonly number[] = [
  SECTION.type,
  SECTION.import,
  SECTION.function,
  SECTION.table,
  SECTION.memory,
  SECTION.tag,
  SECTION.global,
  SECTION.export,
  SECTION.start,
  SECTION.element,
  SECTION.dataCount,
  SECTION.code,
  SECTION.data,
];

const sectionNames = new Map<number, string>(Object.entries(SECTION).map(([name, id]) => [id, name]));

/** The specification's name of a section id, or `unknown (ID)`. */
export function sectionName(id: number): string {
  return sectionNames.get(id) ?? `unknown (${id})`;
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
 * Walks the sections of a module from the first byte to the last, and hands each out as soon as its framing has been read: a fault
 * further on is thrown only when the walk gets there.
 *
 * Checked are the header, the size of each section, the order of those that are not custom, the bodies' framing in the code section,
 * and the counts that two sections share. What a section holds is otherwise left to others, and a section of an unknown id is handed out
 * like any other: a module may be of a later version of the format than this code (specification 5.5, "Modules").
 *
 * @throws WasmFormatError
 */
export function* readSections(bytes: Uint8Array): Generator<Section, void, undefined> {
  const reader = new ByteReader(bytes);
  readHeader(reader);
  const counts = new SharedCounts();
  let latest = -1;
  let count = 0;
  while (!reader.done) {
    const offset = reader.offset;
    if (++count > OBJECTS_MAX) tooMany(offset, count, OBJECTS_MAX);
    const id = reader.byte('a section id');
    const size = readU32(reader);
    const contents = reader.part(size, `the ${sectionName(id)} section`);
    const place = SECTION_ORDER.indexOf(id);
    if (place >= 0) {
      if (place <= latest) throw new WasmFormatError({ kind: 'SectionOutOfOrder', offset, section: sectionName(id) });
      latest = place;
    }
    const name = id === SECTION.custom ? readName(contents) : undefined;
    const section: Section = { id, name, offset, contentOffset: contents.offset, end: contents.end };
    counts.see(section, contents);
    yield section;
  }
  counts.finish(reader.offset);
}

/** The eight bytes before the first section: magic, version, and what a component has in the version's place. */
function readHeader(reader: ByteReader): void {
  for (const expected of [0x00, 0x61, 0x73, 0x6d]) {
    if (reader.peek() !== expected) throw new WasmFormatError({ kind: 'NotWebAssembly', offset: reader.offset });
    reader.offset += 1;
  }
  const offset = reader.offset;
  const header = reader.part(4, 'the binary format version');
  const version = new DataView(header.bytes.buffer, header.bytes.byteOffset + header.offset, 4).getUint32(0, true);
  if (version === 1) return;
  // A component carries a layer number of 1 in the upper half of the same four bytes.
  if (version >>> 16 === 1) throw new WasmFormatError({ kind: 'Component', offset });
  throw new WasmFormatError({ kind: 'UnsupportedVersion', offset, version });
}

/** The counts that must agree: functions with code bodies, and the data count section with data segments. */
class SharedCounts {
  #functions = 0;
  #bodies: number | undefined;
  #declaredSegments: number | undefined;
  #segments: number | undefined;

  see(section: Section, contents: ByteReader): void {
    if (section.id === SECTION.function) this.#functions = readU32(contents);
    else if (section.id === SECTION.dataCount) this.#declaredSegments = readU32(contents);
    else if (section.id === SECTION.data) {
      this.#segments = readU32(contents);
      this.#checkSegments(section.offset);
    } else if (section.id === SECTION.code) {
      this.#bodies = readU32(contents);
      this.#checkBodies(section.offset);
      readBodyFraming(contents, this.#bodies);
    }
  }

  /** Called at the end of the module, where a section that should have come is known to be missing. */
  finish(offset: number): void {
    this.#checkBodies(offset);
    this.#checkSegments(offset);
  }

  #checkBodies(offset: number): void {
    const bodies = this.#bodies ?? 0;
    if (bodies === this.#functions) return;
    const reason = `${this.#functions} functions are declared, but the code section has ${bodies} bodies`;
    throw new WasmFormatError({ kind: 'CountMismatch', offset, reason });
  }

  #checkSegments(offset: number): void {
    const segments = this.#segments ?? 0;
    if (this.#declaredSegments === undefined || this.#declaredSegments === segments) return;
    const reason = `the data count section says ${this.#declaredSegments} segments, but the data section has ${segments}`;
    throw new WasmFormatError({ kind: 'CountMismatch', offset, reason });
  }
}

/** Each body has a size of its own, and together they must fill the code section (specification 5.5.13, "Code Section"). */
function readBodyFraming(contents: ByteReader, bodies: number): void {
  for (let index = 0; index < bodies; index++) {
    const size = readU32(contents);
    contents.part(size, `function body ${index} of the code section`);
  }
  if (contents.done) return;
  const reason = `${contents.end - contents.offset} bytes follow the last function body`;
  throw new WasmFormatError({ kind: 'SectionSizeMismatch', offset: contents.offset, section: 'code', reason });
}
