import {
  type FunctionType,
  hostFunctions,
  type Label,
  type Node,
  type NumberType,
  type Program,
  type ProgramFunction,
  tags,
  type Value,
} from './program.ts';
import { numericNames, simpleInstruction } from './simple-instructions.ts';

/*
 * Makes a valid program out of any bytes: each byte decides one thing, and after the last one
 * everything is decided as simply as possible. So a shorter tape, or one with smaller bytes, is a
 * simpler program, and a failure shrinks to one.
 *
 * Every loop counts a local of its own, and every function the depth that is left in its first
 * parameter. Programs may still go on for very long, when many loops are nested: interpreters need
 * a limit.
 */

/** Makes a program out of a tape of bytes. */
export function generateProgram(tape: Uint8Array, withExceptions: boolean): Program {
  const choices = new Choices(tape);
  const open = choices.below(2) === 0;
  const functionCount = 1 + choices.below(open ? 4 : 7);
  const types: FunctionType[] = Array.from({ length: functionCount }, () => ({
    params: ['i32', ...choices.list(2, () => choices.numberType())],
    results: choices.list(2, () => choices.numberType()),
  }));
  const globals = choices.list(3, () => {
    const type = choices.numberType();
    return { type, initial: choices.constant(type) };
  });
  const all = [...hostFunctions.map(({ type }) => type), ...types];
  const table = choices.list(4, () => (choices.below(4) === 0 ? undefined : choices.below(all.length)));
  const scope: Scope = { functions: all, globals: globals.map(({ type }) => type), withExceptions, open };
  const functions: ProgramFunction[] = types.map((type) => new FunctionGenerator(choices, scope, type).function());
  const program = { open, globals, table, tableMaximum: 6, memoryMaximum: 2 };
  if (choices.below(4) !== 1) return { ...program, functions, start: undefined };
  const startType: FunctionType = { params: [], results: [] };
  functions.push(new FunctionGenerator(choices, scope, startType).function());
  return { ...program, functions, start: all.length };
}

/** Reads decisions off a tape. */
class Choices {
  readonly #tape: Uint8Array;
  #at = 0;

  constructor(tape: Uint8Array) {
    this.#tape = tape;
  }

  get left(): number {
    return this.#tape.length - this.#at;
  }

  below(count: number): number {
    return (this.#tape[this.#at++] ?? 0) % count;
  }

  of<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to choose from');
    return item;
  }

  list<T>(longest: number, item: () => T): T[] {
    return Array.from({ length: this.below(longest + 1) }, item);
  }

  numberType(): NumberType {
    return this.of<NumberType>(['i32', 'i64']);
  }

  constant(type: NumberType): Value {
    const value = this.of([0, 1, 2, 3, 7, -1, 65_535, 65_536, 2 ** 31 - 1, -(2 ** 31), 100, 1000]);
    return type === 'i32' ? value : BigInt(value);
  }
}

/** What a function may refer to. */
interface Scope {
  readonly functions: readonly FunctionType[];
  readonly globals: readonly NumberType[];
  readonly withExceptions: boolean;
  readonly open: boolean;
}

const simple = (name: string, immediates: readonly Value[] = [], operands: readonly Node[] = []): Node => ({
  kind: 'simple',
  name,
  immediates,
  operands,
});
const i32 = (value: number): Node => simple('i32.const', [value]);
const get = (local: number): Node => simple('local.get', [local]);

/** Nodes without results, by weight: more of those that matter most here. */
type Statement = keyof FunctionGenerator['statements'];

class FunctionGenerator {
  readonly #choices: Choices;
  readonly #scope: Scope;
  readonly #type: FunctionType;
  readonly #locals: NumberType[] = [];
  /**
   * The labels around what is generated now; branches to a loop's head go on only while its counter
   * allows it.
   */
  readonly #labels: { readonly label: Label; readonly counter: number | undefined }[] = [];
  #depth = 0;

  constructor(choices: Choices, scope: Scope, type: FunctionType) {
    this.#choices = choices;
    this.#scope = scope;
    this.#type = type;
  }

  function(): ProgramFunction {
    const label: Label = { results: this.#type.results };
    this.#labels.push({ label, counter: undefined });
    const guard: Node[] =
      this.#type.params.length === 0
        ? []
        : [
            {
              kind: 'if',
              label: { results: [] },
              condition: simple('i32.lt_s', [], [get(0), i32(1)]),
              consequent: [{ kind: 'return', values: this.#zeros(this.#type.results) }],
              otherwise: undefined,
            },
          ];
    const body = [...guard, ...this.#sequence(this.#type.results)];
    return { type: this.#type, locals: this.#locals, label, body };
  }

  /** Statements, then what the results need. */
  #sequence(results: readonly NumberType[]): Node[] {
    this.#depth++;
    const nodes: Node[] = [];
    if (this.#depth < 6 && this.#choices.left > 0) {
      for (let count = this.#choices.below(5); count > 0; count--) nodes.push(this.#statement());
    }
    nodes.push(...results.map((type) => this.#expression(type)));
    this.#depth--;
    return nodes;
  }

  /** Whether to come to an end: the tape is over, or it is deep enough. */
  get #simplest(): boolean {
    return this.#choices.left <= 0 || this.#depth > 7;
  }

  readonly statements = {
    nop: () => simple('nop'),
    drop: () => simple('drop', [], [this.#expression(this.#choices.numberType())]),
    localSet: () => {
      const type = this.#choices.numberType();
      return simple('local.set', [this.#local(type)], [this.#expression(type)]);
    },
    globalSet: () => {
      const global = this.#choices.below(Math.max(1, this.#scope.globals.length));
      const type = this.#scope.globals[global];
      return type === undefined ? simple('nop') : simple('global.set', [global], [this.#expression(type)]);
    },
    store: () => simple('i32.store8', [this.#choices.below(9)], [this.#address(), this.#expression('i32')]),
    store64: () => simple('i64.store', [this.#choices.below(9)], [this.#address(), this.#expression('i64')]),
    memory: () =>
      simple(this.#choices.of(['memory.fill', 'memory.copy']), [], this.#range(i32(0), this.#expression('i32'))),
    table: () => this.#tableStatement(),
    note: () => ({ kind: 'call', index: 0, operands: [this.#expression('i32')] }) satisfies Node,
    block: () => this.#block([]),
    loop: () => this.#loop(),
    if: () => this.#if([]),
    branchIf: () => this.#branch('br_if'),
    branch: () => this.#guarded(() => this.#branch('br')),
    branchTable: () => this.#guarded(() => this.#branch('br_table')),
    return: () => this.#guarded(() => ({ kind: 'return', values: this.#expressions(this.#type.results) })),
    unreachable: () => this.#guarded(() => this.#guarded(() => ({ kind: 'unreachable' }))),
    bare: () => this.#bare(),
    throw: () => (this.#scope.withExceptions ? this.#guarded(() => this.#throw()) : simple('nop')),
    try: () => (this.#scope.withExceptions ? this.#try([]) : simple('nop')),
    callDropped: () => this.#callDropped(),
  } satisfies Record<string, () => Node>;

  #statement(): Node {
    if (this.#simplest) return simple('nop');
    const names = Object.keys(this.statements) as Statement[]; // its own keys
    return this.statements[this.#choices.of(names)]();
  }

  #expression(type: NumberType): Node {
    if (this.#simplest) return simple(`${type}.const`, [this.#choices.constant(type)]);
    this.#depth++;
    const node = this.#choices.of(this.#expressionMakers)(type);
    this.#depth--;
    return node;
  }

  readonly #expressionMakers: readonly ((type: NumberType) => Node)[] = [
    (type) => simple(`${type}.const`, [this.#choices.constant(type)]),
    (type) => get(this.#local(type)),
    (type) => this.#numeric(type),
    (type) => this.#numeric(type),
    (type) => this.#global(type),
    (type) => simple(`${type}.load`, [this.#choices.below(9)], [this.#address()]),
    (type) => this.#block([type]),
    (type) => this.#if([type]),
    (type) => this.#call(type),
    (type) => this.#call(type),
    (type) => this.#callIndirect(type),
    (type) => simple('local.tee', [this.#local(type)], [this.#expression(type)]),
    (type) => simple('select', [], [this.#expression(type), this.#expression(type), this.#expression('i32')]),
    (type) => this.#branchWithValue(type),
    (type) => (type === 'i32' ? this.#sizes() : { kind: 'call', index: 1, operands: [this.#expression('i64')] }),
    (type) => (this.#scope.withExceptions ? this.#try([type]) : this.#block([type])),
    (type) => (type === 'i32' ? { kind: 'call', index: 2, operands: [this.#lessDepth()] } : this.#numeric(type)),
  ];

  #expressions(types: readonly NumberType[]): Node[] {
    return types.map((type) => this.#expression(type));
  }

  #zeros(types: readonly NumberType[]): Node[] {
    return types.map((type) => simple(`${type}.const`, [type === 'i32' ? 0 : 0n]));
  }

  #numeric(type: NumberType): Node {
    const names = numericNames.filter((name) => simpleInstruction(name).result === type);
    const name = this.#choices.of(names);
    return simple(name, [], this.#expressions(simpleInstruction(name).params));
  }

  #global(type: NumberType): Node {
    const known = this.#scope.globals.flatMap((each, index) => (each === type ? [index] : []));
    return known.length === 0 ? get(this.#local(type)) : simple('global.get', [this.#choices.of(known)]);
  }

  #sizes(): Node {
    return this.#choices.of<() => Node>([
      () => simple('memory.size'),
      () => simple('table.size'),
      () =>
        simple(
          'memory.grow',
          [],
          [this.#choices.below(3) === 0 ? this.#expression('i32') : i32(this.#choices.below(2))],
        ),
      () => simple('table.grow', [], [this.#reference(), i32(this.#choices.below(3))]),
      () => simple('ref.is_null', [], [this.#reference()]),
    ])();
  }

  /** A local that may be used freely: neither the depth nor a loop's counter. */
  #local(type: NumberType): number {
    const free = this.#freeLocals.filter((local) => this.#typeOfLocal(local) === type);
    if (free.length > 0 && this.#choices.below(4) > 0) return this.#choices.of(free);
    const added = this.#addLocal(type);
    this.#freeLocals.push(added);
    return added;
  }

  readonly #freeLocals: number[] = [];

  #typeOfLocal(local: number): NumberType | undefined {
    return [...this.#type.params, ...this.#locals][local];
  }

  #addLocal(type: NumberType): number {
    return this.#type.params.length + this.#locals.push(type) - 1;
  }

  /** Mostly within the memory. */
  #address(): Node {
    return this.#choices.below(8) === 7
      ? this.#expression('i32')
      : simple('i32.and', [], [this.#expression('i32'), i32(0xfff)]);
  }

  #range(to: Node, middle: Node): Node[] {
    return [to, middle, this.#choices.below(6) === 5 ? this.#expression('i32') : i32(this.#choices.below(200))];
  }

  #reference(): Node {
    return this.#choices.of<() => Node>([
      () => simple('ref.null'),
      () =>
        simple('ref.func', [
          this.#choices.below(this.#scope.open ? this.#scope.functions.length : hostFunctions.length),
        ]),
      () => simple('table.get', [], [i32(this.#choices.below(5))]),
    ])();
  }

  #tableStatement(): Node {
    const length = (): Node => i32(this.#choices.below(3));
    return this.#choices.of<() => Node>([
      () => simple('table.set', [], [i32(this.#choices.below(5)), this.#reference()]),
      () => simple('table.fill', [], [i32(0), this.#reference(), length()]),
      () => simple('table.copy', [], [i32(this.#choices.below(2)), i32(0), length()]),
    ])();
  }

  #block(results: readonly NumberType[]): Node {
    const label: Label = { results };
    return { kind: 'block', label, body: this.#within(label, undefined, results) };
  }

  #within(label: Label, counter: number | undefined, results: readonly NumberType[]): Node[] {
    this.#labels.push({ label, counter });
    const body = this.#sequence(results);
    this.#labels.pop();
    return body;
  }

  /**
   * `counter = 0; loop counter += 1; BODY; br_if counter < N end`, with more branches to the head
   * in the body.
   */
  #loop(): Node {
    const counter = this.#addLocal('i32');
    const label: Label = { results: [] };
    const count = simple('local.set', [counter], [simple('i32.add', [], [get(counter), i32(1)])]);
    const body = this.#within(label, counter, []);
    const again: Node[] = this.#choices.below(4) === 3 ? [] : [this.#goOn(label, counter)];
    const loop: Node = { kind: 'loop', label, results: [], body: [count, ...body, ...again] };
    const outer: Label = { results: [] };
    return { kind: 'block', label: outer, body: [simple('local.set', [counter], [i32(0)]), loop] };
  }

  #goOn(label: Label, counter: number): Node {
    return { kind: 'br_if', label, values: [], condition: this.#countsOn(counter) };
  }

  #countsOn(counter: number): Node {
    return simple('i32.lt_s', [], [get(counter), i32(1 + this.#choices.below(4))]);
  }

  #if(results: readonly NumberType[]): Node {
    const label: Label = { results };
    const condition = this.#expression('i32');
    const consequent = this.#within(label, undefined, results);
    const otherwise =
      results.length > 0 || this.#choices.below(2) === 1 ? this.#within(label, undefined, results) : undefined;
    return { kind: 'if', label, condition, consequent, otherwise };
  }

  /** A label to branch to; a loop's with its counter. */
  #target() {
    return this.#choices.of(this.#labels);
  }

  #branch(kind: 'br' | 'br_if' | 'br_table'): Node {
    const { label, counter } = this.#target();
    const values = this.#expressions(counter === undefined ? label.results : []);
    if (counter !== undefined) {
      // Back to a loop's head, as long as its counter allows it; the code after a `br` is none that
      // is reached.
      if (kind === 'br_if') return this.#goOn(label, counter);
      const branch: Node = { kind: 'br', label, values: [] };
      return {
        kind: 'if',
        label: { results: [] },
        condition: this.#countsOn(counter),
        consequent: [branch],
        otherwise: undefined,
      };
    }
    if (kind === 'br') return { kind, label, values };
    if (kind === 'br_table') {
      const alike = this.#labels.filter(
        (each) => each.counter === undefined && each.label.results.join() === label.results.join(),
      );
      const labels = [...this.#choices.list(3, () => this.#choices.of(alike).label), label];
      return { kind, labels, values, index: this.#expression('i32') };
    }
    const taken: Node = { kind: 'br_if', label, values, condition: this.#expression('i32') };
    return this.#dropping(label.results, taken);
  }

  /** Nodes whose results are dropped, as one without results. */
  #dropping(results: readonly NumberType[], node: Node): Node {
    if (results.length === 0) return node;
    const label: Label = { results: [] };
    return { kind: 'block', label, body: [node, ...results.map(() => simple('drop'))] };
  }

  #branchWithValue(type: NumberType): Node {
    const alike = this.#labels.filter(({ label, counter }) => counter === undefined && label.results.join() === type);
    if (alike.length === 0) return this.#block([type]);
    const condition = this.#expression('i32');
    return { kind: 'br_if', label: this.#choices.of(alike).label, values: [this.#expression(type)], condition };
  }

  /** Something that goes away for good, under a condition. */
  #guarded(make: () => Node): Node {
    const condition = this.#expression('i32');
    const label: Label = { results: [] };
    this.#labels.push({ label, counter: undefined });
    const consequent = [make(), ...(this.#choices.below(3) === 2 ? [this.#statement()] : [])];
    const otherwise = this.#choices.below(3) === 2 ? [this.#statement()] : undefined;
    this.#labels.pop();
    return { kind: 'if', label, condition, consequent, otherwise };
  }

  /**
   * Something that goes away for good under no condition, at the end of a block; more code may
   * follow in vain.
   */
  #bare(): Node {
    const label: Label = { results: [] };
    this.#labels.push({ label, counter: undefined });
    const kinds: readonly (() => Node)[] = [
      () => ({ kind: 'br', label, values: [] }),
      () => ({ kind: 'return', values: this.#expressions(this.#type.results) }),
      () => this.#branch('br_table'),
    ];
    const body = [this.#statement(), this.#choices.of(kinds)(), this.#statement()];
    this.#labels.pop();
    return { kind: 'block', label, body };
  }

  #throw(): Node {
    const tag = this.#choices.below(tags.length);
    return { kind: 'throw', tag, operands: this.#expressions(tags[tag] ?? []) };
  }

  #try(results: readonly NumberType[]): Node {
    const label: Label = { results };
    const body = this.#within(label, undefined, results);
    const payloadLocal = this.#local('i32');
    const catches = this.#choices.below(2) === 0 ? ('all' as const) : { tag: 0, payloadLocal };
    return { kind: 'try', label, body, catches, handler: this.#within(label, undefined, results) };
  }

  /**
   * One less than the depth that is left; nothing is left in a function without parameters, such as
   * the start function: there it is 2.
   */
  #lessDepth(): Node {
    return this.#type.params.length === 0 ? i32(2) : simple('i32.sub', [], [get(0), i32(1)]);
  }

  #arguments({ params }: FunctionType): Node[] {
    return params.map((type, at) => (at === 0 && type === 'i32' ? this.#lessDepth() : this.#expression(type)));
  }

  #call(type: NumberType): Node {
    const callable = this.#scope.functions.flatMap((each, index) =>
      index >= hostFunctions.length && each.results.join() === type ? [index] : [],
    );
    if (callable.length === 0) return this.#numeric(type);
    const index = this.#choices.of(callable);
    return { kind: 'call', index, operands: this.#arguments(this.#scope.functions[index] ?? startType) };
  }

  #callDropped(): Node {
    const index = hostFunctions.length + this.#choices.below(this.#scope.functions.length - hostFunctions.length);
    const type = this.#scope.functions[index] ?? startType;
    return this.#dropping(type.results, { kind: 'call', index, operands: this.#arguments(type) });
  }

  #callIndirect(result: NumberType): Node {
    const types = this.#scope.functions.filter(({ results }) => results.join() === result);
    if (types.length === 0) return this.#numeric(result);
    const type = this.#choices.of(types);
    return { kind: 'call_indirect', type, operands: this.#arguments(type), index: i32(this.#choices.below(5)) };
  }
}

const startType: FunctionType = { params: [], results: [] };
