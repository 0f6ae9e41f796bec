import type { CodeReader, FunctionLocals, FunctionType } from '../../wasm/index.ts';
import type { LimitName, LimitValues } from '../limits.ts';
import type { BlockKind } from './open-blocks.ts';
import type { StackHeight } from './stack-height.ts';

/** Limits that are counted in each function, each with that which counts over all functions. */
const SUMMED_LIMITS = [
  ['branches', 'moduleBranches'],
  ['calls', 'moduleCalls'],
  ['indirectCalls', 'moduleIndirectCalls'],
  ['tailCalls', 'moduleTailCalls'],
  ['valuesAtCalls', 'moduleValuesAtCalls'],
  ['checkedOperations', 'moduleCheckedOperations'],
  ['blocks', 'moduleBlocks'],
  ['loops', 'moduleLoops'],
  ['handlers', 'moduleHandlers'],
  ['labels', 'moduleLabels'],
  ['valuesAtJoins', 'moduleValuesAtJoins'],
  ['valuesAtClauses', 'moduleValuesAtClauses'],
] as const satisfies readonly (readonly [LimitName, LimitName])[];

/** Limits that are counted in each function only. */
const OWN_LIMITS = ['clauses', 'blockParams', 'handlerEdges', 'memory64Accesses'] as const;

/** A limit whose count only grows in the course of a function. */
type Counted = (typeof SUMMED_LIMITS)[number][0] | (typeof OWN_LIMITS)[number];

const COUNTED: readonly Counted[] = [...SUMMED_LIMITS.map(([name]) => name), ...OWN_LIMITS];

/**
 * Metering puts three blocks around a loop, and each of the four moves what a branch to it moves.
 */
const JOINS_OF_LOOP = 4;

/**
 * A call that may reach the host, with the two checks of the counter that metering puts around it.
 */
const EDGES_OF_HOST_CALL = 3;

/** A throw, and what metering charges before it: time, and perhaps heap. */
const EDGES_OF_THROW = 3;

/** What is counted over all functions. */
type Sums = Record<
  (typeof SUMMED_LIMITS)[number][1] | 'moduleLocals' | 'moduleLocalGroups' | 'moduleBulkOperations',
  number
>;

/** Refuses the module, for a limit that is exceeded at an offset in a function. */
type Refuse = (limit: LimitName, offset: number, functionIndex: number) => never;

/**
 * What a function has so far of what limits count, one function after the other. The names are
 * those of the limits (see `MODULE_LIMITS`). The counts are compared when the function ends: none
 * takes more time or memory to reach than the function's bytes allow. How deep blocks are nested is
 * compared at once.
 */
export class FunctionStructure implements Record<Counted, number> {
  branches = 0;
  calls = 0;
  indirectCalls = 0;
  tailCalls = 0;
  valuesAtCalls = 0;
  checkedOperations = 0;
  blocks = 0;
  loops = 0;
  handlers = 0;
  labels = 0;
  valuesAtJoins = 0;
  valuesAtClauses = 0;
  clauses = 0;
  blockParams = 0;
  handlerEdges = 0;
  memory64Accesses = 0;
  /** Its parameters and locals. */
  locals = 0;
  /** How many of the open blocks are loops, and how many are handlers. */
  #openLoops = 0;
  #openHandlers = 0;
  #functionIndex = 0;
  readonly #limits: LimitValues;
  readonly #importedFunctions: number;
  readonly #refuse: Refuse;
  /** What the functions have together that were added up. */
  readonly #sums: Sums = {
    moduleBranches: 0,
    moduleCalls: 0,
    moduleIndirectCalls: 0,
    moduleTailCalls: 0,
    moduleValuesAtCalls: 0,
    moduleCheckedOperations: 0,
    moduleBlocks: 0,
    moduleLoops: 0,
    moduleHandlers: 0,
    moduleLabels: 0,
    moduleValuesAtJoins: 0,
    moduleValuesAtClauses: 0,
    moduleLocals: 0,
    moduleLocalGroups: 0,
    moduleBulkOperations: 0,
  };

  constructor(limits: LimitValues, importedFunctions: number, refuse: Refuse) {
    this.#limits = limits;
    this.#importedFunctions = importedFunctions;
    this.#refuse = refuse;
  }

  /** A function begins. @param params how many parameters its type has. */
  begin(functionIndex: number, params: number, { count, groups, bodyBytes, codeOffset }: FunctionLocals): void {
    this.#functionIndex = functionIndex;
    this.locals = params + count;
    this.branches = 0;
    this.calls = 0;
    this.indirectCalls = 0;
    this.tailCalls = 0;
    this.valuesAtCalls = 0;
    this.checkedOperations = 0;
    this.blocks = 0;
    this.loops = 0;
    this.handlers = 0;
    this.labels = 0;
    this.valuesAtJoins = 0;
    this.valuesAtClauses = 0;
    this.clauses = 0;
    this.blockParams = 0;
    this.handlerEdges = 0;
    this.memory64Accesses = 0;
    this.#openLoops = 0;
    this.#openHandlers = 0;
    this.#atMost('bodyBytes', bodyBytes, codeOffset);
    // Groups count as well: an engine reads each of them, even one without locals.
    this.#atMost('locals', Math.max(this.locals, groups), codeOffset);
  }

  /** An engine moves the locals and operands of the function. @param times how often. */
  join(height: number, times = 1): void {
    this.valuesAtJoins += times * (this.locals + height);
  }

  /**
   * A branch, or a `return`.
   *
   * @param height of the operand stack before it. @param labels how many it names.
   */
  branch(height: number, labels = 1): void {
    this.branches++;
    this.join(height, labels);
  }

  /**
   * The latest instruction is a call. Exceptions leave from it, and metering checks the counter
   * before and after one that may reach the host.
   *
   * @param height of the operand stack before it.
   * @param type of the callee.
   */
  call({ instruction, values }: CodeReader, height: number, type: FunctionType | undefined): void {
    const isDirect = instruction.immediates[0] === 'functionIndex';
    const isOwn = isDirect && (values[0] ?? 0) >= this.#importedFunctions;
    this.calls++;
    this.join(height, isOwn ? 1 : 2);
    this.edges(isOwn ? 1 : EDGES_OF_HOST_CALL);
    if (type !== undefined) this.valuesAtCalls += type.params.length + type.results.length;
    if (!isDirect) this.indirectCalls++;
    if (instruction.costs.calls === 'tailCall') this.tailCalls++;
  }

  /** An exception is thrown. @param height of the operand stack before. */
  throws(height: number): void {
    this.branch(height);
    this.edges(EDGES_OF_THROW);
  }

  /** Within a handler, engines join all places that an exception may leave from. */
  edges(count: number): void {
    if (this.#openHandlers > 0) this.handlerEdges += count;
  }

  /**
   * JavaScriptCore restores the locals and operands of the function at each catch clause.
   *
   * @param height of the operand stack before the clauses.
   */
  restoredAtClauses(count: number, height: number): void {
    this.valuesAtClauses += count * (this.locals + height);
  }

  /**
   * A block opens.
   *
   * @param offset of the instruction. @param depth how many blocks were open before it, the
   * function's body among them. @param operands before it.
   */
  open(kind: BlockKind, offset: number, depth: number, operands: StackHeight): void {
    this.#atMost('openBlocks', depth, offset);
    this.#atMost('operands', operands.greatest, offset);
    if (kind === 'loop') {
      this.loops++;
      this.#atMost('loopDepth', ++this.#openLoops, offset);
      this.join(operands.height, JOINS_OF_LOOP);
      return;
    }
    if (kind === 'handler') {
      this.handlers++;
      this.#atMost('handlerDepth', ++this.#openHandlers, offset);
    } else this.blocks++;
    this.join(operands.height);
  }

  /** The block that has opened is a `try_table`. @param clauses how many it has. */
  opensWithClauses(clauses: number, height: number): void {
    this.clauses += clauses;
    this.restoredAtClauses(clauses, height);
    this.join(height, clauses);
  }

  /** A block closes. */
  close(kind: BlockKind): void {
    if (kind === 'loop') this.#openLoops--;
    else if (kind === 'handler') this.#openHandlers--;
  }

  /** Blocks, loops, branches and tail calls of the function so far. */
  get jumps(): number {
    return this.branches + this.blocks + this.loops + this.tailCalls;
  }

  /**
   * The function has ended. Compares the height of its operand stack, and adds it to those before.
   *
   * @returns whether a limit is exceeded that is counted in each function: then {@link compare}
   * finds where.
   */
  end(locals: FunctionLocals, operands: StackHeight): boolean {
    const { groups, codeOffset } = locals;
    this.#atMost('operands', operands.greatest, codeOffset);
    this.sum('moduleLocals', this.locals, codeOffset);
    this.sum('moduleLocalGroups', groups, codeOffset);
    if (this.#isExceeded()) return true;
    this.#addUp(codeOffset);
    return false;
  }

  // The next two are written out: they are executed for each function of a module.

  #isExceeded(): boolean {
    const limits = this.#limits;
    return (
      this.branches > limits.branches ||
      this.calls > limits.calls ||
      this.indirectCalls > limits.indirectCalls ||
      this.tailCalls > limits.tailCalls ||
      this.valuesAtCalls > limits.valuesAtCalls ||
      this.checkedOperations > limits.checkedOperations ||
      this.blocks > limits.blocks ||
      this.loops > limits.loops ||
      this.handlers > limits.handlers ||
      this.labels > limits.labels ||
      this.valuesAtJoins > limits.valuesAtJoins ||
      this.valuesAtClauses > limits.valuesAtClauses ||
      this.clauses > limits.clauses ||
      this.blockParams > limits.blockParams ||
      this.handlerEdges > limits.handlerEdges ||
      this.memory64Accesses > limits.memory64Accesses
    );
  }

  #addUp(offset: number): void {
    const sums = this.#sums;
    const limits = this.#limits;
    sums.moduleBranches += this.branches;
    sums.moduleCalls += this.calls;
    sums.moduleIndirectCalls += this.indirectCalls;
    sums.moduleTailCalls += this.tailCalls;
    sums.moduleValuesAtCalls += this.valuesAtCalls;
    sums.moduleCheckedOperations += this.checkedOperations;
    sums.moduleBlocks += this.blocks;
    sums.moduleLoops += this.loops;
    sums.moduleHandlers += this.handlers;
    sums.moduleLabels += this.labels;
    sums.moduleValuesAtJoins += this.valuesAtJoins;
    sums.moduleValuesAtClauses += this.valuesAtClauses;
    if (
      sums.moduleBranches > limits.moduleBranches ||
      sums.moduleCalls > limits.moduleCalls ||
      sums.moduleIndirectCalls > limits.moduleIndirectCalls ||
      sums.moduleTailCalls > limits.moduleTailCalls ||
      sums.moduleValuesAtCalls > limits.moduleValuesAtCalls ||
      sums.moduleCheckedOperations > limits.moduleCheckedOperations ||
      sums.moduleBlocks > limits.moduleBlocks ||
      sums.moduleLoops > limits.moduleLoops ||
      sums.moduleHandlers > limits.moduleHandlers ||
      sums.moduleLabels > limits.moduleLabels ||
      sums.moduleValuesAtJoins > limits.moduleValuesAtJoins ||
      sums.moduleValuesAtClauses > limits.moduleValuesAtClauses
    ) {
      for (const [, name] of SUMMED_LIMITS) this.#atMost(name, sums[name], offset);
    }
  }

  /** There is more of something that is counted over all functions. */
  sum(name: keyof Sums, amount: number, offset: number): void {
    this.#sums[name] += amount;
    this.#atMost(name, this.#sums[name], offset);
  }

  /** Compares all counts so far. @param offset of the latest instruction. */
  compare(offset: number): void {
    for (const name of COUNTED) this.#atMost(name, this[name], offset);
  }

  #atMost(name: LimitName, count: number, offset: number): void {
    if (count > this.#limits[name]) this.#refuse(name, offset, this.#functionIndex);
  }
}
