import { type CodeReader, functionType, type WasmModule } from '../wasm/index.ts';

const EMPTY_BLOCK = -64;

interface Frame {
  /** The height below the block's parameters. */
  readonly base: number;
  readonly params: number;
  readonly results: number;
  /** How many operands a branch to the block's label carries: a loop's parameters, any other block's results. */
  readonly arity: number;
}

/**
 * Follows the height of the operand stack through a function, to know the greatest: what a frame may need beside its locals. See
 * `StackEffect` in the instruction table for the rules.
 */
export class StackHeight {
  readonly #module: WasmModule;
  readonly #frames: Frame[];
  #height = 0;
  /** The base of the innermost frame. */
  #base = 0;
  #greatest = 0;

  constructor(module: WasmModule, results: number) {
    this.#module = module;
    this.#frames = [{ base: 0, params: 0, results, arity: results }];
  }

  /** The greatest height so far, in operands. */
  get greatest(): number {
    return this.#greatest;
  }

  /** How many operands a branch to the label of an open block carries, counted from the innermost, 0. */
  labelArity(depth: number): number {
    return this.#frames[this.#frames.length - 1 - depth]?.arity ?? 0;
  }

  /** Takes the latest instruction into account. */
  instruction(code: CodeReader): void {
    const { kind, pops, pushes } = code.instruction.stack;
    if (kind !== 'constant') this.#special(code, kind, pops, pushes);
    this.change(kind === 'constant' ? pushes - pops : 0);
  }

  /** Takes an instruction into account that changes the height by a constant. */
  change(by: number): void {
    // Below the base there is only the polymorphic stack of code that is never executed.
    this.#height = Math.max(this.#height + by, this.#base);
    if (this.#height > this.#greatest) this.#greatest = this.#height;
  }

  #special(code: CodeReader, kind: string, pops: number, pushes: number): void {
    const value = code.values[0] ?? 0;
    if (kind === 'functionType') this.#call(functionType(this.#module, value), pops);
    else if (kind === 'typeIndex') this.#call(this.#functionTypeAt(value), pops);
    else if (kind === 'structFields') {
      const type = this.#module.types[value];
      this.#height += pushes - pops - (type?.kind === 'struct' ? type.fields : 0);
    } else if (kind === 'count') this.#height += pushes - pops - (code.values[1] ?? 0);
    else if (kind === 'block') this.#open(value, pops, code.instruction.control === 'loop');
    else this.#setFromBase(kind, value);
  }

  #call(
    type: { readonly params: readonly string[]; readonly results: readonly string[] } | undefined,
    pops: number,
  ): void {
    this.#height += (type?.results.length ?? 0) - (type?.params.length ?? 0) - pops;
  }

  #open(blockType: number, pops: number, isLoop: boolean): void {
    this.#height -= pops;
    const type = blockType >= 0 ? this.#functionTypeAt(blockType) : undefined;
    const params = type?.params.length ?? 0;
    const results = type?.results.length ?? (blockType === EMPTY_BLOCK ? 0 : 1);
    this.#base = this.#height - params;
    this.#frames.push({ base: this.#height - params, params, results, arity: isLoop ? params : results });
  }

  #setFromBase(kind: string, tagIndex: number): void {
    const frame = this.#frames[this.#frames.length - 1];
    if (frame === undefined) return;
    this.#height = frame.base;
    if (kind === 'blockParameters') this.#height += frame.params;
    else if (kind === 'tagParameters') this.#height += this.#tagParameters(tagIndex);
    else if (kind === 'blockResults') {
      this.#height += frame.results;
      this.#frames.pop();
      this.#base = this.#frames[this.#frames.length - 1]?.base ?? 0;
    }
  }

  #functionTypeAt(index: number) {
    const type = this.#module.types[index];
    return type?.kind === 'func' ? type : undefined;
  }

  #tagParameters(index: number): number {
    const typeIndex = this.#module.tags[index];
    return typeIndex === undefined ? 0 : (this.#functionTypeAt(typeIndex)?.params.length ?? 0);
  }
}
