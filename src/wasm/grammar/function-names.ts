/** The subsection of the name section that has the names of functions (specification 7.4.1). */
const FUNCTION_NAMES = 1;

/** The most bits of a LEB128 integer of 32 bits, in whole bytes. */
const U32_BITS = 35;

/**
 * The names that a name section gives to some functions. Its contents are read once. They are a
 * hint: a module with a malformed name section is valid, so nothing is thrown.
 *
 * @param contents of the section.
 * @param indices of the functions, imports first.
 * @returns the names by index; without those that come after a fault in the section.
 */
export function functionNames(contents: Uint8Array, indices: ReadonlySet<number>): Map<number, string> {
  const names = new Map<number, string>();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let at = 0;
  let end = contents.length;
  const u32 = (): number => {
    let value = 0;
    for (let bits = 0; bits < U32_BITS && at < end; bits += 7) {
      const byte = contents[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** bits;
      if (byte < 0x80) return value;
    }
    // After a fault nothing else is read.
    at = Number.POSITIVE_INFINITY;
    return Number.NaN;
  };
  while (at < contents.length) {
    const id = contents[at++];
    const size = u32();
    const next = at + size;
    if (!(next <= contents.length)) break;
    end = next;
    let left = id === FUNCTION_NAMES ? u32() : 0;
    for (; left > 0 && names.size < indices.size; left--) {
      const index = u32();
      const length = u32();
      const start = at;
      at += length;
      if (!(at <= end)) return names;
      if (!indices.has(index) || names.has(index)) continue;
      try {
        names.set(index, decoder.decode(contents.subarray(start, at)));
      } catch {
        return names;
      }
    }
    at = next;
    end = contents.length;
  }
  return names;
}
