import type { ByteReader } from '../encoding/byte-reader.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { readU32 } from '../encoding/leb128.ts';
import { readName } from '../encoding/names.ts';
import { readSections, sectionReader } from './sections.ts';

/** The subsection of the name section that holds the names of functions (specification 7.4.1, "Name Section"). */
const FUNCTION_NAMES = 1;

/**
 * The name that a module's name section gives a function.
 *
 * @param bytes of a module whose sections are well framed.
 * @param index of the function, imports first.
 * @returns `undefined` when there is no such name, or the name section is malformed: that is no fault of the module.
 */
export function functionName(bytes: Uint8Array, index: number): string | undefined {
  try {
    for (const section of readSections(bytes)) {
      if (section.name === 'name') return nameIn(sectionReader(bytes, section), index);
    }
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
  }
  return undefined;
}

function nameIn(contents: ByteReader, index: number): string | undefined {
  while (!contents.done) {
    const id = contents.byte('a subsection id');
    const part = contents.part(readU32(contents), 'a subsection');
    if (id !== FUNCTION_NAMES) continue;
    const count = readU32(part);
    for (let entry = 0; entry < count; entry++) {
      if (readU32(part) === index) return readName(part);
      part.part(readU32(part), 'a name');
    }
  }
  return undefined;
}
