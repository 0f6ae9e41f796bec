import type { ByteReader } from '../encoding/byte-reader.ts';
import { ByteSink } from '../encoding/byte-sink.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { readU32 } from '../encoding/leb128.ts';
import type { IndexMaps, IndexSpace } from './plan.ts';

/** The index space that a subsection's outer map counts in; of those with an inner map only the outer index is mapped. */
const SUBSECTIONS: readonly ({ readonly space: IndexSpace; readonly indirect: boolean } | undefined)[] = [
  undefined, // the module's own name
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
 * The contents of a name section with its indices mapped; names of what is gone are left out (specification 7.4.1, "Name Section").
 *
 * @returns `undefined` when the section is malformed: that is no fault of the module, and its names are lost.
 */
export function mapNameSection(contents: ByteReader, maps: IndexMaps): Uint8Array | undefined {
  const sink = new ByteSink(contents.end - contents.offset);
  try {
    while (!contents.done) {
      const id = contents.byte('a subsection id');
      const part = contents.part(readU32(contents), 'a subsection');
      const subsection = SUBSECTIONS[id];
      const map = subsection === undefined ? undefined : maps[subsection.space];
      const mapped =
        subsection === undefined || map === undefined ? part.rest() : mapNames(part, subsection.indirect, map);
      sink.byte(id);
      sink.u32(mapped.length);
      sink.append(mapped);
    }
  } catch (error) {
    if (error instanceof WasmFormatError) return undefined;
    throw error;
  }
  return sink.view();
}

function mapNames(reader: ByteReader, indirect: boolean, map: (index: number) => number | undefined): Uint8Array {
  const names = new ByteSink(reader.end - reader.offset);
  let kept = 0;
  const count = readU32(reader);
  for (let entry = 0; entry < count; entry++) {
    const mapped = map(readU32(reader));
    const start = reader.offset;
    if (indirect) skipNameMap(reader);
    else skipName(reader);
    if (mapped === undefined) continue;
    kept++;
    names.u32(mapped);
    names.copy(reader.bytes, start, reader.offset);
  }
  const whole = new ByteSink(names.length + 5);
  whole.u32(kept);
  whole.append(names.view());
  return whole.view();
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
