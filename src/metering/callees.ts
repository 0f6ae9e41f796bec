import type { CodeReader } from '../wasm/index.ts';
import type { MeteringContext } from './context.ts';
import { type KnownCallee, NOT_KNOWN_YET } from './known-callee.ts';
import { UNCHECKED_WORK } from './layout.ts';

/** What one function knows of those that it calls. */
export class Callees {
  readonly #context: MeteringContext;
  readonly #counted: ReadonlySet<number>;
  #deepest = 0;
  #work = 0;

  /** @param self what is known of the function itself. */
  constructor(context: MeteringContext, self: KnownCallee | undefined) {
    this.#context = context;
    this.#counted = self?.countedCallees ?? NOT_KNOWN_YET.countedCallees;
  }

  /** Slots that uncounted callees take at most. */
  get deepest(): number {
    return this.#deepest;
  }

  /** Whether callees so far may have executed so much that exhaustion must be noticed before another is called. */
  get haveWorkedMuch(): boolean {
    return this.#work > UNCHECKED_WORK;
  }

  /** What is known of the function that the latest instruction calls; `undefined` when nothing is, or nobody knows which it is. */
  of(code: CodeReader): KnownCallee | undefined {
    if (code.instruction.immediates[0] !== 'functionIndex') return undefined;
    const index = code.values[0] ?? 0;
    const imported = this.#context.importFuel(index);
    if (imported !== undefined) return { ...NOT_KNOWN_YET, ...imported, stack: imported.leaf ? 0 : undefined };
    if (index < this.#context.spaces.importedFunctions) return undefined;
    const { ownCallee } = this.#context;
    return ownCallee === undefined ? NOT_KNOWN_YET : ownCallee(index);
  }

  /** A callee is called. */
  note({ stack, work }: KnownCallee): void {
    this.#deepest = Math.max(this.#deepest, stack ?? 0);
    this.#work += work;
  }

  /** Whether a call of it needs the caller's frame taken off the stack. */
  needsFrame(code: CodeReader, callee: KnownCallee | undefined): boolean {
    return callee?.stack === undefined || this.#counted.has(code.values[0] ?? 0);
  }

  /** Whether a call may reach an imported function: of the callee's index or, through a table or a reference, of nobody knows which. */
  mayBeHost(code: CodeReader): boolean {
    if (code.instruction.immediates[0] !== 'functionIndex') return true;
    return (code.values[0] ?? 0) < this.#context.spaces.importedFunctions;
  }
}
