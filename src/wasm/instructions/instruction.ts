/**
 * One immediate of an instruction: what follows the opcode in the binary format (specification 5.4, "Instructions").
 *
 * Indices are u32 in LEB128 (5.5.1, "Indices"); what other immediates look like:
 *
 * - `blockType`: s33: a type index if not negative, else the byte 0x40 (empty), or a value type, which takes more than one byte
 *   when it is 0x63 or 0x64 followed by a heap type (5.4.2, "Control Instructions").
 * - `labelTable`: a vector of label indices, then one more: the default label of `br_table`.
 * - `memarg`: u32 alignment exponent; if its bit 6 (0x40) is set, a memory index; then the offset, up to 64 bits wide (5.4.5,
 *   "Memory Instructions").
 * - `fieldIndex`: u32, a field of the struct type named by the immediate before it.
 * - `u32`: a plain number: how many elements `array.new_fixed` takes.
 * - `s32`, `s64`: a signed integer in LEB128. `f32`, `f64`, `v128`: 4, 8, 16 bytes, little-endian.
 * - `lane`: one byte. `lanes16`: sixteen of them, of `i8x16.shuffle` (5.4.9, "Vector Instructions").
 * - `heapType`: s33: a type index if not negative, else one byte for an abstract heap type (5.3.3, "Heap Types").
 * - `valueTypes`: a vector of value types (5.3.5, "Value Types").
 * - `catchClauses`: a vector of: a byte, then for 0x00 and 0x01 a tag index and a label index, for 0x02 and 0x03 a label index.
 * - `castFlags`: one byte: bit 0 for a nullable source type of `br_on_cast`, bit 1 for a nullable target type.
 * - `zeroByte`: one byte, reserved, 0x00 (threads proposal, `atomic.fence`).
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

/**
 * The addition to WebAssembly that brought an instruction. Multi-value, multi-memory and memory64 brought none: they only widen
 * immediates and operand types. `legacyExceptions`, `threads` and `wideArithmetic` are not in
 * WebAssembly 3.0; all the rest is.
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
 * What executing an instruction can cost. An amount that is only known when it executes is always on top of the operand
 * stack, so a column needs to name its unit only. It is an i32, or an i64 where the memory or table is a 64-bit one; but
 * `memory.init` and `table.init` always take an i32, and the two copies take an i64 only if both sides are 64-bit.
 */
export interface Costs {
  /** Fuel units; 1 is the default. As Wasmtime has it (`default_operator_cost` in its crates/environ/src/tunables.rs). */
  readonly fuel: 0 | 1;
  /** `constant` (the default), or what the running time is proportional to: as many of these as the topmost operand says. */
  readonly time: 'constant' | 'bytes' | 'pages' | 'tableEntries' | 'arrayElements';
  /**
   * What gets larger and stays so after the instruction; `nothing` is the default.
   *
   * - `pages`, `tableEntries`, `arrayElements`: as many as the topmost operand says.
   * - `fixedArray`: an array of as many elements as the `u32` immediate says, each of which was an operand.
   * - `struct`: one struct of the type that the `typeIndex` immediate names.
   * - `exception`: one exception, holding the parameters of the tag that the `tagIndex` immediate names.
   */
  readonly grows: 'nothing' | 'pages' | 'tableEntries' | 'arrayElements' | 'fixedArray' | 'struct' | 'exception';
  /** Whether the instruction can suspend the thread, for a time that the program chooses. `false` is the default. */
  readonly blocks: boolean;
  /**
   * Whether it enters a function: `call` comes back to the next instruction, `tailCall` ends the calling function first.
   * `nothing` is the default.
   */
  readonly calls: 'nothing' | 'call' | 'tailCall';
}

/**
 * How an instruction changes the height of the operand stack, in operands, whatever their types (specification 3.4,
 * "Instructions"): it takes `pops` operands off the top, then puts `pushes` on; what comes on top of these constants, if
 * anything, is what `kind` says.
 *
 * A reader that wants the greatest height of a function keeps the height, and a frame for each open block: its block type and
 * its base, the height below its parameters. The first frame is the function's own: base 0, no parameters (they are locals)
 * and the function's results. Kinds that count from the height before the instruction:
 *
 * - `constant` (the default): nothing on top. A branch that is not taken is of this kind too, since it leaves the label's
 *   operands where they are: `br_if` pops its condition only.
 * - `functionType`: then pops the parameters, and pushes the results, of the function that the `functionIndex` immediate names.
 * - `typeIndex`: the same, of the function type that the `typeIndex` immediate names. The constant is what `call_indirect` (a
 *   table index) and `call_ref` (a reference) take from above the parameters.
 * - `structFields`: then pops one operand for each field of the struct type that the `typeIndex` immediate names.
 * - `count`: then pops as many as the `u32` immediate says.
 * - `block`: opens a frame. The parameters of the block type stay on the stack, but belong to the new frame: its base is the
 *   height, after the constant, less their number. The constant is the condition of `if`.
 *
 * Kinds that set the height from the base of the innermost frame, whatever it was before:
 *
 * - `blockParameters`: to the base and the parameters of the block type (`else`).
 * - `tagParameters`: to the base and the parameters of the tag that the `tagIndex` immediate names (legacy `catch`).
 * - `base`: to the base (legacy `catch_all`).
 * - `blockResults`: to the base and the results of the block type; and closes the frame (`end`, legacy `delegate`).
 * - `unreachable`: to the base. What follows in this frame, up to one of the four kinds before, is never executed. Operands
 *   for a label, a callee, the caller or an exception, which lie below the constant, are left out: nobody needs their number.
 *
 * Where code is never executed, pops may go below the base of the innermost frame, and find operands of any type there; a
 * height under the base is then to be raised to it.
 *
 * The operands that arrive at a label need no care: they are the results of its block, or the parameters of its loop.
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
  /** 0 to 5: of the kinds that set the height, too, although only a validator needs it there. */
  readonly pops: number;
  /** 0 or 1. */
  readonly pushes: number;
}

/**
 * Whether control can leave the straight line of the code at an instruction, or come in from elsewhere.
 *
 * - `none` (the default): neither. It goes on to the next instruction or traps, which ends the whole call.
 * - `trap`: it always traps: `unreachable`.
 * - `branch`: to a label, always: `br`, `br_table`.
 * - `conditional`: to a label, or on to the next instruction: `br_if`, `br_on_null` and the like.
 * - `return`: it ends the function: `return`, and the tail calls, which `costs.calls` tells from it.
 * - `throw`: it throws an exception, to a catch clause around it or out of the function.
 * - `call`: into a function and back to the next instruction; or not back, if the function throws.
 * - `block`: on to the next, which nothing else reaches; opens what an `end` closes, where branches to its label arrive: `block`,
 *   `try`, `try_table`.
 * - `loop`: on to the next, where branches to its label arrive, from within it; opens what an `end` closes.
 * - `if`: on to the next, or to what follows the `else` or, without one, the `end`.
 * - `else`: who arrives from above goes to the `end`; what follows is reached from the `if` only.
 * - `catch`: who arrives from above goes to the `end`; what follows is reached by exceptions out of the `try` only: legacy
 *   `catch` and `catch_all`.
 * - `end`: on to the next instruction, where branches to the label come in too, unless it is a loop's. The last one ends the
 *   function. Legacy `delegate` is the end of its `try`, and passes on exceptions out of it.
 *
 * The next instruction is not reached from above after `trap`, `branch`, `return` and `throw`: those are the instructions whose
 * stack effect is of the kind `unreachable`. Those with `block`, `loop` and `if` are the ones of the kind `block`.
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

/** One instruction of WebAssembly, as the binary format has it. */
export interface Instruction {
  /**
   * The name in the text format, such as `i32.load8_u`. Where one name stands for two opcodes, which the text format tells
   * apart by the operand types that follow, the second has a suffix: `select_t`, `ref.test_null`, `ref.cast_null`.
   */
  readonly name: string;
  /** The opcode byte, or `prefix << 16 | number` where a prefix byte and a u32 make the opcode: 0xfc000a is `memory.copy`. */
  readonly opcode: number;
  /** What follows the opcode, in this order. */
  readonly immediates: readonly Immediate[];
  readonly feature: Feature;
  readonly stack: StackEffect;
  readonly control: Control;
  readonly costs: Costs;
}

/**
 * A line of the table: instructions with consecutive opcodes that are alike in everything but their names.
 *
 * `opcode` is that of the first name; names are separated by single spaces, and written with braces as a shell expands them:
 * `{i32,i64}.load{8,16}_u` is four names, the first of `i32`. The stack effect is `[2, 1]` for two popped, then one
 * pushed, and has a kind as a third item unless that is `constant`. Immediates left out are none; a control and costs left out
 * are the defaults told at {@link Control} and {@link Costs}.
 */
export type Row = readonly [
  feature: Feature,
  opcode: number,
  names: string,
  stack: readonly [pops: number, pushes: number, kind?: StackEffect['kind']],
  immediates?: readonly Immediate[],
  exceptions?: Partial<Costs> & { readonly control?: Control },
];
