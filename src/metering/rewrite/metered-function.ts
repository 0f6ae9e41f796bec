import { EditList, type FunctionLocals, type FunctionType, functionType } from '../../wasm/index.ts';
import { FIRST_ENTRY_BYTES, UNCOUNTED_SLOTS } from '../layout.ts';
import type { CalleeFacts, FunctionSummary } from './callee-facts.ts';
import { Calls } from './calls.ts';
import { Charges } from './charges.ts';
import type { MeteringContext } from './context.ts';
import { Exceptions } from './exceptions.ts';
import { ExportedExits } from './exported-exits.ts';
import { addLocals, frameSlots } from './frame.ts';
import { type DeadEnd, FramePlaces } from './frame-regions.ts';
import type { FunctionStructure } from './function-structure.ts';
import { OpenBlocks } from './open-blocks.ts';
import { OuterLoops } from './outer-loops.ts';
import { has64BitMemory } from './plain-instructions.ts';
import { Regions } from './regions.ts';
import { StackHeight } from './stack-height.ts';

/** Stands for a type that is not there: the engine will refuse the module. */
const NO_TYPE: FunctionType = { params: [], results: [] };
/** Those of no function. */
const NO_LOCALS: FunctionLocals = {
  count: 0,
  groups: 0,
  references: 0,
  frameBytes: 0,
  bodyBytes: 0,
  groupsOffset: 0,
  codeOffset: 0,
};
/** Fuel of entering a function. */
const ENTRY_FUEL = 1;

/**
 * The function that is being metered, one after the other: what its instructions so far say, in
 * parts. Each part follows one thing, and makes the edits that come of it.
 */
export class MeteredFunction {
  readonly context: MeteringContext;
  readonly structure: FunctionStructure;
  readonly edits = new EditList();
  readonly blocks = new OpenBlocks();
  readonly charges: Charges;
  readonly regions: Regions;
  readonly operands: StackHeight;
  readonly outer: OuterLoops;
  readonly frames: FramePlaces;
  readonly calls: Calls;
  readonly exits: ExportedExits;
  /** Of a module that has handlers. */
  readonly exceptions: Exceptions | undefined;
  /** Whether a limit counts accesses to memory: see {@link has64BitMemory}. */
  readonly countsAccesses: boolean;
  #params: FunctionType['params'] = [];
  locals: FunctionLocals = NO_LOCALS;
  /** What callers know of it. */
  #self: CalleeFacts | undefined;
  /** How the code before ended, if it does not continue here. */
  latestEnd: DeadEnd = 'jump';
  /** Whether a support function may be called. */
  spends = false;
  /** Whether a length on the operand stack is kept in a local. */
  keepsLength = false;
  hasLoops = false;
  usesVectors = false;

  constructor(context: MeteringContext) {
    const { spaces, support, withoutHandlers } = context;
    this.context = context;
    this.structure = context.structure.functions(spaces.importedFunctions);
    this.operands = new StackHeight(spaces.module, this.blocks);
    this.outer = new OuterLoops(spaces.module, this.edits, this.blocks);
    this.frames = new FramePlaces(this.blocks);
    this.charges = new Charges(support);
    this.regions = new Regions(this.charges, this.edits, this.blocks);
    this.exceptions = withoutHandlers ? undefined : new Exceptions(spaces, support, this.operands, this.edits);
    this.exits = new ExportedExits(support, this.charges, this.edits, !withoutHandlers);
    this.calls = new Calls(context, this);
    this.countsAccesses = has64BitMemory(spaces);
  }

  /** A function begins. @param locals that it declares. */
  begin(functionIndex: number, locals: FunctionLocals): void {
    const { context, regions } = this;
    const { params, results } = functionType(context.spaces.module, functionIndex) ?? NO_TYPE;
    this.structure.begin(functionIndex, params.length, locals);
    this.#params = params;
    this.locals = locals;
    this.#self = context.ownCallees?.[functionIndex];
    this.latestEnd = 'jump';
    this.spends = false;
    this.keepsLength = false;
    this.hasLoops = false;
    this.usesVectors = false;
    this.edits.clear();
    this.blocks.clear();
    const body = this.blocks.open();
    body.begin('body', 0, undefined, false);
    this.calls.begin(this.#self);
    this.operands.begin(body, results.length);
    this.frames.begin();
    this.exceptions?.begin();
    regions.enter();
    if (locals.bodyBytes > FIRST_ENTRY_BYTES) this.#lookAtFirstEntry();
    this.edits.insert(locals.codeOffset, this.charges.entry);
    regions.begin(locals.codeOffset, false, true).cost = ENTRY_FUEL;
    this.exits.begin(locals.codeOffset, context.spaces.isExported(functionIndex), results);
  }

  /** Before all else: an engine may have compiled the function just now. */
  #lookAtFirstEntry(): void {
    const { support, ownCallees } = this.context;
    // Functions that are gone through to learn about them are not written.
    if (ownCallees === undefined) return;
    this.edits.insert(this.locals.codeOffset, this.charges.firstEntry, support.firstEntryGlobal());
  }

  /** How the code before ended; `undefined` if it continues here. */
  get deadEnd(): DeadEnd | undefined {
    return this.regions.dead ? this.latestEnd : undefined;
  }

  /**
   * The index of the first local that metering adds: one for a length on the operand stack, when
   * there are any.
   */
  get firstAdded(): number {
    return this.#params.length + this.locals.count;
  }

  /** What it shows of itself once all of it has been seen, if nothing is known of its callees. */
  summary(): FunctionSummary {
    return {
      entry: this.regions.at(0)?.cost ?? 0,
      chargesLater: this.regions.chargeLater || this.hasLoops || this.spends,
      calls: this.frames.ownCalls,
      countsItself: this.frames.regions.taking.length > 0,
      slots: this.#slots(),
    };
  }

  /**
   * All of it has been seen: decides what was left open until now.
   *
   * @returns the locals to append: encoded groups, each a count and a value type.
   */
  finish(): readonly (readonly number[])[] {
    const { regions, frames, locals } = this;
    const slots = this.#slots();
    const { taking, cold } = frames.choose({
      // Handlers and the exits of exported functions set the depth too, and may be reached without
      // a call.
      onlyAtEntry: !this.context.withoutHandlers || this.exits.exported,
      isDeep: slots + this.calls.deepest > UNCOUNTED_SLOTS,
      regions: regions.count,
    });
    const needed = {
      length: this.keepsLength,
      depth: taking.length + cold.length > 0,
      // Where the counter is charged again and again it is kept in a local too, so that no charge
      // waits for the one before to be stored.
      counter: this.hasLoops,
    };
    const { depth, counter, groups } = addLocals(this.firstAdded, needed, locals.codeOffset);
    const entry = regions.at(0);
    if (entry !== undefined) {
      entry.cost -= this.#self?.fuel ?? 0;
      // Callers know how long a small function can take, and look at the counter instead of it.
      // Loops have looks of their own.
      if (this.#self?.checksAtEntry !== false) entry.check = true;
    }
    for (const regionIndex of taking) regions.takeFrame(regionIndex, slots);
    // What was not counted on the way here is counted now.
    for (const regionIndex of cold) regions.takeFrame(regionIndex, slots + UNCOUNTED_SLOTS);
    this.charges.begin({ counter, depth, popped: taking.length > 0 }, slots);
    return groups;
  }

  #slots(): number {
    const { greatest } = this.operands;
    const contents = { params: this.#params, locals: this.locals, operands: greatest, usesVectors: this.usesVectors };
    return frameSlots(contents) + (this.exceptions?.slots(this.locals) ?? 0);
  }
}
