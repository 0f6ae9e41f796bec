import {
  byFirstByte,
  type CodeReader,
  type Control,
  entryOfSection,
  readSections,
  readU32,
  SECTION,
  type Section,
  sectionReader,
} from '../wasm/index.ts';
import { MeteringError } from './error.ts';
import type { StackHeight } from './stack-height.ts';

/** Functions that a module may define, whatever work is allowed. */
export const FUNCTIONS_MAX = 100_000;

/** Blocks that may be open at once in a function. */
const NESTING_MAX = 4_000;

/** The largest operand stack of a function. */
const OPERANDS_MAX = 10_000;

/** How much work a module may make by default, in units. */
export const COMPILE_WORK_MAX = 13_000_000;

/** What a byte of a section takes, in units: those whose entries become objects take most. */
const UNITS_PER_BYTE: { readonly [N in keyof typeof SECTION]?: number } = {
  custom: 0.25,
  type: 7,
  import: 3,
  function: 1,
  table: 3,
  tag: 3,
  global: 2,
  export: 3,
  element: 12,
  code: 1,
  data: 0.25,
};

/** What a byte of the custom section `name` takes. */
const UNITS_PER_NAME_BYTE = 2;

/** What a segment of the data section takes, however short it is. */
const UNITS_PER_DATA_SEGMENT = 25;

/** What a function takes, however short it is. */
const FUNCTION_UNITS = 40;

/** A compiler gives each local a first value. */
const LOCALS_PER_UNIT = 32;

/** What an instruction of control takes beside its bytes. */
const UNITS_OF_CONTROL: { readonly [C in Control]: number } = {
  none: 0,
  trap: 1,
  branch: 4,
  conditional: 4,
  return: 2,
  throw: 4,
  call: 14,
  block: 4,
  loop: 56,
  if: 8,
  else: 4,
  catch: 20,
  end: 3,
};

/** The same by the first byte of an opcode; for those that begin with a prefix it is not known yet. */
const unitsByFirstByte = byFirstByte((instruction) => instruction && UNITS_OF_CONTROL[instruction.control]);

/** A compiler takes time for what a call passes and gets back that grows with its square: so much of that is a unit. */
const SQUARED_ARITY_PER_UNIT = 32;

/** Where a block begins, a compiler takes so much for each operand on the stack and each that the block's type names, beyond the ordinary. */
const UNITS_PER_BLOCK_OPERAND = 2;

/** Operands below those that a branch carries. */
const OPERANDS_BELOW_PER_UNIT = 32;

/** What a field takes of an object that is made. */
const UNITS_PER_FIELD = 4;

/** What an instruction takes that a support function does the work of. */
const SUPPORTED_UNITS = 100;

/**
 * Where control divides or comes together a compiler moves all locals, and the operands that a branch carries: a unit each. That many are moved
 * in ordinary code, and cost no more than its bytes do.
 */
const ORDINARY_VALUES = 16;

/** Metering puts so many blocks around a loop. */
const BLOCKS_AROUND_LOOP = 3;

/** What a label of a `br_table` costs beside the values that go with it: as much as moving so many. */
const LABEL_WORK = 40;

/**
 * Bounds the work that a module makes: for this package, which reads and rewrites it, and for the engine's compiler, where that grows faster
 * than the module's bytes. It is counted ahead of being done, in units of about 30 ns: what a byte of plain code takes.
 */
export class CompileWork {
  readonly #max: number;
  #work = 0;
  #open = 0;
  #locals = 0;

  /** @param max units that a module may take. */
  constructor(max: number) {
    this.#max = max;
  }

  /**
   * What the sections take by their sizes, before what is in them is read.
   *
   * @throws WasmFormatError for what is wrong with their framing. @throws MeteringError `LimitExceeded`, as all of these do.
   */
  sections(bytes: Uint8Array): void {
    for (const section of readSections(bytes)) {
      this.#add(section.offset, Math.floor(unitsPerByte(section) * (section.end - section.offset)));
      if (section.id !== SECTION.data) continue;
      this.#add(section.offset, UNITS_PER_DATA_SEGMENT * readU32(sectionReader(bytes, section)));
    }
  }

  /** A function begins, of so many locals, its parameters among them, with the code at an offset. */
  begin(offset: number, locals: number): void {
    this.#open = 0;
    this.#locals = locals;
    this.#add(offset, FUNCTION_UNITS + Math.floor(locals / LOCALS_PER_UNIT));
  }

  /** The latest instruction is one of control. */
  control({ start, firstByte, instruction }: CodeReader): void {
    this.#add(start, unitsByFirstByte[firstByte] ?? UNITS_OF_CONTROL[instruction.control]);
  }

  /** The latest instruction calls. */
  call(code: CodeReader, height: StackHeight): void {
    const arity = height.typeArity(code);
    this.#add(code.start, Math.floor((arity * arity) / SQUARED_ARITY_PER_UNIT));
  }

  /** A support function does work of the latest instruction, which makes a struct perhaps. */
  supported(code: CodeReader, height: StackHeight): void {
    const fields = code.instruction.costs.grows === 'struct' ? height.typeArity(code) : 0;
    this.#add(code.start, SUPPORTED_UNITS + UNITS_PER_FIELD * fields);
  }

  /** A block opens with the latest instruction. */
  open(code: CodeReader, height: StackHeight): void {
    const { control, immediates } = code.instruction;
    if (++this.#open > NESTING_MAX) exceeded(code.start, `more than ${NESTING_MAX} blocks are open at once`);
    if (height.greatest > OPERANDS_MAX) exceeded(code.start, `a function keeps more than ${OPERANDS_MAX} operands`);
    if (immediates.length > 1) this.#addCatchClauses(code);
    const operands = height.height + ((code.values[0] ?? 0) >= 0 ? height.typeArity(code) : 0);
    this.#move(code, UNITS_PER_BLOCK_OPERAND * (operands - ORDINARY_VALUES));
    this.#move(code, (control === 'loop' ? 1 + BLOCKS_AROUND_LOOP : 1) * (this.#locals - ORDINARY_VALUES));
  }

  /** The innermost block closes. */
  close(): void {
    this.#open--;
  }

  /** The latest instruction is a branch to a label, counted from the innermost, 0. */
  branch(code: CodeReader, height: StackHeight, label: number): void {
    const below = Math.floor(height.height / OPERANDS_BELOW_PER_UNIT);
    this.#move(code, this.#locals + height.labelArity(label) + below - ORDINARY_VALUES);
  }

  /** The latest instruction is a branch to one label of many. */
  branchTable(code: CodeReader, height: StackHeight, labels: readonly number[]): void {
    const each = LABEL_WORK + this.#locals + Math.floor(height.height / OPERANDS_BELOW_PER_UNIT);
    for (const label of labels) this.#move(code, each + height.labelArity(label));
  }

  /** Each clause of a `try_table` is a branch. */
  #addCatchClauses(code: CodeReader): void {
    const at = code.instruction.immediates.indexOf('catchClauses');
    if (at >= 0) this.#move(code, (code.values[at] ?? 0) * (LABEL_WORK + this.#locals));
  }

  #move({ start }: CodeReader, values: number): void {
    if (values > 0) this.#add(start, values);
  }

  #add(offset: number, units: number): void {
    this.#work += units;
    if (this.#work <= this.#max) return;
    const reason = `to compile the module is more work than is allowed: ${this.#max} units (option compileWorkMax)`;
    exceeded(offset, reason);
  }
}

function unitsPerByte({ id, name }: Section): number {
  return name === 'name' ? UNITS_PER_NAME_BYTE : (entryOfSection(UNITS_PER_BYTE, id) ?? 1);
}

function exceeded(offset: number, reason: string): never {
  throw new MeteringError({ kind: 'LimitExceeded', offset, reason });
}
