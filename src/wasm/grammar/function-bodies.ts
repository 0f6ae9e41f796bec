import { readU32 } from '../encoding/leb128.ts';
import { readSections, SECTION, sectionReader } from './sections.ts';

/**
 * Finds where the bodies of the functions of a module end.
 *
 * @param bytes of a valid module.
 * @returns for each function that the module defines, the offset after its last byte, in bytes from
 * the start of the module.
 */
export function functionBodyEnds(bytes: Uint8Array): Uint32Array {
  for (const section of readSections(bytes)) {
    if (section.id !== SECTION.code) continue;
    const reader = sectionReader(bytes, section);
    const ends = new Uint32Array(readU32(reader));
    for (let index = 0; index < ends.length; index++) ends[index] = reader.part(readU32(reader), 'a function body').end;
    return ends;
  }
  return new Uint32Array();
}
