import type { Immediate, StackEffect } from '../../../src/wasm/instructions/index.ts';
import type { Decoded } from './decode.ts';

type Arity = readonly [parameters: number, results: number];

/** What the indices in an expression refer to. */
export interface Names {
  /** By type index. */
  readonly functionTypes: { readonly [typeIndex: number]: Arity };
  /** How many fields a struct type has, by type index. */
  readonly structFields: { readonly [typeIndex: number]: number };
  /** The type indices of functions. */
  readonly functions: readonly number[];
  /** The type indices of tags. */
  readonly tags: readonly number[];
}

interface Frame {
  readonly base: number;
  readonly parameters: number;
  readonly results: number;
}

/** The height change of an unknown index: NaN, which equals nothing. */
const unknown: Arity = [Number.NaN, Number.NaN];

class Scan {
  height = 0;
  readonly frames: Frame[];
  readonly names: Names;
  #decoded: Decoded | undefined;

  constructor(results: number, names: Names) {
    this.frames = [{ base: 0, parameters: 0, results }];
    this.names = names;
  }

  get frame(): Frame {
    return this.frames.at(-1) ?? { base: Number.NaN, parameters: Number.NaN, results: Number.NaN };
  }

  /** Executes an instruction. Returns the height after it. */
  step(decoded: Decoded): number {
    const { stack } = decoded.instruction;
    this.#decoded = decoded;
    this.move(stack.pops, 0);
    rules[stack.kind](this);
    this.move(0, stack.pushes);
    return this.height;
  }

  move(pops: number, pushes: number): void {
    this.height = Math.max(this.height - pops, this.frame.base) + pushes;
  }

  /** The value of the first immediate of a kind. */
  immediate(kind: Immediate): unknown {
    return this.#decoded?.values[this.#decoded.instruction.immediates.indexOf(kind)];
  }

  functionType(index: unknown): Arity {
    return this.names.functionTypes[Number(index)] ?? unknown;
  }

  blockType(): Arity {
    const [first] = [this.immediate('blockType')].flat();
    if (Number(first) >= 0) return this.functionType(first);
    return [0, first === -0x40 ? 0 : 1];
  }
}

/** What each kind of stack effect does between its `pops` and `pushes` (see `StackEffect`). */
const rules: { readonly [K in StackEffect['kind']]: (scan: Scan) => void } = {
  constant: () => {},
  functionType: (scan) =>
    scan.move(...scan.functionType(scan.names.functions[Number(scan.immediate('functionIndex'))])),
  typeIndex: (scan) => scan.move(...scan.functionType(scan.immediate('typeIndex'))),
  structFields: (scan) => scan.move(scan.names.structFields[Number(scan.immediate('typeIndex'))] ?? Number.NaN, 0),
  count: (scan) => scan.move(Number(scan.immediate('u32')), 0),
  block: (scan) => {
    const [parameters, results] = scan.blockType();
    scan.move(parameters, 0);
    scan.frames.push({ base: scan.height, parameters, results });
    scan.move(0, parameters);
  },
  blockParameters: (scan) => {
    scan.height = scan.frame.base + scan.frame.parameters;
  },
  tagParameters: (scan) => {
    const [parameters] = scan.functionType(scan.names.tags[Number(scan.immediate('tagIndex'))]);
    scan.height = scan.frame.base + parameters;
  },
  base: (scan) => {
    scan.height = scan.frame.base;
  },
  blockResults: (scan) => {
    const { base, results } = scan.frame;
    scan.height = base + results;
    if (scan.frames.length > 1) scan.frames.pop();
  },
  unreachable: (scan) => {
    scan.height = scan.frame.base;
  },
};

/** The height of the operand stack after each instruction of a body, by the stack effects alone. */
export function heightsOf(body: readonly Decoded[], results: number, names: Names): number[] {
  const scan = new Scan(results, names);
  return body.map((decoded) => scan.step(decoded));
}
