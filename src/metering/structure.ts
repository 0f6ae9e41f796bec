import {
  byFirstByte,
  type CodeReader,
  type FunctionLocals,
  functionName,
  type Instruction,
  readLabelTable,
  readSections,
  readU32,
  SECTION,
  type Section,
  sectionReader,
  type WasmModule,
} from '../wasm/index.ts';
import { type FunctionReference, MeteringError } from './error.ts';
import { LIMITS, type LimitName, type LimitValues } from './limits.ts';
import type { StackHeight } from './stack-height.ts';

/** The sections whose vectors are bounded, and by which limit. */
const COUNTED_SECTIONS: Readonly<Record<number, LimitName>> = {
  [SECTION.import]: 'imports',
  [SECTION.function]: 'functions',
  [SECTION.export]: 'exports',
  [SECTION.data]: 'dataSegments',
};

/** What is counted of an instruction, in its function and in the module. */
interface Counted {
  readonly inFunction: LimitName | undefined;
  readonly inModule: LimitName;
}

const BRANCH: Counted = { inFunction: 'branches', inModule: 'moduleBranches' };
const CALL: Counted = { inFunction: 'calls', inModule: 'moduleCalls' };
const BLOCK: Counted = { inFunction: undefined, inModule: 'moduleBlocks' };
const LOOP: Counted = { inFunction: 'loops', inModule: 'moduleLoops' };
const HANDLER: Counted = { inFunction: 'handlers', inModule: 'moduleHandlers' };

/** What is counted of an instruction of control. A tail call is a call; `return` is a branch to the end of the function. */
function countedOf({ control, costs, feature }: Instruction): Counted | undefined {
  if (costs.calls !== 'nothing') return CALL;
  if (control === 'block') return feature === 'mvp' ? BLOCK : HANDLER;
  if (control === 'if') return BLOCK;
  if (control === 'loop') return LOOP;
  if (control === 'catch') return HANDLER;
  if (control === 'branch' || control === 'conditional' || control === 'return' || control === 'throw') return BRANCH;
  return undefined;
}

/** The same by the first byte of an opcode; for those that begin with a prefix it is not known yet. */
const countedByFirstByte = byFirstByte((instruction) => instruction && countedOf(instruction));

/** Metering puts three blocks around a loop, and each of the four moves what a branch to it moves. */
const JOINS_OF_LOOP = 4;

/** What an open block is: it counts to the depth of its kind. */
type BlockKind = 'other' | 'loop' | 'handler';

/** Compares the structure of a module with its limits, before and while it is rewritten: see {@link LIMITS}. */
export class Structure {
  readonly #bytes: Uint8Array;
  readonly #limits: LimitValues;
  /** How many there are so far, by the limit's name. */
  readonly #counts: Record<LimitName, number>;
  readonly #open: BlockKind[] = [];
  #depths: Record<BlockKind, number> = { other: 0, loop: 0, handler: 0 };
  #function = 0;
  #locals = 0;
  /** For each label, the number of the latest `br_table` that names it. */
  readonly #tableOfLabel: number[] = [];
  #tables = 0;

  /** @param bytes of the module. */
  constructor(bytes: Uint8Array, limits: LimitValues) {
    this.#bytes = bytes;
    this.#limits = limits;
    // One entry for each name of the table.
    this.#counts = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, 0])) as Record<LimitName, number>;
    this.#check('moduleBytes', bytes.length, Math.min(bytes.length, limits.moduleBytes));
  }

  /**
   * Compares what the framing of the sections says, before what is in them is read.
   *
   * @throws WasmFormatError for what is wrong with their framing. @throws MeteringError `LimitExceeded`, as all of these do.
   */
  sections(): void {
    for (const section of readSections(this.#bytes)) {
      const { id, offset, contentOffset, end } = section;
      const size = end - contentOffset;
      if (id === SECTION.custom) this.#add('customSections', 1, offset);
      else if (id === SECTION.code) this.#add('codeBytes', size, offset);
      else if (id !== SECTION.data) this.#add('declarationBytes', size, offset);
      if (id === SECTION.element) this.#add('elementBytes', size, offset);
      const counted = COUNTED_SECTIONS[id];
      if (counted !== undefined) this.#add(counted, readU32(sectionReader(this.#bytes, section)), offset);
    }
  }

  /** Compares what a module declares. @param globals how many there are, imported ones included. */
  declarations(module: WasmModule, globals: number): void {
    const imported = (kind: string): number => module.imports.filter((candidate) => candidate.kind === kind).length;
    const offsetOf = (id: number): number => offsetOfSection(module.sections, id);
    this.#check('types', module.types.length, offsetOf(SECTION.type));
    this.#check('tables', imported('table') + module.tables.length, offsetOf(SECTION.table));
    this.#check('memories', imported('memory') + module.memories.length, offsetOf(SECTION.memory));
    this.#check('tags', module.tags.length, offsetOf(SECTION.tag));
    this.#check('globals', globals, offsetOf(SECTION.global));
    module.types.forEach((type, index) => {
      const where = { offset: offsetOf(SECTION.type), type: index };
      if (type.kind === 'func') {
        this.#checkType('params', type.params.length, where);
        this.#checkType('results', type.results.length, where);
      } else if (type.kind === 'struct') this.#checkType('fields', type.fields, where);
    });
  }

  /** All functions are gone through, from the first: once to learn what is in them, and again to write them. */
  beginFunctions(): void {
    for (const name of Object.keys(LIMITS)) {
      // The keys of the table are the names.
      if (name.startsWith('module') && name !== 'moduleBytes') this.#counts[name as LimitName] = 0;
    }
  }

  /** A function begins. @param params how many parameters its type has. */
  begin(functionIndex: number, params: number, { count, groups, bodyBytes, codeOffset }: FunctionLocals): void {
    this.#function = functionIndex;
    this.#locals = params + count;
    this.#open.length = 0;
    this.#depths = { other: 0, loop: 0, handler: 0 };
    const counts = this.#counts;
    counts.branches = 0;
    counts.calls = 0;
    counts.loops = 0;
    counts.handlers = 0;
    counts.clauses = 0;
    counts.labels = 0;
    counts.valuesAtJoins = 0;
    this.#checkFunction('bodyBytes', bodyBytes, codeOffset);
    // An empty group is one too: an engine reads it.
    this.#checkFunction('locals', Math.max(this.#locals, groups), codeOffset);
    this.#addInModule('moduleLocalGroups', groups, codeOffset);
  }

  /** The latest instruction is one of control. It has not been taken into account in the height. */
  control(code: CodeReader, height: StackHeight): void {
    const counted = countedByFirstByte[code.firstByte] ?? countedOf(code.instruction);
    if (counted === undefined) return;
    if (counted.inFunction !== undefined) this.#addInFunction(counted.inFunction, 1, code.start);
    this.#addInModule(counted.inModule, 1, code.start);
    if (counted === BRANCH) this.#branch(code, height);
  }

  #branch(code: CodeReader, height: StackHeight): void {
    const { immediates } = code.instruction;
    const table = immediates.indexOf('labelTable');
    if (table < 0) this.#join(code.start, 1, height);
    else this.#labels(code, readLabelTable(code.immediate(table)), height);
  }

  /** An engine moves the values for each label once, however often a table names it. */
  #labels(code: CodeReader, labels: readonly number[], height: StackHeight): void {
    this.#addInFunction('labels', labels.length, code.start);
    this.#addInModule('moduleLabels', labels.length, code.start);
    this.#tables++;
    let different = 0;
    for (const label of labels) {
      // A label beyond all blocks is for the engine to refuse.
      if (label > this.#open.length || this.#tableOfLabel[label] === this.#tables) continue;
      this.#tableOfLabel[label] = this.#tables;
      different++;
    }
    this.#join(code.start, different, height);
  }

  /** A block opens with the latest instruction. It has not been taken into account in the height. */
  open(code: CodeReader, height: StackHeight): void {
    const { control, feature, immediates } = code.instruction;
    const kind = control === 'loop' ? 'loop' : feature === 'mvp' ? 'other' : 'handler';
    this.#open.push(kind);
    this.#depths[kind]++;
    this.#checkFunction('openBlocks', this.#open.length, code.start);
    this.#checkFunction('loopDepth', this.#depths.loop, code.start);
    this.#checkFunction('handlerDepth', this.#depths.handler, code.start);
    this.#checkFunction('operands', height.greatest, code.start);
    const clauses = immediates.length > 1 ? (code.values[1] ?? 0) : 0;
    if (clauses > 0) this.#addInFunction('clauses', clauses, code.start);
    this.#join(code.start, (control === 'loop' ? JOINS_OF_LOOP : 1) + clauses, height);
  }

  /** The innermost block closes. */
  close(): void {
    const kind = this.#open.pop();
    if (kind !== undefined) this.#depths[kind]--;
  }

  /** The latest instruction is a bulk operation, grows something or makes an object. */
  bulk(code: CodeReader): void {
    this.#addInModule('moduleBulkOperations', 1, code.start);
  }

  /** The function ends. @param height after all of its instructions. */
  end(height: StackHeight, offset: number): void {
    this.#checkFunction('operands', height.greatest, offset);
  }

  #join(offset: number, times: number, { height }: StackHeight): void {
    this.#addInFunction('valuesAtJoins', times * (this.#locals + height), offset);
  }

  #add(name: LimitName, amount: number, offset: number): void {
    this.#counts[name] += amount;
    if (this.#counts[name] > this.#limits[name]) this.#exceeded(name, { offset });
  }

  /** The same of something within a function. */
  #addInFunction(name: LimitName, amount: number, offset: number): void {
    this.#counts[name] += amount;
    if (this.#counts[name] > this.#limits[name]) this.#exceeded(name, { offset, function: this.#function });
  }

  /** The same of something that is counted over all functions, in one of them. */
  #addInModule(name: LimitName, amount: number, offset: number): void {
    this.#addInFunction(name, amount, offset);
  }

  #check(name: LimitName, count: number, offset: number): void {
    if (count > this.#limits[name]) this.#exceeded(name, { offset });
  }

  #checkFunction(name: LimitName, count: number, offset: number): void {
    if (count > this.#limits[name]) this.#exceeded(name, { offset, function: this.#function });
  }

  #checkType(name: LimitName, count: number, where: { readonly offset: number; readonly type: number }): void {
    if (count > this.#limits[name]) this.#exceeded(name, where);
  }

  #exceeded(
    limit: LimitName,
    where: { readonly offset: number; readonly function?: number; readonly type?: number },
  ): never {
    const { offset } = where;
    const max = this.#limits[limit];
    const { counts, of } = LIMITS[limit];
    const inFunction = where.function === undefined ? undefined : this.#named(where.function);
    const subject = of === 'function' ? textOf(inFunction) : of === 'type' ? `type ${where.type}` : 'the module';
    const within = of === 'module' && inFunction !== undefined ? `, counted up to ${textOf(inFunction)}` : '';
    const reason = `${subject} has more than ${max} ${counts}${within} (limits.${limit})`;
    const failure = { kind: 'LimitExceeded', offset, reason, limit, max } as const;
    throw new MeteringError(inFunction === undefined ? failure : { ...failure, function: inFunction });
  }

  #named(index: number): FunctionReference {
    const name = functionName(this.#bytes, index);
    return name === undefined ? { index } : { index, name };
  }
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
