import type { CodeReader, EditList, FunctionType } from '../../wasm/index.ts';
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
  readonly edits: EditList;
}

/** Meters the calls of one function after the other, by what is known of those that are called. */
export class Calls {
  readonly #context: MeteringContext;
  readonly #regions: Regions;
  readonly #frames: FramePlaces;
  readonly #charges: Charges;
  readonly #edits: EditList;
  #counted: ReadonlySet<number> = NOT_KNOWN_YET.countedCallees;
  /** Slots that uncounted callees take at most. */
  deepest = 0;
  #work = 0;

  constructor(context: MeteringContext, { regions, frames, charges, edits }: Parts) {
    this.#context = context;
    this.#regions = regions;
    this.#frames = frames;
    this.#charges = charges;
    this.#edits = edits;
  }

  /** A function begins. @param self what is known of it. */
  begin(self: CalleeFacts | undefined): void {
    this.#counted = self?.countedCallees ?? NOT_KNOWN_YET.countedCallees;
    this.deepest = 0;
    this.#work = 0;
  }

  /**
   * The type of the function that the latest instruction calls; `undefined` if there is none: the
   * engine will refuse the module.
   */
  type({ instruction, values }: CodeReader): FunctionType | undefined {
    const { module } = this.#context.spaces;
    const value = values[0] ?? 0;
    const isDirect = instruction.immediates[0] === 'functionIndex';
    const type = module.types[isDirect ? (module.functions[value] ?? -1) : value];
    return type?.kind === 'func' ? type : undefined;
  }

  /** The latest instruction is a call that comes back. */
  call(code: CodeReader): void {
    const { start, end } = code;
    const frames = this.#frames;
    const mayBeHost = this.#mayBeHost(code);
    const callee = this.#charge(code);
    // Callees may have executed so much that exhaustion must be noticed before another is called.
    if (mayBeHost || this.#work > UNCHECKED_WORK) this.#regions.notice(start);
    const isLeaf = callee?.leaf === true;
    if (!isLeaf && this.#needsFrame(code, callee)) {
      if (!this.#regions.dead) frames.call();
      if (!frames.depthIsSet) this.#edits.insert(start, this.#charges.beforeCall);
      frames.depthIsSet = false;
    }
    this.mapIndex(code);
    if (isLeaf) return;
    // A region does not go on where an exception could come out of the call and be caught, nor
    // where the host may be reached.
    if (this.#context.withoutHandlers && !mayBeHost) {
      this.#edits.insert(end, this.#charges.afterCall);
      this.#regions.called();
    } else {
      this.#regions.leavesFunction();
      this.#regions.begin(end, mayBeHost, true);
    }
  }

  /** The latest instruction is a tail call. */
  tailCall(code: CodeReader): void {
    this.#charge(code);
    if (this.#mayBeHost(code)) this.#regions.notice(code.start);
    this.#edits.insert(code.start, this.#charges.pop);
    if (!this.#regions.dead) this.#frames.call();
    this.mapIndex(code);
  }

  /**
   * Charges what the callee leaves to its callers, and takes note of it.
   *
   * @returns what is known of the callee; `undefined` when nothing is, or nobody knows which it is.
   */
  #charge(code: CodeReader): CalleeFacts | undefined {
    if (code.instruction.immediates[0] !== 'functionIndex') return undefined;
    const index = code.values[0] ?? 0;
    const { spaces, importedCallees, ownCallees } = this.#context;
    const isImported = index < spaces.importedFunctions;
    const callee = isImported ? importedCallees[index] : ownCallees === undefined ? NOT_KNOWN_YET : ownCallees[index];
    const regions = this.#regions;
    if (callee === undefined || regions.dead) return callee;
    if (callee === NOT_KNOWN_YET) this.#frames.ownCall(index, regions.atEntry);
    if (callee.fuel > 0) regions.chargeCallee(code.start, callee.fuel);
    if (callee.stack !== undefined && callee.stack > this.deepest) this.deepest = callee.stack;
    this.#work += callee.work;
    return callee;
  }

  /** Whether a call of it needs the caller's frame taken off the stack. */
  #needsFrame(code: CodeReader, callee: CalleeFacts | undefined): boolean {
    if (callee?.stack === undefined) return true;
    return this.#counted.size > 0 && this.#counted.has(code.values[0] ?? 0);
  }

  /**
   * Whether a call may reach an imported function: of the callee's index or, through a table or a
   * reference, of nobody knows which.
   */
  #mayBeHost(code: CodeReader): boolean {
    if (code.instruction.immediates[0] !== 'functionIndex') return true;
    return (code.values[0] ?? 0) < this.#context.spaces.importedFunctions;
  }

  /** Maps the index if the latest instruction names a function. */
  mapIndex(code: CodeReader): void {
    if (code.instruction.immediates[0] !== 'functionIndex') return;
    const index = code.values[0] ?? 0;
    const mapped = this.#context.functionIndices[index] ?? index;
    if (mapped !== index) this.#edits.replaceByIndex(code.starts[0] ?? code.end, code.end, mapped);
  }
}
