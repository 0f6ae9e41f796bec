import { ByteReader, CodeReader, readLabelTable } from '../../wasm/index.ts';

/** Stands for a way that nothing takes: code that is never executed. */
const NO_WAY = -1;

/** An open block, with lengths of ways in bytes. */
interface OpenBlock {
  /** The longest way to its beginning. */
  readonly before: number;
  readonly isLoop: boolean;
  /** The longest way to its end, by those branches and arms that were seen. */
  toEnd: number;
}

/**
 * Finds how many bytes of a function's code can be executed one after the other before control
 * comes to the head of a loop. An optimiser that joins blocks into one has at most these in it,
 * whatever it finds out about conditions. At the head of a loop metering looks at the counter,
 * which is known to nobody, so two ways meet there in any case. All other branches go forward, so
 * one pass finds it.
 *
 * @param bytes of the module.
 * @param start where the code begins. @param end where it ends.
 * @returns the length in bytes. It is that of a module in which nothing catches exceptions.
 * @throws WasmFormatError for malformed code.
 */
export function longestWay(bytes: Uint8Array, start: number, end: number): number {
  const code = new CodeReader(new ByteReader(bytes, start, end));
  const blocks: OpenBlock[] = [{ before: 0, isLoop: false, toEnd: NO_WAY }];
  let length = 0;
  let longest = 0;
  const branch = (label: number): void => {
    const block = blocks.at(-1 - label);
    if (block?.isLoop === false) block.toEnd = Math.max(block.toEnd, length);
  };
  while (!code.done) {
    code.next();
    const { control, immediates } = code.instruction;
    if (length !== NO_WAY) length += code.end - code.start;
    longest = Math.max(longest, length);
    if (control === 'block' || control === 'loop' || control === 'if') {
      // Without an `else`, control may come from the beginning of an `if` to its end.
      blocks.push({ before: length, isLoop: control === 'loop', toEnd: control === 'if' ? length : NO_WAY });
      if (control === 'loop' && length !== NO_WAY) length = 0;
    } else if (control === 'else') {
      const block = blocks.at(-1);
      if (block === undefined) continue;
      block.toEnd = Math.max(block.toEnd, length);
      length = block.before;
    } else if (control === 'end') {
      length = Math.max(length, blocks.pop()?.toEnd ?? NO_WAY);
    } else if (control === 'branch' || control === 'conditional') {
      const [first] = immediates;
      const labels =
        first === 'labelTable'
          ? readLabelTable(code.immediate(0))
          : [code.values[immediates.indexOf('labelIndex')] ?? 0];
      for (const label of labels) branch(label);
      if (control === 'branch') length = NO_WAY;
    } else if (control === 'return' || control === 'trap') length = NO_WAY;
  }
  return longest;
}
