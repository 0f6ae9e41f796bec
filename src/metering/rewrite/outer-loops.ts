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
import type { Block, OpenBlocks } from './open-blocks.ts';

/** Blocks that stand around a loop: see {@link OuterLoops}. */
const BLOCKS_AROUND = 3;

/** Opens the blocks around a loop whose type is one byte. */
const openAround: EditWriter = (sink, type) => sink.bytes([LOOP, type, BLOCK, type, BLOCK, EMPTY_BLOCK]);

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
  readonly #edits: EditList;
  readonly #blocks: OpenBlocks;

  constructor(module: WasmModule, edits: EditList, blocks: OpenBlocks) {
    this.#module = module;
    this.#edits = edits;
    this.#blocks = blocks;
  }

  /**
   * Before a `loop`: wraps it, if it takes no operands.
   *
   * @returns how many blocks it put around the loop.
   */
  wrap(code: CodeReader): number {
    const blockType = code.values[0] ?? 0;
    const type = blockType >= 0 ? this.#module.types[blockType] : undefined;
    if (type?.kind === 'func' && type.params.length > 0) return 0;
    const typeStart = code.starts[0] ?? code.end;
    if (code.end - typeStart === 1) this.#edits.insert(code.start, openAround, code.bytes[typeStart]);
    else {
      const typeBytes = code.bytes.subarray(typeStart, code.end);
      this.#edits.insertBytes(code.start, [LOOP, ...typeBytes, BLOCK, ...typeBytes, BLOCK, EMPTY_BLOCK]);
    }
    return BLOCKS_AROUND;
  }

  /**
   * A block has closed with the instruction that ends at a place; if it was a wrapped loop, the
   * blocks around it end there too.
   */
  close({ added }: Block, end: number, writeEnd: EditWriter): void {
    if (added > this.#blocks.innermost.added) this.#edits.insert(end, writeEnd);
  }

  /** Maps the labels of the latest instruction. */
  mapLabels(code: CodeReader): void {
    if (this.#blocks.innermost.added === 0) return;
    const { immediates, control } = code.instruction;
    for (let at = 0; at < immediates.length; at++) {
      const immediate = immediates[at];
      if (immediate === 'labelIndex') {
        // The label of a `delegate` counts from outside the `try` that it ends.
        const from = control === 'end' ? 1 : 0;
        const start = code.starts[at] ?? code.end;
        this.#map(code.values[at] ?? 0, start, code.endOf(at), from);
      } else if (immediate === 'labelTable') {
        const reader = code.immediate(at);
        const count = readU32(reader);
        for (let label = 0; label <= count; label++) this.#mapNext(reader);
      } else if (immediate === 'catchClauses') this.#mapClauses(code.immediate(at));
    }
  }

  #mapClauses(reader: ByteReader): void {
    const count = readU32(reader);
    for (let clause = 0; clause < count; clause++) {
      const start = reader.offset;
      const { tag } = readCatchClause(reader);
      const label = new ByteReader(reader.bytes, start + 1, reader.offset);
      if (tag !== undefined) readU32(label);
      this.#mapNext(label);
    }
  }

  #mapNext(reader: ByteReader): void {
    const start = reader.offset;
    const label = readU32(reader);
    this.#map(label, start, reader.offset, 0);
  }

  /**
   * Adds the blocks between here and its block to a label.
   *
   * @param from how many open blocks it does not count.
   */
  #map(label: number, start: number, end: number, from: number): void {
    const here = this.#blocks.ofLabel(from)?.added ?? 0;
    const crossed = here - (this.#blocks.ofLabel(from + label)?.added ?? 0);
    if (crossed > 0) this.#edits.replaceByIndex(start, end, label + crossed);
  }
}
