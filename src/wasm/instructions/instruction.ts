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
 * immediates and operand types. `legacyExceptions` and `threads` are not in WebAssembly 3.0; all the rest is.
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
  | 'threads';

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
  readonly costs: Costs;
}

/**
 * A line of the table: instructions with consecutive opcodes that are alike in everything but their names.
 *
 * `opcode` is that of the first name; names are separated by single spaces. Immediates left out are none, and costs left out
 * are the defaults told at {@link Costs}.
 */
export type Row = readonly [
  feature: Feature,
  opcode: number,
  names: string,
  immediates?: readonly Immediate[],
  costs?: Partial<Costs>,
];
