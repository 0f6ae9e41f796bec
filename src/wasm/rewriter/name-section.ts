import type { ByteReader } from '../encoding/byte-reader.ts';
import { ByteSink } from '../encoding/byte-sink.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { LABEL_NAMES, type NameSubsection, readNameSubsections, visitNames } from '../grammar/name-section.ts';
import type { IndexMap, IndexMaps } from './plan.ts';

/**
 * Maps the indices of a name section. Names of what is gone are left out.
 *
 * @param contents of the section.
 * @param maps of the index spaces that change.
 * @param labels whether the blocks of functions are as before, so that their names are kept: these
 * count the blocks of a function.
 * @returns the new contents; `undefined` if the section is malformed: the module is valid all the
 * same, but its names are lost.
 */
export function mapNameSection(contents: ByteReader, maps: IndexMaps, labels: boolean): Uint8Array | undefined {
  const sink = new ByteSink(contents.end - contents.offset);
  try {
    for (const subsection of readNameSubsections(contents)) {
      if (subsection.id === LABEL_NAMES && !labels) continue;
      const map = subsection.space === undefined ? undefined : maps[subsection.space];
      const mapped = map === undefined ? subsection.contents.rest() : mapNames(subsection, map);
      sink.byte(subsection.id);
      sink.u32(mapped.length);
      sink.append(mapped);
    }
  } catch (error) {
    if (error instanceof WasmFormatError) return undefined;
    throw error;
  }
  return sink.view();
}

function mapNames(subsection: NameSubsection, map: IndexMap): Uint8Array {
  const { bytes, offset, end } = subsection.contents;
  const names = new ByteSink(end - offset);
  let kept = 0;
  visitNames(subsection, (index, from, to) => {
    const mapped = map(index);
    if (mapped !== undefined) {
      kept++;
      names.u32(mapped);
      names.copy(bytes, from, to);
    }
    return false;
  });
  const whole = new ByteSink(names.length + 5);
  whole.u32(kept);
  whole.appendSink(names);
  return whole.view();
}
