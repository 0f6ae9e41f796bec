import { type Immediate, instructionNamed } from '../instructions/index.ts';
import { CodeWriter } from './code-writer.ts';
import { isNumberType } from './module-builder.ts';

/**
 * What the names in the text of a function refer to. Each map gives indices by name, without `$`.
 */
export interface AssemblyScope {
  /** The parameters and locals of the function, in one index space. */
  readonly locals: ReadonlyMap<string, number>;
  readonly globals: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
  /** The memory of all memory instructions of the text that name none. */
  readonly memory: number;
}

/**
 * The text is not in the language of the assembler. The code that has the text is wrong, no input.
 */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}

/**
 * Assembles instructions of the WebAssembly text format into a function body.
 *
 * The language is the part of the text format that emitted functions need: instructions that are
 * not folded; names for locals, globals, functions and labels; `(result T)` on blocks; `offset=N`;
 * and `;;` comments (specification 6.5, "Instructions").
 *
 * @param text the instructions, without the final `end`.
 * @param scope what the names refer to.
 * @returns the encoded instructions, without the final `end`.
 * @throws AssemblyError that names the token that is not in the language.
 */
export function assemble(text: string, scope: AssemblyScope): number[] {
  return new Assembler(text, scope).body().bytes;
}

/** The index space of an index in assembled code; `memarg` is the memory of a `memarg`. */
export type ReferenceSpace = 'global' | 'function' | 'memory' | 'memarg' | 'table';

/** An index in assembled code: the bytes from `start` up to `end`. */
export interface AssembledIndex {
  readonly space: ReferenceSpace;
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** Assembled code, and where the indices in it are. */
export interface Assembled {
  readonly bytes: number[];
  /** In the order in which they stand. Those of locals, labels and segments are left out. */
  readonly indices: readonly AssembledIndex[];
}

/**
 * Assembles as {@link assemble} does, and says where the code has indices.
 *
 * @param text the instructions, without the final `end`.
 * @param scope what the names refer to.
 * @returns the code and its indices.
 * @throws AssemblyError that names the token that is not in the language.
 */
export function assembleWithIndices(text: string, scope: AssemblyScope): Assembled {
  return new Assembler(text, scope).body();
}

class Assembler {
  readonly #tokens: readonly string[];
  readonly #scope: AssemblyScope;
  readonly #code = new CodeWriter();
  /** The labels of the open blocks, innermost last. A block without a label has an empty one. */
  readonly #labels: string[] = [];
  readonly #indices: AssembledIndex[] = [];
  #position = 0;

  constructor(text: string, scope: AssemblyScope) {
    // Without comments. `(result i32)` is four tokens.
    this.#tokens = text.replace(/;;.*/g, '').match(/[()]|[^\s()]+/g) ?? [];
    this.#scope = scope;
  }

  body(): Assembled {
    while (this.#position < this.#tokens.length) this.#instruction();
    if (this.#labels.length > 0) throw new AssemblyError(`${this.#labels.length} blocks are not closed by an end`);
    return { bytes: this.#code.bytes, indices: this.#indices };
  }

  #instruction(): void {
    const name = this.#next();
    const instruction = instructionNamed(name);
    if (instruction === undefined) throw new AssemblyError(`unknown instruction ${name}`);
    this.#code.opcode(instruction.opcode);
    for (const immediate of instruction.immediates) this.#immediate(name, immediate);
    if (name === 'end' && this.#labels.pop() === undefined) throw new AssemblyError('an end closes no block');
  }

  /** How the immediates that emitted functions use are encoded. */
  static readonly #encoders: { readonly [K in Immediate]?: (assembler: Assembler) => void } = {
    blockType: (assembler) => assembler.#blockType(),
    labelIndex: (assembler) => assembler.#code.u32(assembler.#labelDepth(assembler.#next())),
    localIndex: (assembler) => assembler.#code.u32(assembler.#named('local', assembler.#scope.locals)),
    globalIndex: (assembler) => assembler.#refer('global', assembler.#named('global', assembler.#scope.globals)),
    functionIndex: (assembler) =>
      assembler.#refer('function', assembler.#named('function', assembler.#scope.functions)),
    memoryIndex: (assembler) => assembler.#refer('memory', assembler.#number(assembler.#scope.memory)),
    tableIndex: (assembler) => assembler.#refer('table', assembler.#number(0)),
    dataIndex: (assembler) => assembler.#code.u32(assembler.#number(0)),
    elementIndex: (assembler) => assembler.#code.u32(assembler.#number(0)),
    memarg: (assembler) => assembler.#memarg(),
    s32: (assembler) => assembler.#code.s32(Number(BigInt.asIntN(32, assembler.#integer(32n)))),
    s64: (assembler) => assembler.#code.s64(BigInt.asIntN(64, assembler.#integer(64n))),
  };

  #immediate(instruction: string, immediate: Immediate): void {
    const encode = Assembler.#encoders[immediate];
    if (encode === undefined) throw new AssemblyError(`${instruction}: no encoding for the immediate ${immediate}`);
    encode(this);
  }

  /** An index that is written as a number. @param absent the index if the text has no number. */
  #number(absent: number): number {
    return /^\d/.test(this.#peek() ?? '') ? Number(this.#next()) : absent;
  }

  #refer(space: ReferenceSpace, index: number): void {
    const start = this.#code.length;
    if (space === 'memarg') this.#code.memargMemory(index);
    else this.#code.u32(index);
    this.#indices.push({ space, index, start, end: this.#code.length });
  }

  #named(space: string, indices: ReadonlyMap<string, number>): number {
    const name = this.#next();
    const index = name.startsWith('$') ? indices.get(name.slice(1)) : undefined;
    if (index === undefined) throw new AssemblyError(`unknown ${space} ${name}`);
    return index;
  }

  /** An optional label and an optional result. */
  #blockType(): void {
    this.#labels.push(this.#peek()?.startsWith('$') ? this.#next() : '');
    if (this.#peek() !== '(') {
      this.#code.blockType();
      return;
    }
    const [open, keyword, type, close] = [this.#next(), this.#next(), this.#next(), this.#next()];
    if (`${open}${keyword}${close}` !== '(result)' || !isNumberType(type))
      throw new AssemblyError(`unknown block type ${type}`);
    this.#code.blockType(type);
  }

  #labelDepth(label: string): number {
    const index = this.#labels.lastIndexOf(label);
    if (index < 0) throw new AssemblyError(`unknown label ${label}`);
    return this.#labels.length - 1 - index;
  }

  #memarg(): void {
    const offset = this.#peek()?.startsWith('offset=') ? Number(integer(this.#next(), 0n, 2n ** 32n, 'offset=')) : 0;
    this.#refer('memarg', this.#scope.memory);
    this.#code.u32(offset);
  }

  /** The constant of an integer type, which may be written signed or unsigned. */
  #integer(width: bigint): bigint {
    return integer(this.#next(), -(2n ** (width - 1n)), 2n ** width);
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

/**
 * The integer after the prefix of a token, from `minimum` to below `end` (specification 6.3,
 * "Integers").
 */
function integer(token: string, minimum: bigint, end: bigint, prefix = ''): bigint {
  const digits = token.slice(prefix.length);
  if (!/^-?(\d+|0x[\da-f]+)$/i.test(digits)) throw new AssemblyError(`not an integer: ${token}`);
  const value = digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits);
  if (value < minimum || value >= end) throw new AssemblyError(`out of range: ${token}`);
  return value;
}
