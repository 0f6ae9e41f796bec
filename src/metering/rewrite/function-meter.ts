import {
  BODY_MAX_BYTES,
  ByteReader,
  type ByteSink,
  CodeReader,
  type PlainTable,
  passPlain,
  readLocals,
  WasmFormatError,
  type WrittenEdit,
} from '../../wasm/index.ts';
import type { FunctionSummary } from './callee-facts.ts';
import type { MeteringContext } from './context.ts';
import { ruleOf, rulesByFirstByte } from './instruction-rules.ts';
import { MeteredFunction } from './metered-function.ts';
import { plainInstructions } from './plain-instructions.ts';

/** What metering did to the code of a function. Offsets count from the start of the module. */
export interface FunctionEdits {
  /** Where its first instruction begins in the original. */
  readonly codeOffset: number;
  readonly edits: readonly WrittenEdit[];
  /** How many locals were appended to its own. */
  readonly addedLocals: number;
}

/**
 * Meters one function after the other. Each is gone through once; then all is known of it, and it
 * can be written.
 */
export class FunctionMeter {
  readonly #metered: MeteredFunction;
  readonly #code: CodeReader;
  readonly #plain: PlainTable;
  readonly #rules = rulesByFirstByte();
  /** The locals that were appended to the latest function: each group is a count and a type. */
  #added: readonly (readonly number[])[] = [];

  /** @param bytes of the module. */
  constructor(bytes: Uint8Array, context: MeteringContext) {
    this.#metered = new MeteredFunction(context);
    this.#code = new CodeReader(new ByteReader(bytes));
    this.#plain = plainInstructions(context.spaces);
  }

  /**
   * Goes through a function, to learn about it.
   *
   * @param body its locals and code, where the locals begin.
   * @throws WasmFormatError for malformed code; HandlerAssumptionBroken; MeteringError for what is
   * refused.
   */
  summary(body: ByteReader, functionIndex: number): FunctionSummary {
    this.#read(body, functionIndex);
    return this.#metered.summary();
  }

  /**
   * Rewrites a function.
   *
   * @param body its locals and code, where the locals begin.
   * @param sink where it is written, with its size.
   * @throws what {@link summary} throws; WasmFormatError `LimitExceeded` if it would exceed a limit
   * of engines.
   */
  rewrite(body: ByteReader, functionIndex: number, sink: ByteSink): void {
    const start = body.offset;
    const metered = this.#metered;
    this.#read(body, functionIndex);
    if (metered.structure.end(metered.locals, metered.operands)) {
      body.offset = start;
      this.#read(body, functionIndex, true);
    }
    const added = metered.finish();
    this.#added = added;
    const { groups, groupsOffset, codeOffset } = metered.locals;
    // Metering adds about a third.
    const expected = (body.end - start) * 1.3;
    const begin = sink.beginSized(expected);
    sink.u32(groups + added.length);
    sink.copy(body.bytes, groupsOffset, codeOffset);
    for (const group of added) sink.bytes(group);
    metered.edits.apply(body.bytes, codeOffset, body.end, sink);
    const size = sink.endSized(begin, expected);
    if (size <= BODY_MAX_BYTES) return;
    const reason = [
      `function ${functionIndex} would have ${size} bytes,`,
      `but engines accept at most ${BODY_MAX_BYTES}`,
    ].join(' ');
    throw new WasmFormatError({ kind: 'LimitExceeded', offset: start, reason });
  }

  /** What was done to the function that was rewritten last. */
  written(): FunctionEdits {
    const { edits, locals } = this.#metered;
    const addedLocals = this.#added.reduce((sum, [count = 0]) => sum + count, 0);
    return { codeOffset: locals.codeOffset, edits: edits.written(), addedLocals };
  }

  /** @param compares whether to compare limits at each instruction, which finds the first fault. */
  #read(body: ByteReader, functionIndex: number, compares = false): void {
    const metered = this.#metered;
    metered.begin(functionIndex, readLocals(body));
    const { blocks, regions, operands } = metered;
    const code = this.#code;
    const plain = this.#plain;
    const rules = this.#rules;
    code.into(body);
    do {
      const start = body.offset;
      let fuel = passPlain(body, plain, operands);
      code.next();
      // A `catch` is charged by its rule: the code before it never executes it.
      const { control, costs } = code.instruction;
      if (control !== 'catch') fuel += costs.fuel;
      if (fuel > 0) regions.charge(start, fuel);
      const rule = rules[code.firstByte] ?? ruleOf(code.instruction);
      rule(metered, code);
      if (compares) metered.structure.compare(code.start);
    } while (blocks.depth > 0);
    if (code.done) return;
    const reason = 'bytes follow the end of a function body';
    throw new WasmFormatError({ kind: 'SectionSizeMismatch', offset: code.end, section: 'code', reason });
  }
}
