import type { OptionRule } from '../option-rules.ts';
/*
 * What metering adds to a module: four imported functions after the module's own imports; after its
 * own globals four more, and one for each function that looks at the clock when it is first
 * entered; functions after its own functions. The module can name none of them: its indices end
 * before.
 */

/** The functions that a metered module imports, in this order, and their types. */
export const meterImports = {
  /** Takes the globals `counter` and `time`, gives the next slice; 0 when the run must end. */
  tick: { params: ['i32', 'i32'], results: ['i32'] },
  /**
   * Takes pages from the memory budget (negative: gives them back); 0 when there are not as many.
   */
  take_pages: { params: ['f64'], results: ['i32'] },
  /** The same for table entries. */
  take_entries: { params: ['f64'], results: ['i32'] },
  /** Takes how long to wait in nanoseconds (negative: for ever) and gives how long it may. */
  clamp_wait: { params: ['i64'], results: ['i64'] },
} as const;

/** The name of an imported function of the meter. */
export type MeterImportName = keyof typeof meterImports;

/**
 * Slots of 8 bytes that the frames of all functions on the stack may take together. Half a
 * megabyte: Wasmtime's default, and about half of what V8 gives a thread, so that the host's own
 * functions have room below.
 */
export const STACK_SLOTS = 65_536;

/**
 * What a host may set it to. At the least a frame of the host's fits; at the most it is 32 MiB,
 * which is a thread's whole stack.
 */
export const STACK_SLOTS_MIN = 1_024;
export const STACK_SLOTS_MAX = 4_194_304;

/** Whether a host may set the stack budget to this many slots. */
export function isStackSize(slots: number): boolean {
  return Number.isInteger(slots) && slots >= STACK_SLOTS_MIN && slots <= STACK_SLOTS_MAX;
}

/** A size of the stack, in slots. */
export const stackSlotsRule: OptionRule = {
  expected: `a whole number from ${STACK_SLOTS_MIN} to ${STACK_SLOTS_MAX}`,
  holds: (value) => typeof value === 'number' && isStackSize(value),
};

/**
 * Slots that a frame takes beside its locals and operands: return address, saved registers, the
 * instance.
 */
export const FRAME_SLOTS = 10;

/**
 * Frames that no recursion is among are not counted as long as they take no more than this many
 * slots together, from one that is counted to the next.
 */
export const UNCOUNTED_SLOTS = 512;

/**
 * Bytes of callees' code that a function may execute without a look at the counter, once for each
 * time that it is entered or a loop turns.
 */
export const UNCHECKED_WORK = 10_000;

/**
 * Fuel that a function leaves to its callers at most. A function body has room for less than four
 * million calls, so that what it charges for them fits the counter's 32 bits.
 */
export const PREPAID_MAX = 500;

/**
 * Functions of more bytes than these look at the clock when they are first entered: an engine may
 * compile them just then. The smaller functions that fit one slice take at most 250 ms to compile.
 */
export const FIRST_ENTRY_BYTES = 64;

/**
 * JavaScriptCore does not optimise functions of more bytes than these. Its optimiser joins blocks
 * one by one, and moves all instructions of one of them each time: 2.2 GB for 7,500 branches in 45
 * KB. So a function whose blocks and branches, times the bytes that can come one after the other,
 * exceed {@link OPTIMISED_PRODUCT_MAX} is made as long.
 */
export const OPTIMISED_BYTES_MAX = 100_000;

/**
 * Blocks, loops, branches and tail calls, times bytes that can come one after the other, of a
 * function that JavaScriptCore may optimise. It takes up to 9 bytes for each.
 */
export const OPTIMISED_PRODUCT_MAX = 20_000_000;

/**
 * Instructions' worth of time that throwing an exception takes, beside what the depth of the stack
 * adds.
 */
export const THROW_UNITS = 1_000;

/**
 * Instructions' worth of time that an engine takes to compare an exception with one catch clause.
 */
export const UNITS_PER_CLAUSE = 100;

/**
 * Bytes of values in an exception for which a frame that may keep it alive takes one more slot of
 * the stack. Engines take about a kilobyte for an exception without values, and four bytes for each
 * byte of values. So all exceptions that frames keep take 64 MB at most.
 */
export const EXCEPTION_BYTES_PER_SLOT = 256;

/**
 * The largest slice of fuel that is handed out at once, in instructions. At the end of each the
 * clock is read.
 */
export const LARGEST_SLICE = 50_000;

/** The globals that metering adds, in this order: type, and initial value. */
export const meterGlobals = {
  /**
   * What is left of the slice, less one: fuel, and time in the same unit. Negative means exhausted,
   * as with `stack`, so one comparison covers both.
   */
  counter: { type: 'i32', initial: -1 },
  /** What was charged to the slice for time alone. It does not count as fuel. */
  time: { type: 'i32', initial: 0 },
  /** Slots left on the stack; negative when it was used up. */
  stack: { type: 'i32', initial: STACK_SLOTS },
  /**
   * Bytes left of the heap budget for objects of garbage collection; negative when it was used up.
   */
  heap: { type: 'i64', initial: 0 },
} as const;

/** The name of a global of the meter. */
export type MeterGlobalName = keyof typeof meterGlobals;

/** Bytes that bulk memory operations move in about the time of one instruction. */
export const BYTES_PER_UNIT = 64;

/**
 * Instructions' worth of time that one table entry takes: engines write them one by one, some with
 * a write barrier.
 */
export const UNITS_PER_ENTRY = 16;

/** Elements of an array that are written in about the time of one instruction. */
export const ELEMENTS_PER_UNIT = 4;

/**
 * A bulk operation on more bytes than these is done in pieces, and the clock is read between them.
 */
export const PIECE_BYTES = 1 << 20;

/** The same for table entries. */
export const PIECE_ENTRIES = 1 << 12;
