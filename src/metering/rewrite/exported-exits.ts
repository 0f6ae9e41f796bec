import { type EditList, type EditWriter, encodeValueType, type FunctionType } from '../../wasm/index.ts';
import type { Charges } from './charges.ts';
import { BLOCK, EMPTY_BLOCK, END } from './opcodes.ts';
import type { Support } from './support.ts';

/**
 * The exits of exported functions, one function after the other. The host and other instances do
 * not set the depth of the stack, so an exported function sets it back where it may be left.
 */
export class ExportedExits {
  readonly #support: Support;
  readonly #charges: Charges;
  readonly #edits: EditList;
  /** Whether exceptions are caught anywhere in the module. */
  readonly #handlers: boolean;
  /** Whether the function is exported. */
  exported = false;
  #results: FunctionType['results'] = [];
  /**
   * Whether an exception may leave the function by a catch clause that names the function's own
   * label.
   */
  #leftByClause = false;

  constructor(support: Support, charges: Charges, edits: EditList, handlers: boolean) {
    this.#edits = edits;
    this.#support = support;
    this.#charges = charges;
    this.#handlers = handlers;
  }

  /** A function begins. @param start offset of its code. */
  begin(start: number, exported: boolean, results: FunctionType['results']): void {
    this.exported = exported;
    this.#results = results;
    this.#leftByClause = false;
    if (exported && this.#handlers) this.#edits.insert(start, this.#openWhole);
  }

  /** A catch clause names the function's own label. */
  leftByClause(): void {
    this.#leftByClause = true;
  }

  /** Sets the depth back before an exit at an offset. */
  exit(at: number): void {
    this.#edits.insert(at, this.#charges.pop);
  }

  /** The function ends with the instruction at an offset. */
  end(at: number): void {
    if (this.exported && this.#handlers) this.#edits.insert(at, this.#closeWhole);
  }

  /**
   * No code can stand where an exception leaves a function by a clause. So a block is put around
   * the whole function: the clause's label becomes that of the block, and the depth is set back
   * behind it.
   */
  readonly #openWhole: EditWriter = (sink) => {
    if (!this.#leftByClause) return;
    const [only] = this.#results;
    sink.byte(BLOCK);
    if (only === undefined) sink.byte(EMPTY_BLOCK);
    else if (this.#results.length === 1) sink.bytes(encodeValueType(only));
    else sink.s32(this.#support.type([], this.#results));
  };

  readonly #closeWhole: EditWriter = (sink, operand) => {
    if (!this.#leftByClause) return;
    sink.byte(END);
    this.#charges.pop(sink, operand);
  };
}
