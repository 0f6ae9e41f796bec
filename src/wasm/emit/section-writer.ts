import { ByteSink } from '../encoding/byte-sink.ts';
import { encodeName } from '../encoding/names.ts';
import { SECTION } from '../grammar/sections.ts';

/** An encoded element of a section. */
export type Encoded = readonly number[];

/**
 * Writes a section: its id, its size, and its contents.
 *
 * @param sink where it is written.
 * @param id of the section.
 * @param contents one after the other.
 */
export function writeSection(sink: ByteSink, id: number, contents: readonly (Encoded | Uint8Array)[]): void {
  sink.byte(id);
  sink.u32(contents.reduce((size, part) => size + part.length, 0));
  for (const part of contents) {
    if (part instanceof Uint8Array) sink.append(part);
    else sink.bytes(part);
  }
}

/** The most bytes that the id and the size of a section take. */
const FRAME_MAX_BYTES = 6;

/**
 * Encodes a custom section. Appended to the bytes of a module, it adds the section to the module.
 *
 * @param name of the section.
 * @param contents what follows the name.
 * @returns the whole section: id, size, name and contents.
 */
export function customSection(name: string, contents: Uint8Array): Uint8Array<ArrayBuffer> {
  const encodedName = encodeName(name);
  const sink = new ByteSink(FRAME_MAX_BYTES + encodedName.length + contents.length);
  writeSection(sink, SECTION.custom, [encodedName, contents]);
  return sink.view().slice();
}
