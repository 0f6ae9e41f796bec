import { leb, moduleOf, name, section } from '../support/bytes.ts';
import {
  type Exceptions,
  type FunctionType,
  hostFunctions,
  type Label,
  type Node,
  type NumberType,
  type Program,
  type ProgramFunction,
  tags,
} from './program.ts';
import { signedLeb, simpleInstruction } from './simple-instructions.ts';

const TYPE_BYTE = { i32: 0x7f, i64: 0x7e } as const;
const FUNCREF = 0x70;
const END = 0x0b;
const EMPTY = 0x40;

/**
 * The bytes of a program as a module. Its exports are `f0` and so on, `g0` and so on, `memory`, and
 * `table` of an open one.
 */
export function encodeProgram(program: Program, exceptions: Exceptions): Uint8Array<ArrayBuffer> {
  return new ProgramEncoder(program, exceptions).module();
}

class ProgramEncoder {
  readonly #program: Program;
  readonly #exceptions: Exceptions;
  readonly #types: string[] = [];

  constructor(program: Program, exceptions: Exceptions) {
    this.#program = program;
    this.#exceptions = exceptions;
  }

  module(): Uint8Array<ArrayBuffer> {
    const { open, functions, globals, table, tableMaximum, memoryMaximum, start } = this.#program;
    const imports = hostFunctions.map(({ name: field, type }) => [
      ...name('host'),
      ...name(field),
      0x00,
      ...this.#type(type),
    ]);
    const declared = functions.map(({ type }) => this.#type(type));
    const tagTypes = tags.map((params) => [0x00, ...this.#type({ params, results: [] })]);
    const bodies = functions.map((each) => this.#body(each));
    const exported = (kind: number, prefix: string, count: number, first = 0): number[][] =>
      Array.from({ length: count }, (_, index) => [...name(`${prefix}${index}`), kind, ...leb(index + first)]);
    const entries = table.map((entry) => (entry === undefined ? [0xd0, FUNCREF, END] : [0xd2, ...leb(entry), END]));
    const declarable = open ? functions.length + hostFunctions.length : hostFunctions.length;
    const all = Array.from({ length: declarable }, (_, index) => leb(index));
    const sections = [
      vector(2, imports),
      vector(3, declared),
      vector(4, [[FUNCREF, 0x01, ...leb(table.length), ...leb(tableMaximum)]]),
      vector(5, [[0x01, 1, ...leb(memoryMaximum)]]),
      this.#exceptions === 'none' ? [] : vector(13, tagTypes),
      vector(
        6,
        globals.map(({ type, initial }) => [
          TYPE_BYTE[type],
          1,
          type === 'i32' ? 0x41 : 0x42,
          ...signedLeb(BigInt(initial)),
          END,
        ]),
      ),
      vector(7, [
        ...exported(0, 'f', open ? functions.length : 1, hostFunctions.length),
        ...exported(3, 'g', globals.length),
        [...name('memory'), 2, 0],
        ...(open ? [[...name('table'), 1, 0]] : []),
      ]),
      start === undefined ? [] : section(8, ...leb(start)),
      // The table's entries; and the functions that code may refer to.
      vector(9, [
        [0x04, 0x41, 0, END, ...leb(entries.length), ...entries.flat()],
        [0x03, 0x00, ...leb(all.length), ...all.flat()],
      ]),
      vector(
        10,
        bodies.map((body) => [...leb(body.length), ...body]),
      ),
    ];
    // Last, since the others ask for types.
    const types = this.#types.map((type) => {
      const { params, results } = JSON.parse(type) as FunctionType; // written by #type
      return [0x60, ...valueTypes(params), ...valueTypes(results)];
    });
    return moduleOf(vector(1, types), ...sections);
  }

  #type({ params, results }: FunctionType): number[] {
    const key = JSON.stringify({ params, results });
    const known = this.#types.indexOf(key);
    return leb(known < 0 ? this.#types.push(key) - 1 : known);
  }

  #body({ locals, label, body }: ProgramFunction): number[] {
    const groups = locals.flatMap((type) => [1, TYPE_BYTE[type]]);
    return [...leb(locals.length), ...groups, ...this.#nodes(body, [label]), END];
  }

  #nodes(nodes: readonly Node[], labels: readonly Label[]): number[] {
    return nodes.flatMap((node) => this.#node(node, labels));
  }

  #node(node: Node, labels: readonly Label[]): number[] {
    const inner = (nodes: readonly Node[], label: Label): number[] => this.#nodes(nodes, [...labels, label]);
    switch (node.kind) {
      case 'simple':
        return [...this.#nodes(node.operands, labels), ...simpleInstruction(node.name).encode(node.immediates)];
      case 'block':
        return [0x02, ...this.#blockType(node.label.results), ...inner(node.body, node.label), END];
      case 'loop':
        return [0x03, ...this.#blockType(node.results), ...inner(node.body, node.label), END];
      case 'if': {
        const otherwise = node.otherwise === undefined ? [] : [0x05, ...inner(node.otherwise, node.label)];
        const condition = this.#node(node.condition, labels);
        const type = this.#blockType(node.label.results);
        return [...condition, 0x04, ...type, ...inner(node.consequent, node.label), ...otherwise, END];
      }
      case 'br':
        return [...this.#nodes(node.values, labels), 0x0c, ...depth(labels, node.label)];
      case 'br_if':
        return [...this.#nodes([...node.values, node.condition], labels), 0x0d, ...depth(labels, node.label)];
      case 'br_table': {
        const targets = node.labels.flatMap((label) => depth(labels, label));
        return [...this.#nodes([...node.values, node.index], labels), 0x0e, ...leb(node.labels.length - 1), ...targets];
      }
      case 'return':
        return [...this.#nodes(node.values, labels), 0x0f];
      case 'unreachable':
        return [0x00];
      case 'call':
        return [...this.#nodes(node.operands, labels), 0x10, ...leb(node.index)];
      case 'call_indirect':
        return [...this.#nodes([...node.operands, node.index], labels), 0x11, ...this.#type(node.type), 0];
      case 'throw':
        return [...this.#nodes(node.operands, labels), 0x08, ...leb(node.tag)];
      case 'try':
        return this.#exceptions === 'legacy' ? this.#legacyTry(node, labels) : this.#tryTable(node, labels);
    }
  }

  #legacyTry({ label, body, catches, handler }: TryNode, labels: readonly Label[]): number[] {
    const inside = [...labels, label];
    const clause = catches === 'all' ? [0x19] : [0x07, ...leb(catches.tag), 0x21, ...leb(catches.payloadLocal)];
    return [
      0x06,
      ...this.#blockType(label.results),
      ...this.#nodes(body, inside),
      ...clause,
      ...this.#nodes(handler, inside),
      END,
    ];
  }

  /**
   * A block around it all, which the end of the body branches to; in it a block that the clause
   * goes to; in that the `try_table`.
   */
  #tryTable({ label, body, catches, handler }: TryNode, labels: readonly Label[]): number[] {
    const unnamed: Label = { results: [] };
    const clause = catches === 'all' ? [0x02, 0] : [0x00, ...leb(catches.tag), 0];
    const caught = catches === 'all' ? [] : (tags[catches.tag] ?? []);
    return [
      0x02,
      ...this.#blockType(label.results),
      0x02,
      ...this.#blockType(caught),
      0x1f,
      ...this.#blockType(label.results),
      1,
      ...clause,
      ...this.#nodes(body, [...labels, label, unnamed, unnamed]),
      END,
      0x0c,
      1,
      END,
      ...(catches === 'all' ? [] : [0x21, ...leb(catches.payloadLocal)]),
      ...this.#nodes(handler, [...labels, label]),
      END,
    ];
  }

  #blockType(results: readonly NumberType[]): number[] {
    const [only] = results;
    if (only === undefined) return [EMPTY];
    return results.length === 1 ? [TYPE_BYTE[only]] : this.#type({ params: [], results });
  }
}

type TryNode = Extract<Node, { kind: 'try' }>;

function depth(labels: readonly Label[], label: Label): number[] {
  const at = labels.lastIndexOf(label);
  if (at < 0) throw new RangeError('a branch to a label that is not around it');
  return leb(labels.length - 1 - at);
}

function valueTypes(types: readonly NumberType[]): number[] {
  return [...leb(types.length), ...types.map((type) => TYPE_BYTE[type])];
}

function vector(id: number, elements: readonly (readonly number[])[]): number[] {
  return section(id, ...leb(elements.length), ...elements.flat());
}
