import type { CodeReader } from '../wasm/index.ts';
import type { MeteringContext } from './context.ts';
import { type KnownCallee, NOT_KNOWN_YET } from './known-callee.ts';
import { UNCHECKED_WORK } from './layout.ts';

/** What one function knows of those that it calls. */
export class Callees {
  readonly #context: MeteringContext;
  #counted: ReadonlySet<number> = NOT_KNOWN_YET.countedCallees;
  #deepest = 0;
  #work = 0;

  constructor(context: MeteringContext) {
    this.#context = context;
  }

  /** A function begins. @param self what is known of it. */
  begin(self: KnownCallee | undefined): void {
    this.#counted = self?.countedCallees ?? NOT_KNOWN_YET.countedCallees;
    this.#deepest = 0;
    this.#work = 0;
  }

  /** Slots that uncounted callees take at most. */
  get deepest(): number {
    return this.#deepest;
  }

  /** Whether callees so far may have executed so much that exhaustion must be noticed before another is called. */
  get haveWorkedMuch(): boolean {
    return this.#work > UNCHECKED_WORK;
  }

  /** What is known of the function that an instruction calls; `undefined` when nothing is, or nobody knows which it is. */
  of(code: CodeReader): KnownCallee | undefined {
    if (code.instruction.immediates[0] !== 'functionIndex') return undefined;
    const index = code.values[0] ?? 0;
    const { spaces, importedCallees, ownCallees } = this.#context;
    if (index < spaces.importedFunctions) return importedCallees[index];
    return ownCallees === undefined ? NOT_KNOWN_YET : ownCallees[index];
  }

  /** A callee is called. */
  note({ stack, work }: KnownCallee): void {
    if (stack !== undefined && stack > this.#deepest) this.#deepest = stack;
    this.#work += work;
  }

  /** Whether a call of it needs the caller's frame taken off the stack. */
  needsFrame(code: CodeReader, callee: KnownCallee | undefined): boolean {
    if (callee?.stack === undefined) return true;
    return this.#counted.size > 0 && this.#counted.has(code.values[0] ?? 0);
  }

  /** Whether a call may reach an imported function: of the callee's index or, through a table or a reference, of nobody knows which. */
  mayBeHost(code: CodeReader): boolean {
    if (code.instruction.immediates[0] !== 'functionIndex') return true;
    return (code.values[0] ?? 0) < this.#context.spaces.importedFunctions;
  }
}
