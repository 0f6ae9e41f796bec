import {
  ByteReader,
  type CodeReader,
  type EditList,
  type EditWriter,
  readCatchClause,
  readU32,
  type WasmModule,
} from '../../wasm/index.ts';
import { BLOCK, EMPTY_BLOCK, LOOP } from './opcodes.ts';
import { OpenBlocks } from './open-blocks.ts';

/** Blocks that stand around a loop: see {@link OuterLoops}. */
const BLOCKS_AROUND = 3;

/**
 * Puts the refill of a loop's counter outside of the loop, so that the loop itself calls nothing
 * for it: engines keep values in registers around a call that is inside, however seldom it is
 * reached.
 *
 *     loop $again              what is added
 *       block $done
 *         block $refill
 *           loop ... end       the original; its head branches to $refill if the counter is empty
 *           br $done
 *         end
 *         (refill)
 *         br $again
 *       end
 *     end
 *
 * A loop that takes operands keeps its refill inside: they would have to be saved. Branches out of
 * a loop that was wrapped so cross three labels more.
 */
export class OuterLoops {
  readonly #module: WasmModule;
  /**
   * For each open block, the function's body among them, how many blocks were added around it and
   * those that it is in.
   */
  readonly #blocks = new OpenBlocks(() => ({ added: 0 }));

  constructor(module: WasmModule) {
    this.#module = module;
  }

  /** A function begins. */
  begin(): void {
    this.#blocks.clear();
    this.#blocks.open().added = 0;
  }

  /** Before a `loop`: wraps it, if it takes no operands. @returns whether it did. */
  wrap(code: CodeReader, edits: EditList): boolean {
    const blockType = code.values[0] ?? 0;
    const type = blockType >= 0 ? this.#module.types[blockType] : undefined;
    if (type?.kind === 'func' && type.params.length > 0) return false;
    const typeBytes = code.bytes.subarray(code.starts[0], code.end);
    edits.insertBytes(code.start, [LOOP, ...typeBytes, BLOCK, ...typeBytes, BLOCK, EMPTY_BLOCK]);
    return true;
  }

  /** A block opens. */
  open(wrapped: boolean): void {
    const added = this.#innermost + (wrapped ? BLOCKS_AROUND : 0);
    this.#blocks.open().added = added;
  }

  /**
   * A block closes with the instruction that ends at a place; if it was a wrapped loop, the blocks
   * around it end there too.
   */
  close(edits: EditList, end: number, writeEnd: EditWriter): void {
    const added = this.#blocks.close()?.added ?? 0;
    if (added > this.#innermost) edits.insert(end, writeEnd);
  }

  /** Maps the labels of the latest instruction. */
  mapLabels(code: CodeReader, edits: EditList): void {
    if (this.#innermost === 0) return;
    const { immediates, control } = code.instruction;
    for (let at = 0; at < immediates.length; at++) {
      const immediate = immediates[at];
      if (immediate === 'labelIndex') {
        // The label of a `delegate` counts from outside the `try` that it ends.
        const from = control === 'end' ? 1 : 0;
        const start = code.starts[at] ?? code.end;
        this.#map(code.values[at] ?? 0, start, code.endOf(at), edits, from);
      } else if (immediate === 'labelTable') {
        const reader = code.immediate(at);
        const count = readU32(reader);
        for (let label = 0; label <= count; label++) this.#mapNext(reader, edits);
      } else if (immediate === 'catchClauses') this.#mapClauses(code.immediate(at), edits);
    }
  }

  #mapClauses(reader: ByteReader, edits: EditList): void {
    const count = readU32(reader);
    for (let clause = 0; clause < count; clause++) {
      const start = reader.offset;
      const { tag } = readCatchClause(reader);
      const label = new ByteReader(reader.bytes, start + 1, reader.offset);
      if (tag !== undefined) readU32(label);
      this.#mapNext(label, edits);
    }
  }

  #mapNext(reader: ByteReader, edits: EditList): void {
    const start = reader.offset;
    const label = readU32(reader);
    this.#map(label, start, reader.offset, edits, 0);
  }

  /**
   * Adds the blocks between here and its block to a label.
   *
   * @param from how many open blocks it does not count.
   */
  #map(label: number, start: number, end: number, edits: EditList, from: number): void {
    const here = this.#blocks.ofLabel(from)?.added ?? 0;
    const crossed = here - (this.#blocks.ofLabel(from + label)?.added ?? 0);
    if (crossed > 0) edits.replaceByIndex(start, end, label + crossed);
  }

  get #innermost(): number {
    return this.#blocks.innermost?.added ?? 0;
  }
}
