import {
  type CodeReader,
  type Control,
  type Edit,
  type EditContent,
  type EditList,
  type FunctionLocals,
  type FunctionPlan,
  type FunctionType,
  LOCALS_MAX,
  readCatchClause,
  readLabelTable,
  readVector,
} from '../wasm/index.ts';
import { Callees } from './callees.ts';
import { Charges } from './charges.ts';
import type { MeteringContext } from './context.ts';
import { MeteringError } from './error.ts';
import { type DeadEnd, FramePlaces, type OwnCall } from './frame-places.ts';
import { type KnownCallee, NOT_KNOWN_YET } from './known-callee.ts';
import { FRAME_SLOTS, UNCOUNTED_SLOTS } from './layout.ts';
import { OuterLoops } from './outer-loops.ts';
import { NOT_PLAIN, plainHeightChanges } from './plain-instructions.ts';
import { type Region, Regions } from './regions.ts';
import { StackHeight } from './stack-height.ts';

/** Thrown when a module that was taken to catch no exceptions does: it must be metered again with that known. */
export class HandlerFound extends Error {}

/** What a function shows of itself before its callees are known. */
export interface FunctionSummary {
  /** Fuel of what is executed in any case, from the entry on; callees not included. */
  readonly entry: number;
  /** Whether it charges anything beside, or notices exhaustion itself. */
  readonly chargesLater: boolean;
  /** Its calls of the module's own functions. */
  readonly calls: readonly OwnCall[];
  /** Whether it must take its frame off the stack, whatever these callees are. */
  readonly countsItself: boolean;
  readonly slots: number;
}

const I32 = 0x7f;
/** Fuel of entering a function. */
const ENTRY_FUEL = 1;

/** Stands in an edit whose content is known when the whole function is. */
const NOTHING: EditContent = [];

function fill(edits: readonly Edit[], content: EditContent): void {
  for (const edit of edits) edit.content = content;
}

/** What is done at instructions of control, of one function among many. */
type ControlTable = { readonly [C in Control]?: (meter: FunctionMeter, code: CodeReader, edits: EditList) => void };

/** Meters one function: what is charged where is in `Regions`; here it becomes instructions. */
export class FunctionMeter implements FunctionPlan {
  readonly #context: MeteringContext;
  readonly #regions: Regions;
  readonly #height: StackHeight;
  readonly #outer: OuterLoops;
  readonly #frames = new FramePlaces();
  readonly #entry: Edit;
  readonly #parameters: number;
  readonly #locals: FunctionLocals;
  readonly #exported: boolean;
  /** What is known of this function to its callers. */
  readonly #self: KnownCallee | undefined;
  readonly #callees: Callees;
  /** The region at the function's entry. */
  readonly #first: Region;
  readonly #checks: Edit[] = [];
  /** Places before calls, to set the depth anew. */
  readonly #depths: Edit[] = [];
  /** Places after calls behind which a region goes on, and after wrapped loops. */
  readonly #returns: Edit[] = [];
  readonly #loopEnds: Edit[] = [];
  /** Places before tail calls and before the exits of exported functions: this frame is taken off the stack first. */
  readonly #pops: Edit[] = [];
  /** How the code before ended, when control did not come here. */
  #latestEnd: DeadEnd = 'elsewhere';
  /** Whether a support function may be called. */
  #spends = false;
  #hasLoops = false;
  #usesVectors = false;
  /** Whether the instruction that comes to its end now has changed the shared counter. */
  #reloads = false;
  /** Whether the loop that opens now was wrapped. */
  #wrapped = false;
  readonly #scratch: Edit[] = [];
  #addedLocals: number[][] = [];

  constructor(
    context: MeteringContext,
    functionIndex: number,
    type: FunctionType,
    locals: FunctionLocals,
    edits: EditList,
  ) {
    this.#context = context;
    this.#parameters = type.params.length;
    this.#locals = locals;
    this.#exported = context.spaces.isExported(functionIndex);
    this.#self = context.ownCallee?.(functionIndex);
    this.#callees = new Callees(context, this.#self);
    this.#height = new StackHeight(context.spaces.module, type.results.length);
    this.#entry = edits.insert(locals.codeOffset, NOTHING);
    this.#regions = new Regions(edits);
    this.#outer = new OuterLoops(context.spaces.module);
    this.#first = this.#regions.begin(locals.codeOffset, { reload: true });
    this.#regions.charge(locals.codeOffset, ENTRY_FUEL);
  }

  /** For a function that has been gone through, of a module whose functions are not known yet. */
  summary(): FunctionSummary {
    const { all } = this.#regions;
    const later = all.some(({ cost, calleeCost, check }, at) => check || calleeCost > 0 || (at > 0 && cost > 0));
    return {
      entry: this.#first.cost,
      chargesLater: later || this.#hasLoops || this.#spends,
      calls: this.#frames.ownCalls,
      countsItself: this.#frames.regions.taking.length > 0,
      slots: this.#slots(),
    };
  }

  get locals(): readonly (readonly number[])[] {
    return this.#addedLocals;
  }

  before(code: CodeReader, edits: EditList): 'plain' | 'keep' | 'replaced' {
    const heightChange = plainHeightChanges[code.firstByte] ?? NOT_PLAIN;
    if (heightChange !== NOT_PLAIN) {
      this.#height.change(heightChange);
      this.#regions.charge(code.start, 1);
      return 'plain';
    }
    const { costs, control } = code.instruction;
    if (control !== 'none') this.#context.work.instruction(code, this.#height);
    this.#height.instruction(code);
    // A `catch` is executed by who comes to its handler, not by who comes to it from above.
    if (control !== 'catch') this.#regions.charge(code.start, costs.fuel);
    if (control !== 'none') {
      FunctionMeter.#beforeControl[control]?.(this, code, edits);
      this.#outer.mapLabels(code, edits);
    } else if (costs.time !== 'constant' || costs.grows !== 'nothing' || costs.blocks) return this.#bulk(code, edits);
    else if (code.instruction.opcode >>> 16 === 0xfd) this.#usesVectors = true;
    return 'keep';
  }

  after(code: CodeReader, edits: EditList): void {
    const { control } = code.instruction;
    if (control !== 'none') FunctionMeter.#afterControl[control]?.(this, code, edits);
    else if (this.#reloads) {
      this.#reloads = false;
      this.#regions.begin(code.end, { reload: true });
    }
  }

  /** What control instructions need before them. */
  static readonly #beforeControl: ControlTable = {
    branch: (meter, code, edits) => meter.#branch(code, edits),
    conditional: (meter, code, edits) => meter.#branch(code, edits),
    return: (meter, code, edits) => meter.#return(code, edits),
    throw: (meter) => meter.#regions.leavesFunction(),
    call: (meter, code, edits) => meter.#call(code, edits),
    block: (meter, code) => meter.#clauses(code),
    loop: (meter, code, edits) => {
      meter.#regions.beforeLoop(code.start);
      meter.#wrapped = meter.#outer.wrap(code, edits);
    },
    else: (meter) => meter.#frames.otherArm(meter.#deadEnd, meter.#regions.all.length),
    catch: (meter) => meter.#catches(),
    end: (meter, code, edits) => {
      if (meter.#regions.depth > 1) meter.#frames.end(meter.#deadEnd, meter.#regions.all.length);
      else if (!meter.#regions.dead) meter.#exit(code.start, edits);
    },
  };

  /** What control instructions do to the regions that follow them. */
  static readonly #afterControl: ControlTable = {
    trap: (meter) => meter.#end('trap'),
    branch: (meter) => meter.#end('elsewhere'),
    return: (meter) => meter.#end('elsewhere'),
    throw: (meter) => meter.#end('elsewhere'),
    conditional: (meter) => meter.#regions.split(),
    call: (meter, code, edits) => meter.#afterCall(code, edits),
    block: (meter, code) => meter.#open('block', code),
    loop: (meter, code) => {
      meter.#hasLoops = true;
      meter.#open('loop', code);
      meter.#wrapped = false;
    },
    if: (meter, code) => meter.#open('if', code),
    else: (meter, code) => meter.#regions.arm(code.end, false),
    catch: (meter, code) => {
      meter.#regions.arm(code.end, true);
      meter.#regions.charge(code.end, code.instruction.costs.fuel);
    },
    end: (meter, code, edits) => {
      if (meter.#regions.depth === 1) return;
      meter.#outer.close(edits, code.end, meter.#loopEnds);
      meter.#regions.close(code.end);
    },
  };

  #end(how: DeadEnd): void {
    if (!this.#regions.dead) this.#latestEnd = how;
    this.#regions.end();
  }

  get #deadEnd(): DeadEnd | undefined {
    return this.#regions.dead ? this.#latestEnd : undefined;
  }

  #open(kind: 'block' | 'loop' | 'if', code: CodeReader): void {
    this.#outer.open(this.#wrapped);
    this.#regions.open(kind, code.end, this.#wrapped);
    this.#frames.open(kind, this.#regions.all.length);
  }

  /** Support functions charge the counter too, so it is read again after them. */
  #bulk(code: CodeReader, edits: EditList): 'keep' | 'replaced' {
    const { replacement, before } = this.#context.bulk.instruction(code);
    if (before === undefined && replacement === undefined) return 'keep';
    this.#reloads = true;
    this.#spends = true;
    if (before !== undefined) this.#scratch.push(edits.insert(code.start, before(this.#firstAdded)));
    if (replacement === undefined) return 'keep';
    edits.replace(code.start, code.end, replacement);
    return 'replaced';
  }

  #branch(code: CodeReader, edits: EditList): void {
    const labels = code.instruction.immediates.includes('labelTable')
      ? readLabelTable(code.immediate(code.instruction.immediates.indexOf('labelTable')))
      : [code.values[code.instruction.immediates.indexOf('labelIndex')] ?? 0];
    const outermost = this.#regions.depth - 1;
    if (labels.includes(outermost)) this.#exit(code.start, edits);
    const always = code.instruction.control === 'branch' && labels.length === 1;
    for (const label of labels) {
      this.#regions.branch(label, always);
      this.#frames.branch(outermost - label);
    }
  }

  #return(code: CodeReader, edits: EditList): void {
    if (code.instruction.costs.calls === 'tailCall') {
      this.#chargeCallee(code);
      if (this.#callees.mayBeHost(code)) this.#notice(code.start, edits);
      this.#pops.push(edits.insert(code.start, NOTHING));
      this.#needsFrame();
    } else this.#exit(code.start, edits);
    this.#regions.leavesFunction();
  }

  #call(code: CodeReader, edits: EditList): void {
    const callee = this.#chargeCallee(code);
    if (this.#callees.mayBeHost(code) || this.#callees.haveWorkedMuch) this.#notice(code.start, edits);
    if (callee?.leaf === true) return;
    if (this.#callees.needsFrame(code, callee)) {
      this.#needsFrame();
      if (!this.#frames.depthIsSet) this.#depths.push(edits.insert(code.start, NOTHING));
      this.#frames.depthChanges();
    }
    if (!this.#goesOn(code)) this.#regions.leavesFunction();
  }

  #afterCall(code: CodeReader, edits: EditList): void {
    if (this.#callees.of(code)?.leaf === true) return;
    if (this.#goesOn(code)) {
      this.#returns.push(edits.insert(code.end, NOTHING));
      this.#regions.called();
    } else this.#regions.begin(code.end, { reload: true, check: this.#callees.mayBeHost(code) });
  }

  #needsFrame(): void {
    if (!this.#regions.dead) this.#frames.call();
  }

  /** Whether a region goes on after a call: not when an exception could come out of it and be caught, nor when the host may be reached. */
  #goesOn(code: CodeReader): boolean {
    return this.#context.withoutHandlers && !this.#callees.mayBeHost(code);
  }

  /** An exception may be caught here. */
  #catches(): void {
    this.#frames.depthChanges();
    if (this.#context.withoutHandlers) throw new HandlerFound();
  }

  /** Charges what the callee leaves to its callers, and takes note of it. */
  #chargeCallee(code: CodeReader): KnownCallee | undefined {
    const callee = this.#callees.of(code);
    if (callee === undefined || this.#regions.dead) return callee;
    if (callee === NOT_KNOWN_YET) this.#frames.ownCall(code.values[0] ?? 0, this.#regions.atEntry);
    this.#regions.chargeCallee(code.start, callee.fuel);
    this.#callees.note(callee);
    return callee;
  }

  #clauses(code: CodeReader): void {
    const at = code.instruction.immediates.indexOf('catchClauses');
    if (at >= 0 || code.instruction.feature === 'legacyExceptions') this.#catches();
    if (at < 0) return;
    for (const { label } of readVector(code.immediate(at), readCatchClause)) this.#regions.catchesAt(label);
  }

  /** The function may be left here: to the host or another instance, if it is exported. Those do not set the depth, so it is set back. */
  #exit(at: number, edits: EditList): void {
    if (!this.#exported) return;
    this.#notice(at, edits);
    this.#pops.push(edits.insert(at, NOTHING));
    this.#frames.depthChanges();
  }

  #notice(at: number, edits: EditList): void {
    if (this.#regions.notice()) this.#checks.push(edits.insert(at, NOTHING));
  }

  /** The index of the first local that metering adds: one for a length on the operand stack, when there are any. */
  get #firstAdded(): number {
    return this.#parameters + this.#locals.count;
  }

  finish(): void {
    const first = this.#firstAdded;
    const scratch = this.#scratch.length > 0 ? 1 : 0;
    const slots = this.#slots();
    const { taking, cold } = this.#frameRegions(slots);
    const counted = taking.length + cold.length > 0;
    // Where the counter is charged again and again it is kept in a local too, so that no charge waits for the one before to be stored.
    const cached = this.#hasLoops;
    const depth = counted ? first + scratch : undefined;
    const counter = cached ? first + scratch + (counted ? 1 : 0) : undefined;
    const added = scratch + (counted ? 1 : 0) + (cached ? 1 : 0);
    if (first + added > LOCALS_MAX) {
      const reason = `a function has more than ${LOCALS_MAX} locals with the ${added} that metering adds`;
      throw new MeteringError({ kind: 'LimitExceeded', offset: this.#locals.codeOffset, reason });
    }
    if (added > 0) this.#addedLocals = [[added, I32]];

    this.#first.cost -= this.#self?.fuel ?? 0;
    // Callers know how long a small function can take, and look at the counter instead of it. Loops have looks of their own.
    if (this.#self?.checksAtEntry !== false) this.#first.check = true;
    for (const region of [...taking, ...cold]) {
      region.check = true;
      region.frameSlots = slots;
    }
    // What was not counted on the way here is counted now.
    for (const region of cold) region.frameSlots += UNCOUNTED_SLOTS;
    const charges = new Charges(this.#context.support, { counter, depth }, slots);
    this.#entry.content = { write: (sink) => charges.entry(sink) };
    for (const region of this.#regions.all) region.charges = charges;
    fill(this.#checks, { write: (sink) => charges.check(sink) });
    if (taking.length > 0) fill(this.#pops, { write: (sink) => charges.pop(sink) });
    fill(this.#depths, { write: (sink) => charges.beforeCall(sink) });
    fill(this.#returns, { write: (sink) => charges.afterCall(sink) });
    fill(this.#loopEnds, { write: (sink) => charges.afterLoop(sink) });
  }

  /**
   * Where the frame is taken off the stack. Handlers and the exits of exported functions, which may be reached without a call before, set the
   * depth too: then it is at the entry.
   */
  #frameRegions(slots: number): { readonly taking: readonly Region[]; readonly cold: readonly Region[] } {
    const { taking, cold } = this.#frames.regions;
    const place = (at: number): Region[] => this.#regions.all.slice(at, at + 1);
    const anywhere = this.#context.withoutHandlers && !this.#exported;
    const atEntry = taking.length > 0 ? !anywhere : slots + this.#callees.deepest > UNCOUNTED_SLOTS;
    if (atEntry) return { taking: [this.#first], cold: [] };
    return { taking: taking.flatMap(place), cold: cold.flatMap(place) };
  }

  /** About how much a frame takes, in slots of 8 bytes, in the least optimised code that an engine makes. */
  #slots(): number {
    const operands = this.#height.greatest * (this.#usesVectors ? 2 : 1);
    return FRAME_SLOTS + this.#parameters + Math.ceil(this.#locals.frameBytes / 8) + operands;
  }
}
