// Programs as trees: made by generate.ts, executed by interpreter.ts, encoded by encode-program.ts.
// None of them knows src/wasm, so that what src/metering does to a program's bytes is held against
// something else.

/** The types of the values that programs compute with. */
export type NumberType = 'i32' | 'i64';

/** A number is an i32 from -2^31 up, a bigint an i64. */
export type Value = number | bigint;

/**
 * A block's label: a branch names the object itself, so that encodings may put blocks in between.
 */
export interface Label {
  readonly results: readonly NumberType[];
}

/** An instruction with what computes its operands, in order. */
export type Node =
  | {
      readonly kind: 'simple';
      readonly name: string;
      readonly immediates: readonly Value[];
      readonly operands: readonly Node[];
    }
  | { readonly kind: 'block'; readonly label: Label; readonly body: readonly Node[] }
  | {
      readonly kind: 'loop';
      readonly label: Label;
      readonly body: readonly Node[];
      readonly results: readonly NumberType[];
    }
  | {
      readonly kind: 'if';
      readonly label: Label;
      readonly condition: Node;
      readonly consequent: readonly Node[];
      readonly otherwise: readonly Node[] | undefined;
    }
  | { readonly kind: 'br'; readonly label: Label; readonly values: readonly Node[] }
  | { readonly kind: 'br_if'; readonly label: Label; readonly values: readonly Node[]; readonly condition: Node }
  | {
      readonly kind: 'br_table';
      readonly labels: readonly Label[];
      readonly values: readonly Node[];
      readonly index: Node;
    }
  | { readonly kind: 'return'; readonly values: readonly Node[] }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'call'; readonly index: number; readonly operands: readonly Node[] }
  | {
      readonly kind: 'call_indirect';
      readonly type: FunctionType;
      readonly operands: readonly Node[];
      readonly index: Node;
    }
  | { readonly kind: 'throw'; readonly tag: number; readonly operands: readonly Node[] }
  | {
      readonly kind: 'try';
      readonly label: Label;
      readonly body: readonly Node[];
      /** The tag that is caught, with its payload put in a local; or all of them. */
      readonly catches: 'all' | { readonly tag: number; readonly payloadLocal: number };
      readonly handler: readonly Node[];
    };

/**
 * How exceptions are caught: by `try` and `catch`, by `try_table`, or the engine has no exceptions.
 */
export type Exceptions = 'legacy' | 'try_table' | 'none';

export interface FunctionType {
  readonly params: readonly NumberType[];
  readonly results: readonly NumberType[];
}

export interface ProgramFunction {
  readonly type: FunctionType;
  readonly locals: readonly NumberType[];
  readonly label: Label;
  readonly body: readonly Node[];
}

/** A program: its function index space is the imported functions, then `functions`. */
export interface Program {
  /**
   * Whether all that it defines is exported, and code refers to any function. Else its first
   * function is, its globals and its memory, so that most functions are only ever called directly.
   */
  readonly open: boolean;
  readonly globals: readonly { readonly type: NumberType; readonly initial: Value }[];
  readonly functions: readonly ProgramFunction[];
  /** Function indices that the table holds at first; `undefined` for null. */
  readonly table: readonly (number | undefined)[];
  readonly tableMaximum: number;
  readonly memoryMaximum: number;
  /** A defined function by its function index, of type `() -> ()`. */
  readonly start: number | undefined;
}

/** What programs import from the module `host`: `again` calls the first defined function. */
export const hostFunctions: readonly { readonly name: 'note' | 'twice' | 'again'; readonly type: FunctionType }[] = [
  { name: 'note', type: { params: ['i32'], results: [] } },
  { name: 'twice', type: { params: ['i64'], results: ['i64'] } },
  { name: 'again', type: { params: ['i32'], results: ['i32'] } },
];

/** Parameters of the tags that programs throw. */
export const tags: readonly (readonly NumberType[])[] = [['i32'], []];

/** The type of a function by its index. */
export function typeOf(program: Pick<Program, 'functions'>, index: number): FunctionType {
  const type = hostFunctions[index]?.type ?? program.functions[index - hostFunctions.length]?.type;
  if (type === undefined) throw new RangeError(`no function ${index}`);
  return type;
}
