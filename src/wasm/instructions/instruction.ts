/**
 * An immediate of an instruction: what follows the opcode in the binary format (specification 5.4,
 * "Instructions").
 *
 * Indices are u32 in LEB128 (5.5.1, "Indices"). The other immediates:
 *
 * - `blockType`: an s33. A type index if it is not negative, else the byte 0x40 (empty) or a value
 *   type, which has more than one byte if it begins with 0x63 or 0x64 (5.4.2, "Control
 *   Instructions").
 * - `labelTable`: a vector of label indices, then one more, the default label of `br_table`.
 * - `memarg`: a u32, the alignment exponent; a memory index if bit 6 (0x40) of the exponent is set;
 *   then the offset, up to 64 bits wide (5.4.5, "Memory Instructions").
 * - `fieldIndex`: a u32, a field of the struct type that the immediate before it names.
 * - `u32`: a number, the count of elements of `array.new_fixed`.
 * - `s32`, `s64`: a signed integer in LEB128.
 * - `f32`, `f64`, `v128`: 4, 8 or 16 bytes, little-endian.
 * - `lane`: one byte.
 * - `lanes16`: 16 lanes of `i8x16.shuffle` (5.4.9, "Vector Instructions").
 * - `heapType`: an s33. A type index if it is not negative, else one byte, an abstract heap type
 *   (5.3.3, "Heap Types").
 * - `valueTypes`: a vector of value types (5.3.5, "Value Types").
 * - `catchClauses`: a vector of: a byte; for 0x00 and 0x01 a tag index; a label index.
 * - `castFlags`: one byte. Bit 0 is set if the source type of `br_on_cast` is nullable, bit 1 if
 *   its target type is.
 * - `zeroByte`: one reserved byte, 0x00 (threads proposal, `atomic.fence`).
 */
export type Immediate =
  | 'blockType'
  | 'labelIndex'
  | 'labelTable'
  | 'functionIndex'
  | 'typeIndex'
  | 'tableIndex'
  | 'localIndex'
  | 'globalIndex'
  | 'memoryIndex'
  | 'memarg'
  | 'dataIndex'
  | 'elementIndex'
  | 'tagIndex'
  | 'fieldIndex'
  | 'u32'
  | 's32'
  | 's64'
  | 'f32'
  | 'f64'
  | 'v128'
  | 'lane'
  | 'lanes16'
  | 'heapType'
  | 'valueTypes'
  | 'catchClauses'
  | 'castFlags'
  | 'zeroByte';

/** The bit in the first integer of a `memarg` that says that a memory index follows. */
export const MEMARG_HAS_MEMORY_INDEX = 0x40;

/**
 * The addition to WebAssembly that brought an instruction. Multi-value, multi-memory and memory64
 * brought none: they only widen immediates and operand types. WebAssembly 3.0 has all but
 * `legacyExceptions`, `threads` and `wideArithmetic`.
 */
export type Feature =
  | 'mvp'
  | 'signExtension'
  | 'saturatingFloatToInt'
  | 'bulkMemory'
  | 'referenceTypes'
  | 'simd'
  | 'relaxedSimd'
  | 'tailCall'
  | 'functionReferences'
  | 'exceptions'
  | 'legacyExceptions'
  | 'gc'
  | 'threads'
  | 'wideArithmetic';

/**
 * What executing an instruction can cost.
 *
 * An amount that is known only at execution is always the topmost operand, so a field only names
 * its unit. The amount is an i32, or an i64 if the memory or table is a 64-bit one. `memory.init`
 * and `table.init` always take an i32. The two copies take an i64 only if both sides are 64-bit.
 */
export interface Costs {
  /**
   * Fuel units; 1 is the default. As in Wasmtime (`default_operator_cost` in its
   * crates/environ/src/tunables.rs).
   */
  readonly fuel: 0 | 1;
  /**
   * What the running time is proportional to: as many of these as the topmost operand says.
   * `constant` is the default.
   */
  readonly time: 'constant' | 'bytes' | 'pages' | 'tableEntries' | 'arrayElements';
  /**
   * What grows, and stays so after the instruction. `nothing` is the default.
   *
   * - `pages`, `tableEntries`, `arrayElements`: as many as the topmost operand says.
   * - `fixedArray`: an array of as many elements as the `u32` immediate says; each was an operand.
   * - `struct`: one struct of the type that the `typeIndex` immediate names.
   * - `exception`: one exception with the parameters of the tag that the `tagIndex` immediate
   *   names.
   */
  readonly grows: 'nothing' | 'pages' | 'tableEntries' | 'arrayElements' | 'fixedArray' | 'struct' | 'exception';
  /**
   * Whether it can suspend the thread, for a time that the program chooses. `false` is the default.
   */
  readonly blocks: boolean;
  /**
   * Whether it enters a function. `call` returns to the next instruction; `tailCall` first ends the
   * calling function. `nothing` is the default.
   */
  readonly calls: 'nothing' | 'call' | 'tailCall';
  /**
   * Whether it checks its operands. For each byte of it engines emit about fifty bytes of machine
   * code, most of them for operands that trap. These are division, remainder, conversion of floats
   * to integers, access to tables, objects and arrays, casts, atomic accesses; and references to
   * functions, which engines make by calls of their own. `false` is the default.
   */
  readonly checks: boolean;
}

/**
 * How an instruction changes the height of the operand stack. The height counts operands of any
 * type (specification 3.4, "Instructions"). It pops `pops` operands, then pushes `pushes`; `kind`
 * says what else happens.
 *
 * To find the greatest height of a function, keep the height, and for each open block its block
 * type and its base, the height below its parameters. The first block is the function itself: its
 * base is 0, it has no parameters (they are locals), and its results are those of the function.
 *
 * These kinds count from the height before the instruction:
 *
 * - `constant` (the default): nothing else. This includes branches that are not taken, since the
 *   operands of the label stay: `br_if` pops only its condition.
 * - `functionType`: then pops the parameters, and pushes the results, of the function that the
 *   `functionIndex` immediate names.
 * - `typeIndex`: the same, for the function type that the `typeIndex` immediate names. `pops`
 *   counts what `call_indirect` (a table index) and `call_ref` (a reference) take from above the
 *   parameters.
 * - `structFields`: then pops an operand for each field of the struct type that the `typeIndex`
 *   immediate names.
 * - `count`: then pops as many as the `u32` immediate says.
 * - `block`: opens a block. The parameters of its block type stay on the stack, but belong to the
 *   new block: its base is the height, after `pops`, less their number. `pops` counts the condition
 *   of `if`.
 *
 * These kinds set the height from the base of the innermost block:
 *
 * - `blockParameters`: to the base and the parameters of the block type (`else`).
 * - `tagParameters`: to the base and the parameters of the tag that the `tagIndex` immediate names
 *   (legacy `catch`).
 * - `base`: to the base (legacy `catch_all`).
 * - `blockResults`: to the base and the results of the block type; and closes the block (`end`,
 *   legacy `delegate`).
 * - `unreachable`: to the base. The code that follows in this block, up to an instruction of one of
 *   the four kinds above, is never executed. Operands below `pops`, for a label, a callee, the
 *   caller or an exception, are left out: nobody needs their number.
 *
 * In code that is never executed, pops may go below the base of the innermost block, where they
 * find operands of any type. Raise a height below the base to the base.
 *
 * Operands that arrive at a label need no care: they are the results of its block, or the
 * parameters of its loop.
 */
export interface StackEffect {
  readonly kind:
    | 'constant'
    | 'functionType'
    | 'typeIndex'
    | 'structFields'
    | 'count'
    | 'block'
    | 'blockParameters'
    | 'tagParameters'
    | 'base'
    | 'blockResults'
    | 'unreachable';
  /** 0 to 5. Kinds that set the height have it too, although only a validator needs it there. */
  readonly pops: number;
  /** 0 or 1. */
  readonly pushes: number;
}

/**
 * Whether an instruction can branch, or can be reached other than from the instruction before it.
 *
 * - `none` (the default): neither. It continues with the next instruction, or traps, which ends the
 *   call.
 * - `trap`: always traps: `unreachable`.
 * - `branch`: always branches to a label: `br`, `br_table`.
 * - `conditional`: branches to a label, or continues with the next instruction: `br_if`,
 *   `br_on_null` and the like.
 * - `return`: ends the function: `return`, and tail calls, which `costs.calls` distinguishes.
 * - `throw`: throws an exception, to a catch clause around it or out of the function.
 * - `call`: calls a function, then continues with the next instruction unless the function throws.
 * - `block`: continues with the next instruction, which nothing else reaches. It opens a block:
 *   branches to its label arrive at its `end`. These are `block`, `try`, `try_table`.
 * - `loop`: continues with the next instruction, where branches to its label from within arrive
 *   too. It opens a block.
 * - `if`: continues with the next instruction, or after its `else`, or without one after its `end`.
 * - `else`: continues after the `end` if reached from above. The next instruction is reached only
 *   from the `if`.
 * - `catch`: continues after the `end` if reached from above. The next instruction is reached only
 *   by exceptions from the `try`: legacy `catch` and `catch_all`.
 * - `end`: continues with the next instruction, where branches to the label arrive too unless it is
 *   that of a loop. The last one ends the function. Legacy `delegate` is the end of its `try`, and
 *   passes exceptions from it on.
 *
 * After `trap`, `branch`, `return` and `throw` the next instruction is not reached from above:
 * these are the instructions whose stack effect is of the kind `unreachable`. `block`, `loop` and
 * `if` are those whose stack effect is of the kind `block`.
 */
export type Control =
  | 'none'
  | 'trap'
  | 'branch'
  | 'conditional'
  | 'return'
  | 'throw'
  | 'call'
  | 'block'
  | 'loop'
  | 'if'
  | 'else'
  | 'catch'
  | 'end';

/** An instruction of WebAssembly, as the binary format encodes it. */
export interface Instruction {
  /**
   * The opcode byte; or `prefix << 16 | number` if the opcode is a prefix byte and a u32:
   * `memory.copy` is 0xfc000a.
   */
  readonly opcode: number;
  /** What follows the opcode, in this order. */
  readonly immediates: readonly Immediate[];
  readonly stack: StackEffect;
  readonly control: Control;
  readonly costs: Costs;
}

/** An instruction with what only people and tools need of it. */
export interface NamedInstruction extends Instruction {
  /**
   * The name in the text format, such as `i32.load8_u`. The text format gives some names to two
   * opcodes, and distinguishes them by the types that follow. The second has a suffix here:
   * `select_t`, `ref.test_null`, `ref.cast_null`.
   */
  readonly name: string;
  readonly feature: Feature;
}
