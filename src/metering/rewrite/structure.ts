import { onFirstUse } from '../../first-use.ts';
import {
  byFirstByte,
  type CodeReader,
  type FunctionLocals,
  functionName,
  type Instruction,
  readSections,
  readU32,
  SECTION,
  type Section,
  sectionReader,
  type WasmModule,
} from '../../wasm/index.ts';
import { type FunctionReference, MeteringError } from '../error.ts';
import { type LimitName, type LimitValues, limitNames, MODULE_LIMITS } from '../limits.ts';
import type { StackHeight } from './stack-height.ts';

/** The sections whose vectors are bounded, and by which limit. */
const COUNTED_SECTIONS: Readonly<Record<number, LimitName>> = {
  [SECTION.import]: 'imports',
  [SECTION.function]: 'functions',
  [SECTION.export]: 'exports',
  [SECTION.data]: 'dataSegments',
};

/**
 * The index of each limit in the table. Counts are kept in an array by this index, because they
 * change at each control instruction.
 */
// One entry for each name.
const AT = Object.fromEntries(limitNames.map((name, limitIndex) => [name, limitIndex])) as LimitValues;

/**
 * The limits that are counted for each function and over all functions. A function's limit and the
 * module's have the same place in the two lists.
 */
const IN_FUNCTION = [
  AT.branches,
  AT.calls,
  AT.indirectCalls,
  AT.tailCalls,
  AT.valuesAtCalls,
  AT.checkedOperations,
  AT.blocks,
  AT.loops,
  AT.handlers,
  AT.labels,
  AT.valuesAtJoins,
  AT.valuesAtClauses,
] as const;
const IN_MODULE = [
  AT.moduleBranches,
  AT.moduleCalls,
  AT.moduleIndirectCalls,
  AT.moduleTailCalls,
  AT.moduleValuesAtCalls,
  AT.moduleCheckedOperations,
  AT.moduleBlocks,
  AT.moduleLoops,
  AT.moduleHandlers,
  AT.moduleLabels,
  AT.moduleValuesAtJoins,
  AT.moduleValuesAtClauses,
] as const;

/**
 * What an instruction of control is counted as; -1 for what is not counted. A tail call is a call;
 * `return` is a branch to the end of the function.
 */
function countedOf({ control, costs, feature }: Instruction): number {
  if (costs.calls !== 'nothing') return AT.calls;
  if (control === 'block') return feature === 'mvp' ? AT.blocks : AT.handlers;
  if (control === 'if') return AT.blocks;
  if (control === 'loop') return AT.loops;
  if (control === 'catch') return AT.handlers;
  const branches = control === 'branch' || control === 'conditional' || control === 'return' || control === 'throw';
  return branches ? AT.branches : -1;
}

/**
 * The same by the first byte of an opcode; for those that begin with a prefix it is not known yet.
 */
const countedByFirstByte = onFirstUse(() => byFirstByte((instruction) => instruction && countedOf(instruction)));

/**
 * Division, remainder, conversion of floats to integers, access to tables, objects and arrays,
 * casts, atomic accesses; and references to functions, which engines make by calls of their own.
 */
const CHECKED = new RegExp(
  '^(i\\d\\d\\.(div|rem|trunc)_|table\\.[gs]et$|struct\\.[gs]et|array\\.[gs]et|' +
    'ref\\.(cast|test|as|func)|i31\\.get|\\w+\\.atomic\\.)',
);

/**
 * Whether an instruction checks its operands. For each byte of it engines emit about
 * fifty bytes of machine code, most of them for operands that trap.
 */
export function checksOperands({ name }: Instruction): boolean {
  return CHECKED.test(name);
}

/**
 * The same by the first byte of an opcode; for those that begin with a prefix it is not known yet.
 */
const checksByFirstByte = onFirstUse(() => byFirstByte((instruction) => instruction && checksOperands(instruction)));

/** Whether the latest instruction checks its operands. */
export function isChecked({ firstByte, instruction }: CodeReader): boolean {
  return checksByFirstByte()[firstByte] ?? checksOperands(instruction);
}

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

/** The kinds of open blocks: the depth of loops and of handlers has a limit of its own. */
const KIND = { other: 0, loop: 1, handler: 2 } as const;

/**
 * Compares the structure of a module with its limits, before and while it is rewritten: see
 * {@link MODULE_LIMITS}.
 */
export class Structure {
  readonly #bytes: Uint8Array;
  readonly #limits: Float64Array;
  /** How many there are so far. */
  readonly #counts = new Float64Array(limitNames.length);
  /** The kinds of the open blocks, and how many of each kind there are. */
  readonly #open: number[] = [];
  #loops = 0;
  #handlers = 0;
  #function = 0;
  #locals = 0;
  #importedFunctions = 0;

  /** @param bytes of the module. */
  constructor(bytes: Uint8Array, limits: LimitValues) {
    this.#bytes = bytes;
    this.#limits = Float64Array.from(limitNames, (name) => limits[name]);
    this.#check('moduleBytes', bytes.length, { offset: Math.min(bytes.length, limits.moduleBytes) });
  }

  /**
   * Compares what the framing of the sections says, before what is in them is read.
   *
   * @throws WasmFormatError if the framing is malformed.
   * @throws MeteringError `LimitExceeded`, as all methods of this class do.
   */
  sections(): void {
    for (const section of readSections(this.#bytes)) {
      const { id, name, offset, contentOffset, end } = section;
      const size = end - contentOffset;
      if (id === SECTION.custom) this.#add('customSections', 1, offset);
      else if (id === SECTION.code) this.#add('codeBytes', size, offset);
      else if (id !== SECTION.data) this.#add('declarationBytes', size, offset);
      if (name === 'name') this.#add('nameBytes', size, offset);
      if (id === SECTION.element) this.#add('elementBytes', size, offset);
      const counted = COUNTED_SECTIONS[id];
      if (counted !== undefined) this.#add(counted, readU32(sectionReader(this.#bytes, section)), offset);
    }
  }

  /** Compares what a module declares. @param globals how many there are, imported ones included. */
  declarations(module: WasmModule, globals: number): void {
    const imported = (kind: string): number => module.imports.filter((candidate) => candidate.kind === kind).length;
    this.#importedFunctions = imported('function');
    const place = (id: number) => ({ offset: offsetOfSection(module.sections, id) });
    this.#check('types', module.types.length, place(SECTION.type));
    this.#check('tables', imported('table') + module.tables.length, place(SECTION.table));
    this.#check('memories', imported('memory') + module.memories.length, place(SECTION.memory));
    this.#check('tags', module.tags.length, place(SECTION.tag));
    this.#check('globals', globals, place(SECTION.global));
    const { offset } = place(SECTION.type);
    module.types.forEach((type, index) => {
      if (type.kind === 'func') {
        this.#check('params', type.params.length, { offset, type: index });
        this.#check('results', type.results.length, { offset, type: index });
      } else if (type.kind === 'struct') this.#check('fields', type.fields, { offset, type: index });
    });
  }

  /**
   * Resets the sums over all functions: the functions are read twice, to analyse and to rewrite
   * them.
   */
  beginFunctions(): void {
    for (const limitIndex of IN_MODULE) this.#counts[limitIndex] = 0;
    for (const limitIndex of [AT.moduleBulkOperations, AT.moduleLocals, AT.moduleLocalGroups])
      this.#counts[limitIndex] = 0;
  }

  /** A function begins. @param params how many parameters its type has. */
  begin(functionIndex: number, params: number, { count, groups, bodyBytes, codeOffset }: FunctionLocals): void {
    this.#function = functionIndex;
    this.#locals = params + count;
    this.#open.length = 0;
    this.#loops = 0;
    this.#handlers = 0;
    const counts = this.#counts;
    for (let at = 0; at < IN_FUNCTION.length; at++) counts[IN_FUNCTION[at] ?? 0] = 0;
    counts[AT.clauses] = 0;
    counts[AT.blockParams] = 0;
    counts[AT.handlerEdges] = 0;
    counts[AT.memory64Accesses] = 0;
    this.#atMost(AT.bodyBytes, bodyBytes, codeOffset);
    // Groups count as well: an engine reads each of them, even one without locals.
    this.#atMost(AT.locals, Math.max(this.#locals, groups), codeOffset);
    this.#count(AT.moduleLocals, this.#locals, codeOffset);
    this.#count(AT.moduleLocalGroups, groups, codeOffset);
  }

  /** The latest instruction is one of control. It has not been taken into account in the height. */
  control(code: CodeReader, height: StackHeight): void {
    const counted = countedByFirstByte()[code.firstByte] ?? countedOf(code.instruction);
    if (counted < 0) return;
    this.#count(counted, 1, code.start);
    if (counted === AT.branches) this.#branch(code, height);
    else if (counted === AT.calls) this.#call(code, height);
    else if (code.instruction.control === 'catch') this.#clauses(1, code.start, height);
  }

  /**
   * A tail call through a table or a reference is both. Exceptions leave from a call, and metering
   * checks the counter before and after one that may reach the host.
   */
  #call(code: CodeReader, height: StackHeight): void {
    const { instruction, start } = code;
    const index = code.values[0] ?? 0;
    const isOwn = instruction.immediates[0] === 'functionIndex' && index >= this.#importedFunctions;
    this.join(start, isOwn ? 1 : 2, height);
    this.#edges(isOwn ? 1 : EDGES_OF_HOST_CALL, start);
    this.#count(AT.valuesAtCalls, height.callArity(code), start);
    if (instruction.immediates[0] !== 'functionIndex') this.#count(AT.indirectCalls, 1, start);
    if (instruction.costs.calls === 'tailCall') this.#count(AT.tailCalls, 1, start);
  }

  /** The latest instruction checks its operands: see {@link isChecked}. */
  checked(code: CodeReader, height: StackHeight): void {
    this.#count(AT.checkedOperations, 1, code.start);
    if (code.instruction.name === 'ref.func') this.join(code.start, 1, height);
  }

  /** The latest instruction accesses a memory, in a module that has a 64-bit one. */
  access(code: CodeReader): void {
    this.#count(AT.memory64Accesses, 1, code.start);
  }

  #branch(code: CodeReader, height: StackHeight): void {
    const { immediates, control } = code.instruction;
    if (control === 'throw') this.#edges(EDGES_OF_THROW, code.start);
    if (immediates[0] !== 'labelTable') {
      this.join(code.start, 1, height);
      return;
    }
    const labels = code.values[0] ?? 0;
    this.#count(AT.labels, labels, code.start);
    this.join(code.start, labels, height);
  }

  /** Within a handler, engines join all places that an exception may leave from. */
  #edges(count: number, offset: number): void {
    if (this.#handlers > 0) this.#count(AT.handlerEdges, count, offset);
  }

  /** JavaScriptCore restores the locals and operands of the function at each catch clause. */
  #clauses(count: number, offset: number, { height }: StackHeight): void {
    this.#count(AT.valuesAtClauses, count * (this.#locals + height), offset);
  }

  /**
   * A block opens with the latest instruction. It has not been taken into account in the height.
   */
  open(code: CodeReader, height: StackHeight): void {
    const { control, feature, immediates } = code.instruction;
    const kind = control === 'loop' ? KIND.loop : feature === 'mvp' ? KIND.other : KIND.handler;
    this.#atMost(AT.openBlocks, this.#open.push(kind), code.start);
    if (kind === KIND.loop) this.#atMost(AT.loopDepth, ++this.#loops, code.start);
    else if (kind === KIND.handler) this.#atMost(AT.handlerDepth, ++this.#handlers, code.start);
    this.#atMost(AT.operands, height.greatest, code.start);
    const clauses = immediates.length > 1 ? (code.values[1] ?? 0) : 0;
    if (clauses > 0) {
      this.#count(AT.clauses, clauses, code.start);
      this.#clauses(clauses, code.start, height);
    }
    const params = (code.values[0] ?? 0) >= 0 ? height.blockParams(code) : 0;
    if (params > 0) this.#count(AT.blockParams, params, code.start);
    this.join(code.start, (kind === KIND.loop ? JOINS_OF_LOOP : 1) + clauses, height);
  }

  /** The innermost block closes. */
  close(): void {
    const kind = this.#open.pop();
    if (kind === KIND.loop) this.#loops--;
    else if (kind === KIND.handler) this.#handlers--;
  }

  /** The latest instruction is a bulk operation, grows something or makes an object. */
  bulk(code: CodeReader): void {
    this.#count(AT.moduleBulkOperations, 1, code.start);
    this.#edges(1, code.start);
  }

  /** Blocks, loops, branches and tail calls of the function so far. */
  get jumps(): number {
    const [branches = 0, blocks = 0] = [this.#counts[AT.branches], this.#counts[AT.blocks]];
    return branches + blocks + (this.#counts[AT.loops] ?? 0) + (this.#counts[AT.tailCalls] ?? 0);
  }

  /** The function ends. @param height after all of its instructions. @param offset where it is. */
  end(height: StackHeight, offset: number): void {
    this.#atMost(AT.operands, height.greatest, offset);
    for (let at = 0; at < IN_FUNCTION.length; at++) {
      const count = this.#counts[IN_FUNCTION[at] ?? 0] ?? 0;
      if (count > 0) this.#count(IN_MODULE[at] ?? 0, count, offset);
    }
  }

  /** An engine moves the locals and operands of the function at a place. @param times how often. */
  join(offset: number, times: number, { height }: StackHeight): void {
    this.#count(AT.valuesAtJoins, times * (this.#locals + height), offset);
  }

  /** There is more of something in the function. */
  #count(limitIndex: number, amount: number, offset: number): void {
    const count = (this.#counts[limitIndex] ?? 0) + amount;
    this.#counts[limitIndex] = count;
    this.#atMost(limitIndex, count, offset);
  }

  #atMost(limitIndex: number, count: number, offset: number): void {
    if (count > (this.#limits[limitIndex] ?? 0)) this.#exceeded(limitIndex, { offset, function: this.#function });
  }

  /** There is more of something outside of functions. */
  #add(name: LimitName, amount: number, offset: number): void {
    const count = (this.#counts[AT[name]] ?? 0) + amount;
    this.#counts[AT[name]] = count;
    this.#check(name, count, { offset });
  }

  #check(name: LimitName, count: number, where: Place): void {
    if (count > (this.#limits[AT[name]] ?? 0)) this.#exceeded(AT[name], where);
  }

  #exceeded(limitIndex: number, where: Place): never {
    const limit = limitNames[limitIndex] ?? 'moduleBytes';
    const max = this.#limits[limitIndex] ?? 0;
    const { counts, of } = MODULE_LIMITS[limit];
    const inFunction = where.function === undefined ? undefined : this.#named(where.function);
    const subject = of === 'function' ? textOf(inFunction) : of === 'type' ? `type ${where.type}` : 'the module';
    const within = of === 'module' && inFunction !== undefined ? `, counted up to ${textOf(inFunction)}` : '';
    const reason = `${subject} has more than ${max} ${counts}${within} (limits.${limit})`;
    const failure = { kind: 'LimitExceeded', offset: where.offset, reason, limit, max } as const;
    throw new MeteringError(inFunction === undefined ? failure : { ...failure, function: inFunction });
  }

  #named(index: number): FunctionReference {
    const name = functionName(this.#bytes, index);
    return name === undefined ? { index } : { index, name };
  }
}

/**
 * Where a limit is exceeded: the offset in bytes, and the index of the function or type that it is
 * in.
 */
interface Place {
  readonly offset: number;
  readonly function?: number;
  readonly type?: number;
}

/** So much of a function's name is shown: it may be 100,000 bytes long. */
const NAME_SHOWN = 100;

function textOf(named: FunctionReference | undefined): string {
  if (named === undefined) return 'a function';
  const { index, name } = named;
  if (name === undefined) return `function ${index}`;
  return `function ${index} (${name.length > NAME_SHOWN ? `${name.slice(0, NAME_SHOWN)}...` : name})`;
}

function offsetOfSection(sections: readonly Section[], id: number): number {
  const imports = sections.find((section) => section.id === SECTION.import);
  return (sections.find((section) => section.id === id) ?? imports)?.offset ?? 0;
}
