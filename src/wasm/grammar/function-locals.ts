import type { ByteReader } from '../encoding/byte-reader.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { readU32 } from '../encoding/leb128.ts';
import { readValueType, V128 } from '../encoding/types.ts';
import type { IndexVisitor } from './indices.ts';

/** The most bytes of a function body (WebAssembly JavaScript API, implementation limits). */
export const BODY_MAX_BYTES = 7_654_321;

/** The most locals of a function, parameters included (the same limits). */
export const LOCALS_MAX = 50_000;

/** The locals that a function declares, without its parameters. */
export interface FunctionLocals {
  readonly count: number;
  /** How many groups declare them: each is a count and a type. */
  readonly groups: number;
  /** How many of them are references. */
  readonly references: number;
  /** What they take in a frame, in bytes, if each takes a multiple of 8. */
  readonly frameBytes: number;
  /** The length of the body in bytes, its locals included. */
  readonly bodyBytes: number;
  /** The offset of the first group, in bytes from the start of the module. */
  readonly groupsOffset: number;
  /** The offset of the first instruction, in bytes from the start of the module. */
  readonly codeOffset: number;
}

/**
 * Reads the locals of a function body (specification 5.5.13, "Code Section").
 *
 * @param body at its beginning. It moves to the first instruction.
 * @param visitor is shown the type indices.
 * @throws WasmFormatError `LimitExceeded` if there are more than {@link LOCALS_MAX}; and for
 * malformed contents.
 */
export function readLocals(body: ByteReader, visitor?: IndexVisitor): FunctionLocals {
  const start = body.offset;
  const groups = readU32(body);
  const groupsOffset = body.offset;
  let count = 0;
  let references = 0;
  let frameBytes = 0;
  for (let group = 0; group < groups; group++) {
    const offset = body.offset;
    const length = readU32(body);
    count += length;
    const type = body.peek() ?? 0;
    frameBytes += length * (type === V128 ? 16 : 8);
    if (type < V128) references += length;
    if (count > LOCALS_MAX) {
      const reason = `a function has more than ${LOCALS_MAX} locals`;
      throw new WasmFormatError({ kind: 'LimitExceeded', offset, reason });
    }
    readValueType(body, visitor);
  }
  const { offset, end } = body;
  return { count, groups, references, frameBytes, bodyBytes: end - start, groupsOffset, codeOffset: offset };
}
