import { ByteReader } from '../../../src/wasm/encoding/byte-reader.ts';
import { readU32 } from '../../../src/wasm/encoding/leb128.ts';
import { readValueType } from '../../../src/wasm/encoding/types.ts';
import { CodeReader } from '../../../src/wasm/grammar/code-reader.ts';
import { readModule } from '../../../src/wasm/grammar/module.ts';
import { SECTION, sectionReader } from '../../../src/wasm/grammar/sections.ts';
import type { Immediate } from '../../../src/wasm/instructions/index.ts';
import { decodeExpression } from '../instructions/decode.ts';

/** The bodies of all functions that a module defines: their locals, then their code. */
export function bodiesOf(bytes: Uint8Array): ByteReader[] {
  const section = readModule(bytes).sections.find(({ id }) => id === SECTION.code);
  if (section === undefined) return [];
  const reader = sectionReader(bytes, section);
  return Array.from({ length: readU32(reader) }, () => reader.part(readU32(reader), 'a function body'));
}

/** A body, so that two are equal if they differ only in how they encode integers and groups. */
export interface CanonicalBody {
  readonly locals: readonly string[];
  readonly instructions: readonly unknown[];
}

/** Immediates of a fixed length: they are compared by their bytes, so that NaNs are too. */
const FIXED: ReadonlySet<Immediate> = new Set(['f32', 'f64', 'v128', 'lane', 'lanes16', 'castFlags', 'zeroByte']);

/** @param body its locals and code. */
export function canonicalBody(body: ByteReader): CanonicalBody {
  const reader = new ByteReader(body.bytes, body.offset, body.end);
  const locals: string[] = [];
  for (let groups = readU32(reader); groups > 0; groups--) {
    const count = readU32(reader);
    const type = readValueType(reader);
    for (let local = 0; local < count; local++) locals.push(type);
  }
  const expression = reader.bytes.slice(reader.offset, reader.end);
  const code = new CodeReader(new ByteReader(expression));
  const instructions = decodeExpression(expression).map(({ instruction: { opcode }, values }) => {
    code.next();
    return [opcode, values, rawOf(code)];
  });
  return { locals, instructions };
}

/** What the values leave out: the bits of floats, and the alignment of accesses. */
function rawOf(code: CodeReader): unknown[] {
  return code.instruction.immediates.flatMap((immediate, at): readonly unknown[] => {
    if (immediate === 'memarg') return [readU32(code.immediate(at)) & ~0x40];
    return FIXED.has(immediate) ? [[...code.bytes.subarray(code.starts[at], code.endOf(at))].join(' ')] : [];
  });
}
