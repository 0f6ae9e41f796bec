import { ByteReader } from '../encoding/byte-reader.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { readU32 } from '../encoding/leb128.ts';
import { readName } from '../encoding/names.ts';
import type { IndexSpace } from '../grammar/indices.ts';
import { FIELD_NAMES, LABEL_NAMES, LOCAL_NAMES, readNameSubsections, visitNames } from '../grammar/name-section.ts';
import { type Section, sectionReader } from '../grammar/sections.ts';
import { identifier } from './identifiers.ts';

/** A longer name, in bytes, is left out: lines that have it could not be read. */
const SHOWN_NAME_BYTES = 200;

/** As many names of one kind are kept: as many as engines accept functions. */
const NAMES_MAX = 1_000_000;

/** The identifiers of one index space. */
export class Identifiers {
  readonly #names = new Map<number, string>();
  readonly #taken: Set<string> | undefined;

  /**
   * @param unique whether each stands for one index only, as the text format wants it everywhere
   * but for labels. When several indices have one name, the first has it.
   */
  constructor(unique: boolean) {
    this.#taken = unique ? new Set() : undefined;
  }

  /** Gives a name to an index, unless either is taken. */
  add(index: number, name: string): void {
    if (name === '' || this.#names.has(index) || this.#names.size >= NAMES_MAX) return;
    if (this.#taken?.has(name) === true) return;
    this.#names.set(index, name);
    this.#taken?.add(name);
  }

  /** The identifier of an index; `undefined` if it has none. */
  of(index: number): string | undefined {
    const name = this.#names.get(index);
    return name === undefined ? undefined : identifier(name);
  }
}

/** Of what has no names. */
export const NO_IDENTIFIERS: Identifiers = /* @__PURE__ */ new Identifiers(true);

/** Where the map of names for an index is. */
type NameMaps = ReadonlyMap<number, ByteReader>;

/**
 * What the name section of a module calls its parts. A malformed name section names what stands
 * before the fault, as in engines.
 */
export class ModuleNames {
  readonly #spaces = new Map<IndexSpace, Identifiers>();
  readonly #maps = new Map<number, NameMaps>();
  readonly #read = new Map<string, Identifiers>();

  /**
   * @param bytes of the module.
   * @param sections of the module.
   */
  constructor(bytes: Uint8Array, sections: readonly Section[]) {
    const section = sections.find(({ name }) => name === 'name');
    if (section === undefined) return;
    untilFault(() => {
      for (const subsection of readNameSubsections(sectionReader(bytes, section))) {
        const { id, space, indirect, contents } = subsection;
        if (space === undefined) continue;
        if (indirect) {
          const maps = new Map<number, ByteReader>();
          this.#maps.set(id, maps);
          untilFault(() =>
            visitNames(subsection, (index, start, end) => {
              if (!maps.has(index)) maps.set(index, new ByteReader(contents.bytes, start, end));
              return maps.size >= NAMES_MAX;
            }),
          );
        } else if (!this.#spaces.has(space)) {
          const identifiers = new Identifiers(true);
          this.#spaces.set(space, identifiers);
          untilFault(() =>
            visitNames(subsection, (index, start, end) => {
              addName(identifiers, index, new ByteReader(contents.bytes, start, end));
              return false;
            }),
          );
        }
      }
    });
  }

  /** The identifier of an index of an index space; `undefined` if it has none. */
  of(space: IndexSpace, index: number): string | undefined {
    return this.#spaces.get(space)?.of(index);
  }

  /** The identifiers of the parameters and locals of a function. */
  locals(functionIndex: number): Identifiers {
    return this.#within(LOCAL_NAMES, functionIndex);
  }

  /** The identifiers of the blocks of a function, in the order in which they begin, from 0. */
  labels(functionIndex: number): Identifiers {
    return this.#within(LABEL_NAMES, functionIndex);
  }

  /** The identifiers of the fields of a struct type. */
  fields(typeIndex: number): Identifiers {
    return this.#within(FIELD_NAMES, typeIndex);
  }

  #within(id: number, index: number): Identifiers {
    const map = this.#maps.get(id)?.get(index);
    if (map === undefined) return NO_IDENTIFIERS;
    const key = `${id} ${index}`;
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const identifiers = new Identifiers(id !== LABEL_NAMES);
    // The map was gone through when its place was found, so its entries fit.
    const reader = new ByteReader(map.bytes, map.offset, map.end);
    const count = readU32(reader);
    for (let entry = 0; entry < count; entry++) {
      const named = readU32(reader);
      const { offset } = reader;
      reader.part(readU32(reader), 'a name');
      addName(identifiers, named, new ByteReader(map.bytes, offset, reader.offset));
    }
    this.#read.set(key, identifiers);
    return identifiers;
  }
}

/** @param name where its length begins. A name that is not UTF-8 is left out. */
function addName(identifiers: Identifiers, index: number, name: ByteReader): void {
  const length = readU32(new ByteReader(name.bytes, name.offset, name.end));
  if (length <= SHOWN_NAME_BYTES) untilFault(() => identifiers.add(index, readName(name)));
}

/** A name section may be malformed: the module is valid all the same. */
function untilFault(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
  }
}
