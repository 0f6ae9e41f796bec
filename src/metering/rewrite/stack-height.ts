import { type CodeReader, functionType, type OperandHeight, type WasmModule } from '../../wasm/index.ts';
import { tagBytes } from './module-spaces.ts';
import { OpenBlocks } from './open-blocks.ts';

const EMPTY_BLOCK = -64;

/** An open block. */
interface Frame {
  /** The height below the block's parameters. */
  base: number;
  params: number;
  results: number;
}

/**
 * Follows the height of the operand stack through a function, to know the greatest: what a frame
 * may need beside its locals. See `StackEffect` in the instruction table for the rules.
 */
export class StackHeight implements OperandHeight {
  readonly #module: WasmModule;
  readonly #frames = new OpenBlocks<Frame>(() => ({ base: 0, params: 0, results: 0 }));
  height = 0;
  base = 0;
  greatest = 0;

  constructor(module: WasmModule) {
    this.#module = module;
  }

  /** A function begins. @param results how many it has. */
  begin(results: number): void {
    this.height = 0;
    this.greatest = 0;
    this.#frames.clear();
    this.#push(0, results);
  }

  /** How many parameters and results the function has that the latest instruction calls. */
  callArity(code: CodeReader): number {
    const value = code.values[0] ?? 0;
    const isDirect = code.instruction.immediates[0] === 'functionIndex';
    const type = isDirect ? functionType(this.#module, value) : this.#functionTypeAt(value);
    return type === undefined ? 0 : type.params.length + type.results.length;
  }

  /**
   * How many parameters the block has that the latest instruction opens, whose type is named by its
   * index.
   */
  blockParams(code: CodeReader): number {
    return this.#functionTypeAt(code.values[0] ?? 0)?.params.length ?? 0;
  }

  /** Bytes that an exception of a tag carries. */
  tagBytes(index: number): number {
    return tagBytes(this.#tagType(index));
  }

  /** Takes the latest instruction into account. */
  instruction(code: CodeReader): void {
    const { kind, pops, pushes } = code.instruction.stack;
    if (kind === 'constant') this.height += pushes - pops;
    else if (kind === 'blockResults') this.#close();
    else if (kind === 'block') this.#block(code.values[0] ?? 0, pops);
    else if (kind === 'functionType') this.#call(functionType(this.#module, code.values[0] ?? 0), pops);
    else this.#special(code, kind, pops, pushes);
    // Below the base there is only the polymorphic stack of code that is never executed.
    if (this.height < this.base) this.height = this.base;
    if (this.height > this.greatest) this.greatest = this.height;
  }

  #special(code: CodeReader, kind: string, pops: number, pushes: number): void {
    const value = code.values[0] ?? 0;
    if (kind === 'typeIndex') this.#call(this.#functionTypeAt(value), pops);
    else if (kind === 'structFields') {
      const type = this.#module.types[value];
      this.height += pushes - pops - (type?.kind === 'struct' ? type.fields : 0);
    } else if (kind === 'count') this.height += pushes - pops - (code.values[1] ?? 0);
    else {
      this.height = this.base;
      if (kind === 'blockParameters') this.height += this.#frames.innermost?.params ?? 0;
      else if (kind === 'tagParameters') this.height += this.#tagParameters(value);
    }
  }

  #call(
    type: { readonly params: readonly string[]; readonly results: readonly string[] } | undefined,
    pops: number,
  ): void {
    if (type === undefined) this.height -= pops;
    else this.height += type.results.length - type.params.length - pops;
  }

  #block(blockType: number, pops: number): void {
    this.height -= pops;
    const type = blockType >= 0 ? this.#functionTypeAt(blockType) : undefined;
    const params = type?.params.length ?? 0;
    const results = type?.results.length ?? (blockType === EMPTY_BLOCK ? 0 : 1);
    this.#push(params, results);
  }

  #push(params: number, results: number): void {
    const base = this.height - params;
    this.base = base;
    const frame = this.#frames.open();
    frame.base = base;
    frame.params = params;
    frame.results = results;
  }

  #close(): void {
    const closed = this.#frames.close();
    if (closed === undefined) return;
    this.height = closed.base + closed.results;
    this.base = this.#frames.innermost?.base ?? 0;
  }

  #functionTypeAt(index: number) {
    const type = this.#module.types[index];
    return type?.kind === 'func' ? type : undefined;
  }

  #tagParameters(index: number): number {
    return this.#tagType(index)?.params.length ?? 0;
  }

  #tagType(index: number) {
    const typeIndex = this.#module.tags[index];
    return typeIndex === undefined ? undefined : this.#functionTypeAt(typeIndex);
  }
}
