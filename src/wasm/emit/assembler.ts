import { writeSigned, writeUnsigned } from '../encoding/leb128.ts';
import { MEMARG_HAS_MEMORY_INDEX } from '../grammar/code-reader.ts';
import { type Immediate, type Instruction, instructionNamed } from '../instructions/index.ts';
import { isNumberType, valueTypeByte } from './module-builder.ts';

/**
 * What the names in a function's text stand for. Each map gives indices by name, without the `$`.
 */
export interface AssemblyScope {
  /** Parameters and locals of the function, in one index space. */
  readonly locals: ReadonlyMap<string, number>;
  readonly globals: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
  /** The memory that all memory instructions of the text are meant for. */
  readonly memory: number;
}

/** A text that is not in the assembler's language: a defect of the code that holds the text, never of anyone's input. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}

const EMPTY_BLOCK_TYPE = 0x40;

/**
 * Assembles the plain (not folded) instructions of the WebAssembly text format into a function body, without the final `end`.
 *
 * The language is the part of the text format that emitted functions need: instructions with names for locals, globals, functions and
 * labels, `(result T)` on blocks, `offset=N`, and `;;` comments (specification 6.5, "Instructions").
 *
 * @throws AssemblyError naming the token that cannot be understood.
 */
export function assemble(text: string, scope: AssemblyScope): number[] {
  return new Assembler(text, scope).body();
}

class Assembler {
  readonly #tokens: readonly string[];
  readonly #scope: AssemblyScope;
  readonly #out: number[] = [];
  /** The labels of the open blocks, innermost last; an unnamed block has an empty name. */
  readonly #labels: string[] = [];
  #position = 0;

  constructor(text: string, scope: AssemblyScope) {
    // `(result i32)` becomes three tokens; comments go.
    this.#tokens = text.replace(/;;.*/g, '').match(/[()]|[^\s()]+/g) ?? [];
    this.#scope = scope;
  }

  body(): number[] {
    while (this.#position < this.#tokens.length) this.#instruction();
    if (this.#labels.length > 0) throw new AssemblyError(`${this.#labels.length} blocks are not closed by an end`);
    return this.#out;
  }

  #instruction(): void {
    const name = this.#next();
    const instruction = instructionNamed(name);
    if (instruction === undefined) throw new AssemblyError(`unknown instruction ${name}`);
    this.#opcode(instruction);
    for (const immediate of instruction.immediates) this.#immediate(name, immediate);
    if (name === 'end' && this.#labels.pop() === undefined) throw new AssemblyError('an end closes no block');
  }

  #opcode({ opcode }: Instruction): void {
    if (opcode < 0x100) this.#out.push(opcode);
    else {
      this.#out.push(opcode >>> 16);
      writeUnsigned(this.#out, opcode & 0xffff);
    }
  }

  /** The encodings of immediates that emitted functions use, by the instruction table's names for them. */
  static readonly #encoders: { readonly [K in Immediate]?: (code: Assembler) => void } = {
    blockType: (code) => code.#blockType(),
    labelIndex: (code) => code.#index(code.#labelDepth(code.#next())),
    localIndex: (code) => code.#named('local', code.#scope.locals),
    globalIndex: (code) => code.#named('global', code.#scope.globals),
    functionIndex: (code) => code.#named('function', code.#scope.functions),
    memoryIndex: (code) => code.#index(code.#number() ?? code.#scope.memory),
    tableIndex: (code) => code.#index(code.#number() ?? 0),
    dataIndex: (code) => code.#index(code.#number() ?? 0),
    elementIndex: (code) => code.#index(code.#number() ?? 0),
    memarg: (code) => code.#memarg(),
    s32: (code) => writeSigned(code.#out, BigInt.asIntN(32, integer(code.#next(), -(2n ** 31n), 2n ** 32n))),
    s64: (code) => writeSigned(code.#out, BigInt.asIntN(64, integer(code.#next(), -(2n ** 63n), 2n ** 64n))),
  };

  #immediate(instruction: string, immediate: Immediate): void {
    const encode = Assembler.#encoders[immediate];
    if (encode === undefined) throw new AssemblyError(`${instruction}: no encoding for the immediate ${immediate}`);
    encode(this);
  }

  /** An index written as a number; `undefined` when the next token is none. */
  #number(): number | undefined {
    return /^\d/.test(this.#peek() ?? '') ? Number(this.#next()) : undefined;
  }

  #index(index: number): void {
    writeUnsigned(this.#out, index);
  }

  #named(space: string, indices: ReadonlyMap<string, number>): void {
    const name = this.#next();
    const index = name.startsWith('$') ? indices.get(name.slice(1)) : undefined;
    if (index === undefined) throw new AssemblyError(`unknown ${space} ${name}`);
    this.#index(index);
  }

  /** An optional label and an optional single result. */
  #blockType(): void {
    this.#labels.push(this.#peek()?.startsWith('$') ? this.#next() : '');
    if (this.#peek() !== '(') {
      this.#out.push(EMPTY_BLOCK_TYPE);
      return;
    }
    const [open, keyword, type, close] = [this.#next(), this.#next(), this.#next(), this.#next()];
    if (`${open}${keyword}${close}` !== '(result)' || !isNumberType(type))
      throw new AssemblyError(`unknown block type ${type}`);
    this.#out.push(valueTypeByte(type));
  }

  #labelDepth(label: string): number {
    const index = this.#labels.lastIndexOf(label);
    if (index < 0) throw new AssemblyError(`unknown label ${label}`);
    return this.#labels.length - 1 - index;
  }

  /** Alignment is only a hint, so all accesses are declared as aligned to one byte. */
  #memarg(): void {
    const offset = this.#peek()?.startsWith('offset=') ? Number(integer(this.#next(), 0n, 2n ** 32n, 'offset=')) : 0;
    this.#index(this.#scope.memory === 0 ? 0 : MEMARG_HAS_MEMORY_INDEX);
    if (this.#scope.memory !== 0) this.#index(this.#scope.memory);
    this.#index(offset);
  }

  #peek(): string | undefined {
    return this.#tokens[this.#position];
  }

  #next(): string {
    const token = this.#tokens[this.#position++];
    if (token === undefined) throw new AssemblyError('the text ends in the middle of an instruction');
    return token;
  }
}

/** The integer that a token writes after a prefix, from `minimum` to below `end`; constants may be written signed or unsigned (specification 6.3, "Integers"). */
function integer(token: string, minimum: bigint, end: bigint, prefix = ''): bigint {
  const digits = token.slice(prefix.length);
  if (!/^-?(\d+|0x[\da-f]+)$/i.test(digits)) throw new AssemblyError(`no integer: ${token}`);
  const value = digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits);
  if (value < minimum || value >= end) throw new AssemblyError(`out of range: ${token}`);
  return value;
}
