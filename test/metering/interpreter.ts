import {
  type Exceptions,
  type FunctionType,
  hostFunctions,
  type Label,
  type Node,
  type Program,
  typeOf,
  type Value,
} from './program.ts';
import { type Machine, type Operand, simpleInstruction, Trap } from './simple-instructions.ts';

/*
 * Executes programs and counts their fuel, one instruction at a time: each function entry costs 1,
 * and so does each instruction, except nop, drop, block, loop, unreachable, return, else and end
 * (abi/KERNEL.md, "Fuel").
 */

/** What a run came to. */
export interface Outcome {
  readonly end:
    | { readonly kind: 'returned'; readonly results: readonly Value[] }
    | { readonly kind: 'trapped' }
    /** An exception that the program did not catch. */
    | { readonly kind: 'thrown' };
  readonly fuel: number;
  /**
   * Calls of host functions, with the fuel that was used when they were made, the call
   * instruction's own included.
   */
  readonly calls: readonly { readonly text: string; readonly fuel: number }[];
  readonly globals: readonly Value[];
  readonly memory: Uint8Array;
  readonly table: readonly (number | undefined)[];
}

/** The program goes on for longer than anyone wants to wait. */
export class TooLong extends Error {}

/** An exception of the program. */
class Thrown extends Error {
  readonly tag: number;
  readonly payload: readonly Operand[];

  constructor(tag: number, payload: readonly Operand[]) {
    super();
    this.tag = tag;
    this.payload = payload;
  }
}

/**
 * Control on its way to a label, with the values that it carries; to the function's own for a
 * return.
 */
interface Jump {
  readonly to: Label;
  readonly values: readonly Operand[];
}

const PAGE = 65_536;
const CALL_DEPTH_MAX = 60;

/** Executes a program, by calls of its functions one after the other. */
export class Interpreter {
  readonly #program: Program;
  readonly #exceptions: Exceptions;
  readonly #machine: Machine;
  readonly #limit: number;
  #fuel = 0;
  #calls: { text: string; fuel: number }[] = [];
  #depth = 0;
  #starting = false;

  /** @param limit fuel after which a run is given up as `TooLong`. */
  constructor(program: Program, exceptions: Exceptions, limit: number) {
    this.#program = program;
    this.#exceptions = exceptions;
    this.#limit = limit;
    this.#machine = {
      globals: program.globals.map(({ initial }) => initial),
      memory: new Uint8Array(PAGE),
      memoryMaximum: program.memoryMaximum,
      table: [...program.table],
      tableMaximum: program.tableMaximum,
    };
  }

  /**
   * Calls a function by its index; fuel and host calls are those of this run alone, the rest is
   * what all runs left.
   */
  run(index: number, args: readonly Value[]): Outcome {
    this.#fuel = 0;
    this.#calls = [];
    this.#depth = 0;
    return { end: this.#end(index, args), fuel: this.#fuel, calls: this.#calls, ...this.#state() };
  }

  /** Calls the start function: there are no exports yet for the host to call. */
  start(index: number): Outcome {
    this.#starting = true;
    const outcome = this.run(index, []);
    this.#starting = false;
    return outcome;
  }

  #end(index: number, args: readonly Value[]): Outcome['end'] {
    try {
      // Functions of programs take and give numbers.
      return { kind: 'returned', results: this.#call(index, args) as readonly Value[] };
    } catch (thrown) {
      if (thrown instanceof Trap) return { kind: 'trapped' };
      if (thrown instanceof Thrown) return { kind: 'thrown' };
      throw thrown;
    }
  }

  #state(): Pick<Outcome, 'globals' | 'memory' | 'table'> {
    const { globals, memory, table } = this.#machine;
    return { globals: [...globals], memory: memory.slice(), table: [...table] };
  }

  #charge(fuel: number): void {
    this.#fuel += fuel;
    if (this.#fuel > this.#limit) throw new TooLong();
  }

  #call(index: number, args: readonly Operand[]): readonly Operand[] {
    const host = hostFunctions[index];
    if (host !== undefined) return this.#callHost(host.name, args[0]);
    const callee = this.#program.functions[index - hostFunctions.length];
    if (callee === undefined) throw new RangeError(`no function ${index}`);
    if (++this.#depth > CALL_DEPTH_MAX) throw new TooLong();
    this.#charge(1);
    // Parameters are numbers.
    const locals = [...(args as Value[]), ...callee.locals.map((type) => (type === 'i32' ? 0 : 0n))];
    try {
      const stack: Operand[] = [];
      const jump = this.#sequence(callee.body, locals, stack);
      return jump === undefined ? stack : jump.values;
    } finally {
      this.#depth--;
    }
  }

  #callHost(name: (typeof hostFunctions)[number]['name'], argument: Operand | undefined): readonly Operand[] {
    this.#calls.push({ text: `${name} ${argument}`, fuel: this.#fuel });
    if (name === 'note') return [];
    if (name === 'twice') return [BigInt.asIntN(64, (argument as bigint) * 2n)]; // by its type
    if (this.#starting || (argument as number) <= 0) return [7]; // by its type
    const { params } = typeOf(this.#program, hostFunctions.length);
    const args = params.map((type, at) => (at === 0 ? (argument as number) - 1 : type === 'i32' ? 5 : 6n));
    try {
      const [result = 8] = this.#call(hostFunctions.length, args);
      return [Number(BigInt.asIntN(32, BigInt(result as Value)))]; // functions give numbers
    } catch (thrown) {
      if (thrown instanceof Thrown) return [9];
      throw thrown;
    }
  }

  /** Executes nodes in order; their results are put on the stack. */
  #sequence(nodes: readonly Node[], locals: Value[], stack: Operand[]): Jump | undefined {
    for (const node of nodes) {
      const jump = this.#node(node, locals, stack);
      if (jump !== undefined) return jump;
    }
    return undefined;
  }

  #node(node: Node, locals: Value[], stack: Operand[]): Jump | undefined {
    switch (node.kind) {
      case 'simple':
        return this.#simple(node, locals, stack);
      case 'block':
        return this.#block(node.label, node.body, locals, stack);
      case 'loop':
        return this.#loop(node, locals, stack);
      case 'if':
        return this.#if(node, locals, stack);
      case 'br':
      case 'br_if':
      case 'br_table':
        return this.#branch(node, locals, stack);
      case 'return': {
        const values: Operand[] = [];
        return this.#sequence(node.values, locals, values) ?? { to: returning, values };
      }
      case 'unreachable':
        throw new Trap('unreachable');
      case 'call':
        return this.#callNode(node.operands, () => node.index, locals, stack);
      case 'call_indirect':
        return this.#callNode([...node.operands, node.index], (at) => this.#callee(at, node.type), locals, stack);
      case 'throw': {
        const payload: Operand[] = [];
        const jump = this.#sequence(node.operands, locals, payload);
        if (jump !== undefined) return jump;
        this.#charge(1);
        throw new Thrown(node.tag, payload);
      }
      case 'try':
        return this.#try(node, locals, stack);
    }
  }

  #simple(node: Extract<Node, { kind: 'simple' }>, locals: Value[], stack: Operand[]): Jump | undefined {
    const operands: Operand[] = [];
    const jump = this.#sequence(node.operands, locals, operands);
    if (jump !== undefined) return jump;
    const { fuel, execute } = simpleInstruction(node.name);
    this.#charge(fuel);
    // What a branch that is not taken leaves behind is dropped without being an operand in the
    // tree.
    if (node.name === 'drop' && node.operands.length === 0) stack.pop();
    const result = execute(this.#machine, locals, node.immediates, operands);
    if (result !== undefined) stack.push(result);
    return undefined;
  }

  #block(label: Label, body: readonly Node[], locals: Value[], stack: Operand[]): Jump | undefined {
    const inner: Operand[] = [];
    const jump = this.#sequence(body, locals, inner);
    if (jump !== undefined && jump.to !== label) return jump;
    stack.push(...(jump?.values ?? inner));
    return undefined;
  }

  #loop({ label, body }: Extract<Node, { kind: 'loop' }>, locals: Value[], stack: Operand[]): Jump | undefined {
    for (;;) {
      const inner: Operand[] = [];
      const jump = this.#sequence(body, locals, inner);
      if (jump === undefined) stack.push(...inner);
      if (jump?.to !== label) return jump;
    }
  }

  #if(node: Extract<Node, { kind: 'if' }>, locals: Value[], stack: Operand[]): Jump | undefined {
    const operands: Operand[] = [];
    const jump = this.#sequence([node.condition], locals, operands);
    if (jump !== undefined) return jump;
    this.#charge(1);
    return this.#block(node.label, operands[0] !== 0 ? node.consequent : (node.otherwise ?? []), locals, stack);
  }

  #branch(
    node: Extract<Node, { kind: 'br' | 'br_if' | 'br_table' }>,
    locals: Value[],
    stack: Operand[],
  ): Jump | undefined {
    const values: Operand[] = [];
    const selector = node.kind === 'br' ? [] : [node.kind === 'br_if' ? node.condition : node.index];
    const jump = this.#sequence([...node.values, ...selector], locals, values);
    if (jump !== undefined) return jump;
    this.#charge(1);
    if (node.kind === 'br') return { to: node.label, values };
    const selected = Number(values.pop()) >>> 0;
    if (node.kind === 'br_table') {
      const to = node.labels[Math.min(selected, node.labels.length - 1)];
      if (to === undefined) throw new RangeError('a br_table without labels');
      return { to, values };
    }
    if (selected !== 0) return { to: node.label, values };
    stack.push(...values);
    return undefined;
  }

  #callNode(
    operandNodes: readonly Node[],
    callee: (index: number) => number,
    locals: Value[],
    stack: Operand[],
  ): Jump | undefined {
    const operands: Operand[] = [];
    const jump = this.#sequence(operandNodes, locals, operands);
    if (jump !== undefined) return jump;
    this.#charge(1);
    const index = callee(Number(operands[operands.length - 1]) >>> 0);
    stack.push(...this.#call(index, operands.slice(0, typeOf(this.#program, index).params.length)));
    return undefined;
  }

  /** The function that a table entry holds, of the type that is asked for. */
  #callee(at: number, type: FunctionType): number {
    const index = this.#machine.table[at];
    if (index === undefined) throw new Trap('a null entry, or none');
    if (JSON.stringify(typeOf(this.#program, index)) !== JSON.stringify(type)) throw new Trap('another type');
    return index;
  }

  /**
   * Beside what `try` and `try_table` cost, the one needs a `catch` to come to its handler, the
   * other a branch to leave it out.
   */
  #try(node: Extract<Node, { kind: 'try' }>, locals: Value[], stack: Operand[]): Jump | undefined {
    this.#charge(1);
    const depth = this.#depth;
    const inner: Operand[] = [];
    try {
      const jump = this.#sequence(node.body, locals, inner);
      if (jump !== undefined && jump.to !== node.label) return jump;
      if (jump === undefined && this.#exceptions === 'try_table') this.#charge(1);
      stack.push(...(jump?.values ?? inner));
      return undefined;
    } catch (thrown) {
      if (!(thrown instanceof Thrown) || (node.catches !== 'all' && thrown.tag !== node.catches.tag)) throw thrown;
      this.#depth = depth;
      if (this.#exceptions === 'legacy') this.#charge(1);
      if (node.catches !== 'all') {
        this.#charge(1);
        locals[node.catches.payloadLocal] = thrown.payload[0] as Value; // the tags' parameters are numbers
      }
      return this.#block(node.label, node.handler, locals, stack);
    }
  }
}

/** Stands for the function's own label where a function is left by `return`. */
const returning: Label = { results: [] };
