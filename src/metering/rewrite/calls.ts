import type { CodeReader, EditList } from '../../wasm/index.ts';
import { UNCHECKED_WORK } from '../layout.ts';
import { type CalleeFacts, NOT_KNOWN_YET } from './callee-facts.ts';
import type { Charges } from './charges.ts';
import type { MeteringContext } from './context.ts';
import type { FramePlaces } from './frame-regions.ts';
import type { Regions } from './regions.ts';

/** The parts of a function's metering that calls have to do with. */
interface Parts {
  readonly regions: Regions;
  readonly frames: FramePlaces;
  readonly charges: Charges;
}

/** Meters the calls of one function after the other, by what is known of those that are called. */
export class Calls {
  readonly #context: MeteringContext;
  readonly #regions: Regions;
  readonly #frames: FramePlaces;
  readonly #charges: Charges;
  #counted: ReadonlySet<number> = NOT_KNOWN_YET.countedCallees;
  #deepest = 0;
  #work = 0;

  constructor(context: MeteringContext, { regions, frames, charges }: Parts) {
    this.#context = context;
    this.#regions = regions;
    this.#frames = frames;
    this.#charges = charges;
  }

  /** A function begins. @param self what is known of it. */
  begin(self: CalleeFacts | undefined): void {
    this.#counted = self?.countedCallees ?? NOT_KNOWN_YET.countedCallees;
    this.#deepest = 0;
    this.#work = 0;
  }

  /** Slots that uncounted callees take at most. */
  get deepest(): number {
    return this.#deepest;
  }

  /** The latest instruction is a call that comes back: what is to be done before it. */
  before(code: CodeReader, edits: EditList): void {
    const callee = this.#charge(code);
    // Callees may have executed so much that exhaustion must be noticed before another is called.
    if (this.#mayBeHost(code) || this.#work > UNCHECKED_WORK) this.#regions.notice(code.start);
    if (callee?.leaf === true) return;
    if (this.#needsFrame(code, callee)) {
      this.#takeFrame();
      if (!this.#frames.depthIsSet) edits.insert(code.start, this.#charges.beforeCall);
      this.#frames.depthChanges();
    }
    if (!this.#goesOn(code)) this.#regions.leavesFunction();
  }

  /** The same call: what is to be done after it. */
  after(code: CodeReader, edits: EditList): void {
    if (this.#callee(code)?.leaf === true) return;
    if (this.#goesOn(code)) {
      edits.insert(code.end, this.#charges.afterCall);
      this.#regions.called();
    } else this.#regions.begin(code.end, this.#mayBeHost(code), true);
  }

  /** The latest instruction is a tail call. */
  tailCall(code: CodeReader, edits: EditList): void {
    this.#charge(code);
    if (this.#mayBeHost(code)) this.#regions.notice(code.start);
    edits.insert(code.start, this.#charges.pop);
    this.#takeFrame();
  }

  /** Charges what the callee leaves to its callers, and takes note of it. */
  #charge(code: CodeReader): CalleeFacts | undefined {
    const callee = this.#callee(code);
    if (callee === undefined || this.#regions.dead) return callee;
    if (callee === NOT_KNOWN_YET) this.#frames.ownCall(code.values[0] ?? 0, this.#regions.atEntry);
    this.#regions.chargeCallee(code.start, callee.fuel);
    if (callee.stack !== undefined && callee.stack > this.#deepest) this.#deepest = callee.stack;
    this.#work += callee.work;
    return callee;
  }

  /**
   * What is known of the function that an instruction calls; `undefined` when nothing is, or nobody
   * knows which it is.
   */
  #callee(code: CodeReader): CalleeFacts | undefined {
    if (code.instruction.immediates[0] !== 'functionIndex') return undefined;
    const index = code.values[0] ?? 0;
    const { spaces, importedCallees, ownCallees } = this.#context;
    if (index < spaces.importedFunctions) return importedCallees[index];
    return ownCallees === undefined ? NOT_KNOWN_YET : ownCallees[index];
  }

  /** Whether a call of it needs the caller's frame taken off the stack. */
  #needsFrame(code: CodeReader, callee: CalleeFacts | undefined): boolean {
    if (callee?.stack === undefined) return true;
    return this.#counted.size > 0 && this.#counted.has(code.values[0] ?? 0);
  }

  #takeFrame(): void {
    if (!this.#regions.dead) this.#frames.call();
  }

  /**
   * Whether a region goes on after a call: not when an exception could come out of it and be
   * caught, nor when the host may be reached.
   */
  #goesOn(code: CodeReader): boolean {
    return this.#context.withoutHandlers && !this.#mayBeHost(code);
  }

  /**
   * Whether a call may reach an imported function: of the callee's index or, through a table or a
   * reference, of nobody knows which.
   */
  #mayBeHost(code: CodeReader): boolean {
    if (code.instruction.immediates[0] !== 'functionIndex') return true;
    return (code.values[0] ?? 0) < this.#context.spaces.importedFunctions;
  }
}
