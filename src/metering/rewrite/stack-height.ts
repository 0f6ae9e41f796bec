import type { CodeReader, FunctionType, OperandHeight, WasmModule } from '../../wasm/index.ts';
import { tagBytes } from './module-spaces.ts';
import type { Block, OpenBlocks } from './open-blocks.ts';

const EMPTY_BLOCK = -64;

/**
 * Follows the height of the operand stack through a function, to know the greatest: what a frame
 * may need beside its locals. See `StackEffect` in the instruction table for the rules.
 */
export class StackHeight implements OperandHeight {
  readonly #module: WasmModule;
  readonly #blocks: OpenBlocks;
  height = 0;
  base = 0;
  greatest = 0;

  constructor(module: WasmModule, blocks: OpenBlocks) {
    this.#module = module;
    this.#blocks = blocks;
  }

  /** A function begins. @param body which has been opened. @param results how many it has. */
  begin(body: Block, results: number): void {
    this.height = 0;
    this.base = 0;
    this.greatest = 0;
    body.base = 0;
    body.params = 0;
    body.results = results;
  }

  /** How many parameters a block has whose type is named by its index. */
  blockParams(typeIndex: number): number {
    return this.#functionTypeAt(typeIndex)?.params.length ?? 0;
  }

  /** Bytes that an exception of a tag carries. */
  tagBytes(index: number): number {
    return tagBytes(this.#tagType(index));
  }

  /** Takes an instruction into account that changes the height by so much. */
  change(by: number): void {
    const height = this.height + by;
    // Below the base there is only the polymorphic stack of code that is never executed.
    this.height = height < this.base ? this.base : height;
    if (height > this.greatest) this.greatest = height;
  }

  /** Takes the latest instruction into account: one that is not of control. */
  instruction(code: CodeReader): void {
    const { kind, pops, pushes } = code.instruction.stack;
    let others = 0;
    if (kind === 'structFields') {
      const type = this.#module.types[code.values[0] ?? 0];
      if (type?.kind === 'struct') others = type.fields;
    } else if (kind === 'count') others = code.values[1] ?? 0;
    this.change(pushes - pops - others);
  }

  /** A call of a function of a type. @param pops what it takes from above the parameters. */
  call(type: FunctionType | undefined, pops: number): void {
    this.change(type === undefined ? -pops : type.results.length - type.params.length - pops);
  }

  /** The code that follows in this block is never executed. */
  unreachable(): void {
    this.height = this.base;
  }

  /** A block opens, by the value of its type. @param pops what opening it takes. */
  open(block: Block, blockType: number, pops: number): void {
    const type = blockType >= 0 ? this.#functionTypeAt(blockType) : undefined;
    const height = this.height - pops;
    block.params = type?.params.length ?? 0;
    block.results = type?.results.length ?? (blockType === EMPTY_BLOCK ? 0 : 1);
    block.base = height - block.params;
    this.base = block.base;
    this.height = height;
  }

  /** The other arm of the innermost block begins. */
  arm({ params }: Block): void {
    this.height = this.base;
    this.change(params);
  }

  /** A legacy handler begins, with what an exception of a tag carries. */
  caught(code: CodeReader): void {
    const isTagged = code.instruction.stack.kind === 'tagParameters';
    this.height = this.base;
    this.change(isTagged ? (this.#tagType(code.values[0] ?? 0)?.params.length ?? 0) : 0);
  }

  /** A block has closed. */
  close({ base, results }: Block): void {
    const height = base + results;
    const outer = this.#blocks.innermost.base;
    this.base = outer;
    this.height = height < outer ? outer : height;
    if (height > this.greatest) this.greatest = height;
  }

  #functionTypeAt(index: number): FunctionType | undefined {
    const type = this.#module.types[index];
    return type?.kind === 'func' ? type : undefined;
  }

  #tagType(index: number): FunctionType | undefined {
    const typeIndex = this.#module.tags[index];
    return typeIndex === undefined ? undefined : this.#functionTypeAt(typeIndex);
  }
}
