import { type CodeReader, CodeWriter, type EditList, type EditWriter, type FunctionLocals } from '../../wasm/index.ts';
import { EXCEPTION_BYTES_PER_SLOT, UNITS_PER_CLAUSE } from '../layout.ts';
import { OBJECT_HEADER_BYTES } from './constant-objects.ts';
import type { ModuleSpaces } from './module-spaces.ts';
import type { Block } from './open-blocks.ts';
import type { StackHeight } from './stack-height.ts';
import type { Support } from './support.ts';
import { spendThrow } from './support-functions.ts';

/** Clauses that are compared in about the time of the `try` itself. */
const FREE_CLAUSES = 4;

/**
 * What exceptions cost beside their fuel, in one function after the other, of a module that has
 * handlers:
 *
 * - Time for each that is thrown, by how deep the stack is.
 * - Time for entering a block with many clauses: an exception that arrives there is compared with
 *   one after the other.
 * - Heap for each that a `throw` makes, if exceptions can be kept in tables, globals or objects.
 * - Stack for each that a frame may keep alive: those that its open handlers have caught, and those
 *   in its locals and operands.
 */
export class Exceptions {
  readonly #spaces: ModuleSpaces;
  readonly #support: Support;
  readonly #operands: StackHeight;
  readonly #edits: EditList;
  readonly #clauses: number[] = [];
  #handlers = 0;
  #open = 0;
  #deepest = 0;

  constructor(spaces: ModuleSpaces, support: Support, operands: StackHeight, edits: EditList) {
    this.#edits = edits;
    this.#spaces = spaces;
    this.#support = support;
    this.#operands = operands;
  }

  /** A function begins. */
  begin(): void {
    this.#handlers = 0;
    this.#open = 0;
    this.#deepest = 0;
  }

  /**
   * The latest instruction opens a handler.
   *
   * @param clauses of a `try_table`; {@link clause} adds those of a legacy `try`.
   * @returns its place among the handlers of the function.
   */
  open(code: CodeReader, clauses: number): number {
    const handler = this.#handlers++;
    this.#clauses[handler] = clauses;
    this.#open++;
    this.#deepest = Math.max(this.#deepest, this.#open);
    this.#edits.insert(code.start, this.#spendClauses, handler);
    return handler;
  }

  /** A legacy `catch` of a block. */
  clause({ handler }: Block): void {
    if (handler >= 0) this.#clauses[handler] = (this.#clauses[handler] ?? 0) + 1;
  }

  /** A block closes. */
  close({ handler }: Block): void {
    if (handler >= 0) this.#open--;
  }

  readonly #spendClauses: EditWriter = (sink, handler) => {
    const clauses = this.#clauses[handler] ?? 0;
    if (clauses <= FREE_CLAUSES) return;
    new CodeWriter(sink).i32Const(clauses * UNITS_PER_CLAUSE).call(this.#support.always('spend'));
  };

  /** The latest instruction throws. */
  thrown(code: CodeReader): void {
    const support = this.#support;
    const encoder = new CodeWriter();
    if (this.#spaces.keepsExceptions && code.instruction.costs.grows === 'exception') {
      const bytes = OBJECT_HEADER_BYTES + this.#operands.tagBytes(code.values[0] ?? 0);
      encoder.i64Const(bytes).call(support.always('charge_heap'));
    }
    encoder.call(support.function('spend_throw', () => spendThrow));
    this.#edits.insertBytes(code.start, encoder.bytes);
  }

  /** Slots of the stack for the exceptions that a frame may keep alive. */
  slots({ references }: FunctionLocals): number {
    const kept = this.#deepest + references + this.#operands.greatest;
    return kept * (1 + Math.floor(this.#spaces.exceptionBytes / EXCEPTION_BYTES_PER_SLOT));
  }
}
