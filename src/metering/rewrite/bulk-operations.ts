import { type CodeReader, CodeWriter } from '../../wasm/index.ts';
import { featureRefused, MeteringError } from '../error.ts';
import { ELEMENTS_PER_UNIT } from '../layout.ts';
import { contentBytes, OBJECT_HEADER_BYTES } from './constant-objects.ts';
import type { ModuleSpaces } from './module-spaces.ts';
import {
  ATOMIC_WAIT64,
  MEMORY_COPY,
  MEMORY_FILL,
  MEMORY_GROW,
  MEMORY_INIT,
  TABLE_COPY,
  TABLE_FILL,
  TABLE_GROW,
  TABLE_INIT,
} from './opcodes.ts';
import type { Support } from './support.ts';
import {
  type CopySide,
  memoryCopy,
  memoryFill,
  memoryGrow,
  type SupportFunction,
  spendBytes,
  spendEntries,
  tableCopy,
  tableFill,
  tableGrow,
} from './support-functions.ts';

/** How an instruction whose cost is only known when it executes is metered. */
export interface BulkMetering {
  /** What stands in its place: a call of a support function with the same operands. */
  readonly replacement?: readonly number[];
  /** What stands before it, given a local of type i32 to keep its topmost operand in. */
  readonly before?: (scratch: number) => readonly number[];
}

/** Features that a module may be refused for. */
export interface AllowedFeatures {
  /** Objects of garbage collection. */
  readonly gc: boolean;
  /** `memory.atomic.wait32` and `wait64`, which block the thread. */
  readonly waits: boolean;
}

/**
 * How many support functions metering adds at most: one for each bulk instruction with each memory
 * or table that it works on.
 */
const SUPPORT_FUNCTIONS_MAX = 1_000;

/** Stands for a memory or table that is not there: the engine will refuse the module. */
const NOWHERE = { type: 'i32', imported: false } as const;

/** Meters bulk memory and table operations, growth, and allocation of objects. */
export class BulkOperations {
  readonly #spaces: ModuleSpaces;
  readonly #support: Support;
  readonly #allowed: AllowedFeatures;
  /** What is written for each operation so far, by its opcode and immediates. */
  readonly #known = new Map<string, BulkMetering>();

  constructor(spaces: ModuleSpaces, support: Support, allowed: AllowedFeatures) {
    this.#spaces = spaces;
    this.#support = support;
    this.#allowed = allowed;
  }

  /**
   * How the latest instruction is metered.
   *
   * @throws MeteringError `FeatureRefused` when it is of a feature that is not allowed.
   */
  instruction(code: CodeReader): BulkMetering {
    const { opcode, costs } = code.instruction;
    if (costs.blocks) return this.#wait(code);
    if (opcode === MEMORY_INIT) return this.#init('spend_bytes', spendBytes);
    if (opcode === TABLE_INIT) return this.#init('spend_entries', spendEntries);
    if (costs.grows === 'exception') return {};
    const operation = this.#operations[opcode];
    if (operation !== undefined) {
      const [first = 0, second = 0] = code.values;
      const key = `${opcode} ${first} ${second}`;
      const known = this.#known.get(key);
      if (known !== undefined) return known;
      const index = this.#support.function(key, () => operation(first, second));
      if (this.#support.functionCount > SUPPORT_FUNCTIONS_MAX) {
        const reason = `more than ${SUPPORT_FUNCTIONS_MAX} different bulk operations, by what they work on`;
        throw new MeteringError({ kind: 'LimitExceeded', offset: code.start, reason });
      }
      const metering = { replacement: new CodeWriter().call(index).bytes };
      this.#known.set(key, metering);
      return metering;
    }
    if (!this.#allowed.gc && costs.grows !== 'nothing')
      throw featureRefused(code.start, 'objects of garbage collection');
    return this.#object(code);
  }

  /** The support function of each bulk instruction, by its immediates. */
  readonly #operations: Readonly<Record<number, (first: number, second: number) => SupportFunction>> = {
    [MEMORY_FILL]: (memory) => memoryFill(memory, this.#memory(memory).type),
    [MEMORY_COPY]: (to, from) => memoryCopy(this.#memory(to), this.#memory(from)),
    [MEMORY_GROW]: (memory) => memoryGrow(memory, this.#memory(memory).type),
    [TABLE_FILL]: (table) => tableFill(table, this.#table(table).type, this.#elementType(table)),
    [TABLE_COPY]: (to, from) => tableCopy(this.#table(to), this.#table(from)),
    [TABLE_GROW]: (table) => tableGrow(table, this.#table(table).type, this.#elementType(table)),
  };

  #memory(index: number): CopySide {
    const { type, imported } = this.#spaces.memories[index] ?? NOWHERE;
    return { index, type, imported };
  }

  #table(index: number): CopySide {
    const { type, imported } = this.#spaces.tables[index] ?? NOWHERE;
    return { index, type, imported };
  }

  #elementType(table: number): string {
    return this.#spaces.tables[table]?.elementType ?? 'funcref';
  }

  /**
   * Initialisation takes no more than its segment holds, which the module's size bounds, so it is
   * not done in pieces. There may be any number of segments, so it has no support function for each
   * either.
   */
  #init(key: string, text: SupportFunction): BulkMetering {
    const spend = this.#support.function(key, () => text);
    return { before: (scratch) => new CodeWriter().localTee(scratch).localGet(scratch).call(spend).bytes };
  }

  /** The topmost operand is how long to wait: the meter says how long it may. */
  #wait(code: CodeReader): BulkMetering {
    if (!this.#allowed.waits) {
      const width = code.instruction.opcode === ATOMIC_WAIT64 ? 64 : 32;
      throw featureRefused(code.start, `memory.atomic.wait${width}`);
    }
    const clamp = this.#support.always('clamp_wait');
    return { before: () => new CodeWriter().call(clamp).bytes };
  }

  /** Objects take heap, and time by their length. */
  #object(code: CodeReader): BulkMetering {
    const { costs } = code.instruction;
    const bytes = contentBytes(this.#spaces.module, code);
    const chargeHeap = this.#support.always('charge_heap');
    const fixed = (size: number) => () => new CodeWriter().i64Const(size).call(chargeHeap).bytes;
    if (costs.grows === 'struct') return { before: fixed(OBJECT_HEADER_BYTES + bytes) };
    if (costs.grows === 'fixedArray') return { before: fixed(OBJECT_HEADER_BYTES + bytes * (code.values[1] ?? 0)) };
    const spend = this.#support.always('spend');
    return {
      before: (scratch) => {
        const encoder = new CodeWriter().localTee(scratch);
        // The heap first: an array that the budget does not allow takes no time.
        if (costs.grows !== 'nothing') {
          encoder.i64Const(OBJECT_HEADER_BYTES).call(chargeHeap);
          encoder.localGet(scratch).i64ExtendI32U().i64Const(bytes).i64Mul().call(chargeHeap);
        }
        return encoder.localGet(scratch).i32Const(ELEMENTS_PER_UNIT).i32DivU().call(spend).bytes;
      },
    };
  }
}
