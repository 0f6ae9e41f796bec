import {
  ByteReader,
  type CodeReader,
  type Edit,
  type EditList,
  readCatchClause,
  readU32,
  type WasmModule,
  writeUnsigned,
} from '../wasm/index.ts';

/** Blocks that stand around a loop: see {@link OuterLoops}. */
const BLOCKS_AROUND = 3;

const BLOCK = 0x02;
const LOOP = 0x03;
const EMPTY = 0x40;

/**
 * Puts the refill of a loop's counter outside of the loop, so that the loop itself calls nothing for it: engines keep values in registers
 * around a call that is inside, however seldom it is reached.
 *
 *     loop $again              what is added
 *       block $done
 *         block $refill
 *           loop ... end       the original; its head branches to $refill when the counter is used up
 *           br $done
 *         end
 *         (refill)
 *         br $again
 *       end
 *     end
 *
 * A loop that takes operands keeps its refill inside: they would have to be saved. Branches out of a loop that was wrapped so cross three
 * labels more.
 */
export class OuterLoops {
  readonly #module: WasmModule;
  /** For each open block, how many blocks were added around it and those that it is in. */
  readonly #added: number[] = [0];

  constructor(module: WasmModule) {
    this.#module = module;
  }

  /** Before a `loop`: wraps it, if it takes no operands. @returns whether it did. */
  wrap(code: CodeReader, edits: EditList): boolean {
    const blockType = code.values[0] ?? 0;
    const type = blockType >= 0 ? this.#module.types[blockType] : undefined;
    if (type?.kind === 'func' && type.params.length > 0) return false;
    const typeBytes = code.bytes.subarray(code.starts[0], code.end);
    edits.insert(code.start, [LOOP, ...typeBytes, BLOCK, ...typeBytes, BLOCK, EMPTY]);
    return true;
  }

  /** A block opens. */
  open(wrapped: boolean): void {
    this.#added.push(this.#innermost + (wrapped ? BLOCKS_AROUND : 0));
  }

  /** A block closes with the instruction that ends at a place; if it was a wrapped loop, a place for the end of the blocks around it is kept. */
  close(edits: EditList, end: number, loopEnds: Edit[]): void {
    const added = this.#added.pop() ?? 0;
    if (added > this.#innermost) loopEnds.push(edits.insert(end, []));
  }

  /** Maps the labels of the latest instruction. */
  mapLabels(code: CodeReader, edits: EditList): void {
    if (this.#innermost === 0) return;
    code.instruction.immediates.forEach((immediate, at) => {
      if (immediate === 'labelIndex') {
        // The label of a `delegate` counts from outside the `try` that it ends.
        const from = code.instruction.control === 'end' ? 1 : 0;
        this.#map(code.immediate(at), edits, from);
      } else if (immediate === 'labelTable') {
        const reader = code.immediate(at);
        const count = readU32(reader);
        for (let label = 0; label <= count; label++) this.#map(reader, edits, 0);
      } else if (immediate === 'catchClauses') this.#mapClauses(code.immediate(at), edits);
    });
  }

  #mapClauses(reader: ByteReader, edits: EditList): void {
    const count = readU32(reader);
    for (let clause = 0; clause < count; clause++) {
      const start = reader.offset;
      const { tag } = readCatchClause(reader);
      const label = new ByteReader(reader.bytes, start + 1, reader.offset);
      if (tag !== undefined) readU32(label);
      this.#map(label, edits, 0);
    }
  }

  /** Reads a label and adds the blocks between here and its block. @param from how many open blocks it does not count. */
  #map(reader: ByteReader, edits: EditList, from: number): void {
    const start = reader.offset;
    const label = readU32(reader);
    const here = this.#added.length - 1 - from;
    const crossed = (this.#added[here] ?? 0) - (this.#added[here - label] ?? 0);
    if (crossed === 0) return;
    const bytes: number[] = [];
    writeUnsigned(bytes, label + crossed);
    edits.replace(start, reader.offset, bytes);
  }

  get #innermost(): number {
    return this.#added[this.#added.length - 1] ?? 0;
  }
}
