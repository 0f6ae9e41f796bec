import type { CodeReader } from '../wasm/index.ts';
import { MeteringError } from './error.ts';
import type { StackHeight } from './stack-height.ts';

/** Functions that a module may define. Each of them takes some microseconds, however short it is. */
export const FUNCTIONS_MAX = 100_000;

/** Blocks that may be open at once in a function. */
const NESTING_MAX = 1_000;

/** The largest operand stack of a function. */
const OPERANDS_MAX = 10_000;

/**
 * Where control divides or comes together a compiler moves all locals, and the operands that a branch carries. That many are moved in
 * ordinary code, and cost no more than its bytes do.
 */
const ORDINARY_VALUES = 16;

/** Metering puts so many blocks around a loop. */
const BLOCKS_AROUND_LOOP = 3;

/** What a label of a `br_table` costs beside the values that go with it: as much as moving so many. */
const LABEL_WORK = 40;

/**
 * How many values may be moved, beyond the ordinary, in a whole module. V8's baseline compiler moves one in 10 to 30 ns; a JavaScript engine
 * compiled to 10 MB of WebAssembly moves 6 million.
 */
const WORK_MAX = 10_000_000;

/** Bounds the work that a module makes for an engine's compiler, where that grows faster than the module's bytes. */
export class CompileWork {
  #work = 0;
  #open = 0;
  #locals = 0;

  /** A function begins, of so many locals, its parameters among them. */
  begin(locals: number): void {
    this.#open = 0;
    this.#locals = locals;
  }

  /**
   * A block opens with the latest instruction.
   *
   * @throws MeteringError `LimitExceeded`, as all of these do.
   */
  open(code: CodeReader, height: StackHeight): void {
    const { control, immediates } = code.instruction;
    if (++this.#open > NESTING_MAX) exceeded(code, `more than ${NESTING_MAX} blocks are open at once`);
    if (height.greatest > OPERANDS_MAX) exceeded(code, `a function keeps more than ${OPERANDS_MAX} operands`);
    if (immediates.length > 1) this.#addCatchClauses(code);
    this.#add(code, (control === 'loop' ? 1 + BLOCKS_AROUND_LOOP : 1) * (this.#locals - ORDINARY_VALUES));
  }

  /** The innermost block closes. */
  close(): void {
    this.#open--;
  }

  /** The latest instruction is a branch to a label, counted from the innermost, 0. */
  branch(code: CodeReader, height: StackHeight, label: number): void {
    this.#add(code, this.#locals + height.labelArity(label) - ORDINARY_VALUES);
  }

  /** The latest instruction is a branch to one label of many. */
  branchTable(code: CodeReader, height: StackHeight, labels: readonly number[]): void {
    for (const label of labels) this.#add(code, LABEL_WORK + this.#locals + height.labelArity(label));
  }

  /** Each clause of a `try_table` is a branch. */
  #addCatchClauses(code: CodeReader): void {
    const at = code.instruction.immediates.indexOf('catchClauses');
    if (at >= 0) this.#add(code, (code.values[at] ?? 0) * (LABEL_WORK + this.#locals));
  }

  #add(code: CodeReader, work: number): void {
    if (work <= 0) return;
    this.#work += work;
    if (this.#work > WORK_MAX) exceeded(code, 'the branches of the module carry too many locals and operands');
  }
}

function exceeded(code: CodeReader, reason: string): never {
  throw new MeteringError({ kind: 'LimitExceeded', offset: code.start, reason });
}
