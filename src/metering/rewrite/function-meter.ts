import {
  byFirstByte,
  type CodeReader,
  type Control,
  type EditList,
  type FunctionLocals,
  type FunctionPlan,
  type FunctionPlans,
  type FunctionType,
  functionType,
  readCatchClause,
  readLabelTable,
  readVector,
} from '../../wasm/index.ts';
import { FIRST_ENTRY_BYTES, UNCOUNTED_SLOTS } from '../layout.ts';
import type { CalleeFacts, FunctionSummary } from './callee-facts.ts';
import { Calls } from './calls.ts';
import { Charges } from './charges.ts';
import { HandlerAssumptionBroken, type MeteringContext } from './context.ts';
import { Exceptions } from './exceptions.ts';
import { ExportedExits } from './exported-exits.ts';
import { addLocals, frameSlots } from './frame.ts';
import { type DeadEnd, FramePlaces } from './frame-regions.ts';
import { LongestWay } from './longest-way.ts';
import { OuterLoops } from './outer-loops.ts';
import { padIfDear } from './padding.ts';
import { accessesMemory, has64BitMemory, plainInstructions } from './plain-instructions.ts';
import { Regions } from './regions.ts';
import { StackHeight } from './stack-height.ts';
import { isChecked } from './structure.ts';

/** One plan for all functions of a module, one after the other. */
interface FunctionMeters extends FunctionPlans {
  begin(functionIndex: number, locals: FunctionLocals, edits: EditList): FunctionMeter;
}

/** Stands for a type that is not there: the engine will refuse the module. */
const NO_TYPE: FunctionType = { params: [], results: [] };
/** Those of no function. */
const NO_LOCALS: FunctionLocals = {
  count: 0,
  groups: 0,
  references: 0,
  frameBytes: 0,
  bodyBytes: 0,
  codeOffset: 0,
};
/** Fuel of entering a function. */
const ENTRY_FUEL = 1;
/** The opcode of vector instructions begins so. */
const VECTOR_PREFIX = 0xfd;

/** What is done at an instruction of control: before its indices are mapped, and after. */
interface ControlHook {
  readonly before?: (meter: FunctionMeter, code: CodeReader, edits: EditList) => void;
  readonly after?: (meter: FunctionMeter, code: CodeReader, edits: EditList) => void;
}

/** Meters the functions of a module. */
export function functionMeters(context: MeteringContext): FunctionMeters {
  const meter = new FunctionMeter(context);
  return {
    plain: plainInstructions(context.spaces),
    begin: (functionIndex, locals, edits) => meter.begin(functionIndex, locals, edits),
  };
}

/**
 * Meters one function after the other: what is charged where is in `Regions`; here it becomes
 * instructions.
 */
class FunctionMeter implements FunctionPlan {
  readonly #context: MeteringContext;
  readonly #regions: Regions;
  readonly #charges: Charges;
  readonly operands: StackHeight;
  readonly #outer: OuterLoops;
  readonly #frames = new FramePlaces();
  /** Of a module without handlers. */
  readonly #way = new LongestWay();
  readonly #calls: Calls;
  readonly #exits: ExportedExits;
  readonly #countsAccesses: boolean;
  /** Of a module that has handlers. */
  readonly #exceptions: Exceptions | undefined;
  #params: FunctionType['params'] = [];
  #locals: FunctionLocals = NO_LOCALS;
  /** What callers know of this function. */
  #self: CalleeFacts | undefined;
  /** How the code before ended, if it does not continue here. */
  #latestEnd: DeadEnd = 'jump';
  /** Whether a support function may be called. */
  #spends = false;
  /** Whether a length on the operand stack is kept in a local. */
  #keepsLength = false;
  #hasLoops = false;
  #usesVectors = false;
  /** Whether the latest instruction has changed the shared counter. */
  #reloads = false;
  /** Whether the loop that opens now was wrapped. */
  #wrapped = false;
  /** Locals to append. */
  locals: readonly (readonly number[])[] = [];

  constructor(context: MeteringContext) {
    this.#context = context;
    this.#countsAccesses = has64BitMemory(context.spaces);
    this.operands = new StackHeight(context.spaces.module);
    this.#outer = new OuterLoops(context.spaces.module);
    this.#charges = new Charges(context.support);
    this.#regions = new Regions(this.#charges);
    this.#exceptions = context.withoutHandlers
      ? undefined
      : new Exceptions(context.spaces, context.support, this.operands);
    this.#exits = new ExportedExits(context.support, this.#charges, !context.withoutHandlers);
    this.#calls = new Calls(context, { regions: this.#regions, frames: this.#frames, charges: this.#charges });
  }

  /** A function begins. */
  begin(functionIndex: number, locals: FunctionLocals, edits: EditList): this {
    const context = this.#context;
    const { params, results } = functionType(context.spaces.module, functionIndex) ?? NO_TYPE;
    context.structure.begin(functionIndex, params.length, locals);
    this.#params = params;
    this.#locals = locals;
    this.#self = context.ownCallees?.[functionIndex];
    this.#calls.begin(this.#self);
    this.operands.begin(results.length);
    this.#outer.begin();
    this.#frames.begin();
    this.#way.begin(locals.codeOffset);
    this.#exceptions?.begin();
    this.#latestEnd = 'jump';
    this.#spends = false;
    this.#keepsLength = false;
    this.#hasLoops = false;
    this.#usesVectors = false;
    this.#reloads = false;
    this.#wrapped = false;
    if (locals.bodyBytes > FIRST_ENTRY_BYTES) this.#lookAtFirstEntry(edits);
    edits.insert(locals.codeOffset, this.#charges.entry);
    this.#regions.enter(edits);
    this.#regions.begin(locals.codeOffset, false, true);
    this.#regions.charge(locals.codeOffset, ENTRY_FUEL);
    this.#exits.begin(edits, locals.codeOffset, context.spaces.isExported(functionIndex), results);
    return this;
  }

  /** Before all else: an engine may have compiled the function just now. */
  #lookAtFirstEntry(edits: EditList): void {
    const { support, ownCallees } = this.#context;
    // Functions that are gone through to learn about them are not written.
    if (ownCallees === undefined) return;
    edits.insert(this.#locals.codeOffset, this.#charges.firstEntry, support.firstEntryGlobal());
  }

  /** For a function that has been gone through, of a module whose functions are not known yet. */
  summary(): FunctionSummary {
    return {
      entry: this.#regions.at(0)?.cost ?? 0,
      chargesLater: this.#regions.chargeLater || this.#hasLoops || this.#spends,
      calls: this.#frames.ownCalls,
      countsItself: this.#frames.regions.taking.length > 0,
      slots: this.#slots(),
    };
  }

  plain(start: number, count: number): void {
    this.#regions.charge(start, count);
  }

  before(code: CodeReader, edits: EditList): boolean {
    const { costs, control } = code.instruction;
    if (control === 'none') {
      this.operands.instruction(code);
      this.#regions.charge(code.start, costs.fuel);
      if (costs.time !== 'constant' || costs.grows !== 'nothing' || costs.blocks) return this.#bulk(code, edits);
      if (this.#countsAccesses && accessesMemory(code.instruction)) this.#context.structure.access(code);
      if (code.firstByte === VECTOR_PREFIX) this.#usesVectors = true;
      else if (isChecked(code)) this.#context.structure.checked(code, this.operands);
      return false;
    }
    this.#context.structure.control(code, this.operands);
    // Charge `catch` to its handler's region: straight-line code never executes it.
    if (control !== 'catch') this.#regions.charge(code.start, costs.fuel);
    controlHookOf(code)?.before?.(this, code, edits);
    this.operands.instruction(code);
    this.#outer.mapLabels(code, edits);
    return false;
  }

  after(code: CodeReader, edits: EditList): void {
    const { control } = code.instruction;
    if (control !== 'none') controlHookOf(code)?.after?.(this, code, edits);
    else if (this.#reloads) {
      this.#reloads = false;
      this.#regions.begin(code.end, false, true);
    }
  }

  /**
   * What instructions of control need before them, and what they do to the regions that follow
   * them.
   */
  static readonly controlHooks: { readonly [C in Control]?: ControlHook } = {
    trap: { after: (meter, code) => meter.#end('trap', code) },
    branch: {
      before: (meter, code, edits) => meter.#branch(code, edits),
      after: (meter, code) => meter.#end('jump', code),
    },
    conditional: {
      before: (meter, code, edits) => meter.#branch(code, edits),
      after: (meter) => meter.#regions.split(),
    },
    return: {
      before: (meter, code, edits) => meter.#return(code, edits),
      after: (meter, code) => meter.#end('jump', code),
    },
    throw: {
      before: (meter, code, edits) => meter.#throw(code, edits),
      after: (meter, code) => meter.#end('jump', code),
    },
    call: {
      before: (meter, code, edits) => meter.#calls.before(code, edits),
      after: (meter, code, edits) => meter.#calls.after(code, edits),
    },
    block: {
      before: (meter, code, edits) => {
        meter.#context.structure.open(code, meter.operands);
        meter.#clauses(code, edits);
      },
      after: (meter, code) => meter.#open('block', code),
    },
    loop: {
      before: (meter, code, edits) => {
        meter.#context.structure.open(code, meter.operands);
        meter.#exceptions?.open(code, edits, false, 0);
        meter.#regions.beforeLoop(code.start);
        // Dead code never turns, and JavaScriptCore checks the labels of some branches there
        // against live blocks only.
        meter.#wrapped = !meter.#regions.dead && meter.#outer.wrap(code, edits);
      },
      after: (meter, code) => {
        meter.#hasLoops = true;
        meter.#open('loop', code);
        meter.#wrapped = false;
      },
    },
    if: {
      before: (meter, code, edits) => {
        meter.#context.structure.open(code, meter.operands);
        meter.#exceptions?.open(code, edits, false, 0);
      },
      after: (meter, code) => meter.#open('if', code),
    },
    else: {
      before: (meter, code) => {
        meter.#frames.otherArm(meter.#deadEnd, meter.#regions.count);
        meter.#way.otherArm(code.end);
      },
      after: (meter, code) => meter.#regions.arm(code.end, false),
    },
    catch: {
      before: (meter) => {
        meter.#catches();
        meter.#exceptions?.clause();
      },
      after: (meter, code) => {
        meter.#regions.arm(code.end, true);
        meter.#regions.charge(code.end, code.instruction.costs.fuel);
      },
    },
    end: {
      before: (meter, code, edits) => {
        meter.#context.structure.close();
        meter.#exceptions?.close();
        if (meter.#regions.depth > 1) meter.#frames.end(meter.#deadEnd, meter.#regions.count);
        else {
          meter.#exits.end(edits, code.start);
          if (!meter.#regions.dead) meter.#exit(code.start, edits);
          meter.#padIfDear(edits, code.start);
        }
      },
      after: (meter, code, edits) => {
        if (meter.#regions.depth === 1) return;
        meter.#outer.close(edits, code.end, meter.#charges.afterLoop);
        meter.#regions.close(code.end);
        meter.#way.close(code.end);
      },
    },
  };

  /**
   * Exceptions lead to a handler from many places, which are not all seen: a way may be as long as
   * the function then.
   */
  #padIfDear(edits: EditList, end: number): void {
    this.#way.close(end);
    const { bodyBytes } = this.#locals;
    const way = this.#context.withoutHandlers ? this.#way.longest : bodyBytes;
    padIfDear(edits, end, this.#context.structure.jumps * way, bodyBytes);
  }

  #end(how: DeadEnd, code: CodeReader): void {
    this.#way.dead(code.end);
    if (!this.#regions.dead) this.#latestEnd = how;
    this.#regions.end();
  }

  get #deadEnd(): DeadEnd | undefined {
    return this.#regions.dead ? this.#latestEnd : undefined;
  }

  #open(kind: 'block' | 'loop' | 'if', code: CodeReader): void {
    this.#outer.open(this.#wrapped);
    this.#regions.open(kind, code.end, this.#wrapped);
    this.#frames.open(kind, this.#regions.count);
    this.#way.open(kind, code.end);
  }

  /**
   * Support functions charge the counter too, so it is read again after them.
   *
   * @returns whether it takes the instruction's place.
   */
  #bulk(code: CodeReader, edits: EditList): boolean {
    const { replacement, before } = this.#context.bulk.instruction(code);
    if (before === undefined && replacement === undefined) return false;
    this.#reloads = true;
    this.#spends = true;
    if (before !== undefined) {
      this.#keepsLength = true;
      edits.insertBytes(code.start, before(this.#firstAdded));
    }
    this.#context.structure.bulk(code);
    if (replacement === undefined) return false;
    edits.replaceByBytes(code.start, code.end, replacement);
    return true;
  }

  #branch(code: CodeReader, edits: EditList): void {
    const { immediates, control } = code.instruction;
    const outermost = this.#regions.depth - 1;
    const table = immediates.indexOf('labelTable');
    if (table < 0) {
      const label = code.values[immediates.indexOf('labelIndex')] ?? 0;
      if (label === outermost) this.#exit(code.start, edits);
      this.#branchTo(label, control === 'branch', code);
      return;
    }
    const labels = readLabelTable(code.immediate(table));
    if (labels.includes(outermost)) this.#exit(code.start, edits);
    for (const label of labels) this.#branchTo(label, labels.length === 1, code);
  }

  #branchTo(label: number, always: boolean, code: CodeReader): void {
    this.#way.branch(label, code.start);
    const target = this.#regions.depth - 1 - label;
    this.#regions.branch(label, always);
    this.#frames.branch(target);
  }

  #return(code: CodeReader, edits: EditList): void {
    if (code.instruction.costs.calls === 'tailCall') {
      this.#calls.tailCall(code, edits);
    } else this.#exit(code.start, edits);
    this.#regions.leavesFunction();
  }

  /** An exception may be caught in this function, in a caller, or outside of the module. */
  #throw(code: CodeReader, edits: EditList): void {
    if (this.#exceptions === undefined) throw new HandlerAssumptionBroken();
    this.#exceptions.thrown(code, edits);
    this.#regions.leavesFunction();
  }

  /** An exception may be caught here. */
  #catches(): void {
    this.#frames.depthChanges();
    if (this.#context.withoutHandlers) throw new HandlerAssumptionBroken();
  }

  #clauses(code: CodeReader, edits: EditList): void {
    const { immediates, feature } = code.instruction;
    // A plain `block` has its type only.
    const at = immediates.length > 1 ? immediates.indexOf('catchClauses') : -1;
    const handles = at >= 0 || feature === 'legacyExceptions';
    if (handles) this.#catches();
    this.#exceptions?.open(code, edits, handles, at < 0 ? 0 : (code.values[at] ?? 0));
    if (at < 0) return;
    for (const { label } of readVector(code.immediate(at), readCatchClause)) {
      if (label === this.#regions.depth - 1) this.#exits.leftByClause();
      this.#regions.catchesAt(label);
    }
  }

  /**
   * The function may be left here: to the host or another instance, if it is exported. Those do not
   * set the depth, so it is set back.
   */
  #exit(at: number, edits: EditList): void {
    if (!this.#exits.exported) return;
    this.#context.structure.join(at, 1, this.operands);
    this.#regions.notice(at);
    this.#exits.exit(edits, at);
    this.#frames.depthChanges();
  }

  /**
   * The index of the first local that metering adds: one for a length on the operand stack, when
   * there are any.
   */
  get #firstAdded(): number {
    return this.#params.length + this.#locals.count;
  }

  finish(): void {
    this.#context.structure.end(this.operands, this.#locals.codeOffset);
    const slots = this.#slots();
    const { taking, cold } = this.#frames.choose({
      // Handlers and the exits of exported functions set the depth too, and may be reached without
      // a call.
      onlyAtEntry: !this.#context.withoutHandlers || this.#exits.exported,
      isDeep: slots + this.#calls.deepest > UNCOUNTED_SLOTS,
      regions: this.#regions.count,
    });
    const needed = {
      length: this.#keepsLength,
      depth: taking.length + cold.length > 0,
      // Where the counter is charged again and again it is kept in a local too, so that no charge
      // waits for the one before to be stored.
      counter: this.#hasLoops,
    };
    const { depth, counter, groups } = addLocals(this.#firstAdded, needed, this.#locals.codeOffset);
    this.locals = groups;
    const entry = this.#regions.at(0);
    if (entry !== undefined) {
      entry.cost -= this.#self?.fuel ?? 0;
      // Callers know how long a small function can take, and look at the counter instead of it.
      // Loops have looks of their own.
      if (this.#self?.checksAtEntry !== false) entry.check = true;
    }
    for (const regionIndex of taking) this.#regions.takeFrame(regionIndex, slots);
    // What was not counted on the way here is counted now.
    for (const regionIndex of cold) this.#regions.takeFrame(regionIndex, slots + UNCOUNTED_SLOTS);
    this.#charges.begin({ counter, depth, popped: taking.length > 0 }, slots);
  }

  #slots(): number {
    const { greatest } = this.operands;
    const contents = { params: this.#params, locals: this.#locals, operands: greatest, usesVectors: this.#usesVectors };
    return frameSlots(contents) + (this.#exceptions?.slots(this.#locals) ?? 0);
  }
}

/**
 * The controlHooks by the first byte of an opcode; for those that begin with a prefix it is not
 * known yet.
 */
const controlHooks = byFirstByte((instruction): ControlHook | undefined => {
  return instruction === undefined ? undefined : FunctionMeter.controlHooks[instruction.control];
});

function controlHookOf({ firstByte, instruction }: CodeReader): ControlHook | undefined {
  return controlHooks[firstByte] ?? FunctionMeter.controlHooks[instruction.control];
}
