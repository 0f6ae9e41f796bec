import {
  type CodeReader,
  type Control,
  type Edit,
  type EditContent,
  type EditList,
  type FunctionLocals,
  type FunctionPlan,
  type FunctionType,
  instructionAt,
  LOCALS_MAX,
  readCatchClause,
  readLabelTable,
  readVector,
} from '../wasm/index.ts';
import type { BulkOperations } from './bulk-operations.ts';
import { Charges } from './charges.ts';
import type { CompileWork } from './compile-work.ts';
import { MeteringError } from './error.ts';
import { FRAME_SLOTS } from './layout.ts';
import type { ModuleSpaces } from './module-spaces.ts';
import { OuterLoops } from './outer-loops.ts';
import { type Region, Regions } from './regions.ts';
import { StackHeight } from './stack-height.ts';
import type { Support } from './support.ts';

/** Thrown when a module that was taken to catch no exceptions does: it must be metered again with that known. */
export class HandlerFound extends Error {}

/** What is the same for all functions of a module. */
export interface MeteringContext {
  readonly spaces: ModuleSpaces;
  readonly support: Support;
  readonly work: CompileWork;
  readonly bulk: BulkOperations;
  /** Whether nothing in the module catches exceptions. It is taken for granted first; see {@link HandlerFound}. */
  readonly withoutHandlers: boolean;
  /** What is known of an imported function, by its index; `undefined` for any other function. */
  readonly importFuel: (functionIndex: number) => ImportFuel | undefined;
}

/** What a call of an imported function is known to cost. */
export interface ImportFuel {
  /** Fuel beside that of the call instruction. */
  readonly fuel: number;
  /** Whether it neither charges the same counter, nor throws, nor takes long: then a call of it is like any other instruction. */
  readonly leaf: boolean;
}

const I32 = 0x7f;
/** Fuel of entering a function. */
const ENTRY_FUEL = 1;

const NOT_PLAIN = 127;

/** Stands in an edit whose content is known when the whole function is. */
const NOTHING: EditContent = [];

function fill(edits: readonly Edit[], content: EditContent): void {
  for (const edit of edits) edit.content = content;
}

/**
 * By the first byte of their opcode, instructions that cost one unit of fuel and nothing else, and only move on: by how much they change
 * the height of the operand stack. They are most of all instructions, and metered without a further look.
 */
const plainHeightChanges = Int8Array.from({ length: 256 }, (_, byte) => {
  const instruction = instructionAt(byte);
  if (instruction === undefined) return NOT_PLAIN;
  const { control, stack, costs } = instruction;
  const plain = control === 'none' && stack.kind === 'constant' && costs.fuel === 1 && costs.time === 'constant';
  return plain && costs.grows === 'nothing' && !costs.blocks ? stack.pushes - stack.pops : NOT_PLAIN;
});

/** Meters one function: what is charged where is in `Regions`; here it becomes instructions. */
export class FunctionMeter implements FunctionPlan {
  readonly #context: MeteringContext;
  readonly #regions: Regions;
  readonly #height: StackHeight;
  readonly #outer: OuterLoops;
  readonly #entry: Edit;
  readonly #parameters: number;
  readonly #locals: FunctionLocals;
  readonly #exported: boolean;
  /** The region at the function's entry. */
  readonly #first: Region;
  readonly #checks: Edit[] = [];
  /** Places after calls behind which a region goes on, and after wrapped loops. */
  readonly #returns: Edit[] = [];
  readonly #loopEnds: Edit[] = [];
  /** Places before tail calls and before the exits of exported functions: this frame is taken off the stack first. */
  readonly #pops: Edit[] = [];
  #hasCalls = false;
  #hasLoops = false;
  #usesVectors = false;
  /** Whether the instruction that comes to its end now has changed the shared counter. */
  #reloads = false;
  /** Whether the loop that opens now was wrapped. */
  #wrapped = false;
  /** Whether the branch that comes to its end now leaves an exported function, or stays. */
  #mayStay = false;
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
    this.#height = new StackHeight(context.spaces.module, type.results.length);
    this.#entry = edits.insert(locals.codeOffset, NOTHING);
    this.#regions = new Regions(edits);
    this.#outer = new OuterLoops(context.spaces.module);
    this.#first = this.#regions.begin(locals.codeOffset, { reload: true });
    this.#regions.charge(locals.codeOffset, ENTRY_FUEL);
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
      this.#beforeControl[control]?.(code, edits);
      this.#outer.mapLabels(code, edits);
    } else if (costs.time !== 'constant' || costs.grows !== 'nothing' || costs.blocks) return this.#bulk(code, edits);
    else if (code.instruction.opcode >>> 16 === 0xfd) this.#usesVectors = true;
    return 'keep';
  }

  after(code: CodeReader, edits: EditList): void {
    const { control } = code.instruction;
    if (control !== 'none') this.#afterControl[control]?.(code, edits);
    else if (this.#reloads) {
      this.#reloads = false;
      this.#regions.begin(code.end, { reload: true });
    }
  }

  /** What control instructions need before them. */
  readonly #beforeControl: { readonly [C in Control]?: (code: CodeReader, edits: EditList) => void } = {
    branch: (code, edits) => this.#branch(code, edits),
    conditional: (code, edits) => this.#branch(code, edits),
    return: (code, edits) => this.#return(code, edits),
    throw: () => this.#regions.leavesFunction(),
    call: (code, edits) => this.#call(code, edits),
    block: (code) => this.#clauses(code),
    loop: (code, edits) => {
      this.#regions.beforeLoop(code.start);
      this.#wrapped = this.#outer.wrap(code, edits);
    },
    catch: () => this.#catches(),
    end: (code, edits) => {
      if (this.#regions.depth === 1 && !this.#regions.dead) this.#exit(code.start, edits);
    },
  };

  /** What control instructions do to the regions that follow them. */
  readonly #afterControl: { readonly [C in Control]?: (code: CodeReader, edits: EditList) => void } = {
    trap: () => this.#regions.end(),
    branch: () => {
      this.#mayStay = false;
      this.#regions.end();
    },
    return: () => this.#regions.end(),
    throw: () => this.#regions.end(),
    conditional: (code) => {
      this.#regions.split();
      if (this.#mayStay) this.#regions.begin(code.end, { restoreDepth: true });
      this.#mayStay = false;
    },
    call: (code, edits) => this.#afterCall(code, edits),
    block: (code) => this.#open('block', code),
    loop: (code) => {
      this.#hasLoops = true;
      this.#open('loop', code);
      this.#wrapped = false;
    },
    if: (code) => this.#open('if', code),
    else: (code) => this.#regions.arm(code.end, false),
    catch: (code) => {
      this.#regions.arm(code.end, true);
      this.#regions.charge(code.end, code.instruction.costs.fuel);
    },
    end: (code, edits) => {
      if (this.#regions.depth === 1) return;
      this.#outer.close(edits, code.end, this.#loopEnds);
      this.#regions.close(code.end);
    },
  };

  #open(kind: 'block' | 'loop' | 'if', code: CodeReader): void {
    this.#outer.open(this.#wrapped);
    this.#regions.open(kind, code.end, this.#wrapped);
  }

  /** Support functions charge the counter too, so it is read again after them. */
  #bulk(code: CodeReader, edits: EditList): 'keep' | 'replaced' {
    const { replacement, before } = this.#context.bulk.instruction(code);
    if (before === undefined && replacement === undefined) return 'keep';
    this.#reloads = true;
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
    if (labels.includes(outermost)) {
      this.#exit(code.start, edits);
      this.#mayStay = this.#exported;
      // Where it stays in the function after all, the depth must be set anew.
      if (this.#exported) for (const label of labels) if (label !== outermost) this.#regions.restoresAt(label);
    }
    const always = code.instruction.control === 'branch' && labels.length === 1;
    for (const label of labels) this.#regions.branch(label, always);
  }

  #return(code: CodeReader, edits: EditList): void {
    if (code.instruction.costs.calls === 'tailCall') {
      this.#regions.charge(code.start, this.#importFuel(code)?.fuel ?? 0);
      if (this.#mayCallHost(code)) this.#notice(code.start, edits);
      this.#pops.push(edits.insert(code.start, NOTHING));
      this.#hasCalls = true;
    } else this.#exit(code.start, edits);
    this.#regions.leavesFunction();
  }

  #call(code: CodeReader, edits: EditList): void {
    const known = this.#importFuel(code);
    if (known !== undefined) this.#regions.charge(code.start, known.fuel);
    if (this.#mayCallHost(code)) this.#notice(code.start, edits);
    if (known?.leaf === true) return;
    this.#hasCalls = true;
    if (!this.#goesOn(code)) this.#regions.leavesFunction();
  }

  #afterCall(code: CodeReader, edits: EditList): void {
    if (this.#importFuel(code)?.leaf === true) return;
    if (this.#goesOn(code)) {
      this.#returns.push(edits.insert(code.end, NOTHING));
      this.#regions.called();
    } else this.#regions.begin(code.end, { reload: true, restoreDepth: true, check: this.#mayCallHost(code) });
  }

  /** Whether a region goes on after a call: not when an exception could come out of it and be caught, nor when the host may be reached. */
  #goesOn(code: CodeReader): boolean {
    return this.#context.withoutHandlers && !this.#mayCallHost(code);
  }

  /** An exception may be caught here. */
  #catches(): void {
    if (this.#context.withoutHandlers) throw new HandlerFound();
  }

  #importFuel(code: CodeReader): ImportFuel | undefined {
    return code.instruction.immediates[0] === 'functionIndex'
      ? this.#context.importFuel(code.values[0] ?? 0)
      : undefined;
  }

  /** Whether a call may reach an imported function: of the callee's index or, through a table or a reference, of nobody knows which. */
  #mayCallHost(code: CodeReader): boolean {
    if (code.instruction.immediates[0] !== 'functionIndex') return true;
    return (code.values[0] ?? 0) < this.#context.spaces.importedFunctions;
  }

  #clauses(code: CodeReader): void {
    const at = code.instruction.immediates.indexOf('catchClauses');
    if (at >= 0 || code.instruction.feature === 'legacyExceptions') this.#catches();
    if (at < 0) return;
    for (const { label } of readVector(code.immediate(at), readCatchClause)) this.#regions.restoresAt(label);
  }

  /** The function may be left here: to the host or another instance, if it is exported. Those do not set the depth, so it is set back. */
  #exit(at: number, edits: EditList): void {
    if (!this.#exported) return;
    this.#notice(at, edits);
    this.#pops.push(edits.insert(at, NOTHING));
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
    const counted = this.#hasCalls;
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

    // A function that calls nothing comes to its end soon, and so does without a check at its entry; its loops have their own.
    if (this.#hasCalls) this.#first.check = true;
    const charges = new Charges(this.#context.support, { counter, depth }, slots);
    this.#entry.content = { write: (sink) => charges.entry(sink) };
    for (const region of this.#regions.all) region.charges = charges;
    fill(this.#checks, { write: (sink) => charges.check(sink) });
    fill(this.#pops, { write: (sink) => charges.pop(sink) });
    fill(this.#returns, { write: (sink) => charges.afterCall(sink) });
    fill(this.#loopEnds, { write: (sink) => charges.afterLoop(sink) });
  }

  /** About how much a frame takes, in slots of 8 bytes, in the least optimised code that an engine makes. */
  #slots(): number {
    const operands = this.#height.greatest * (this.#usesVectors ? 2 : 1);
    return FRAME_SLOTS + this.#parameters + Math.ceil(this.#locals.frameBytes / 8) + operands;
  }
}
