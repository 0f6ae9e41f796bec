import { onFirstUse } from '../../first-use.ts';
import { ByteReader } from '../encoding/byte-reader.ts';
import { ByteSink } from '../encoding/byte-sink.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { readU32 } from '../encoding/leb128.ts';
import { readValueType, V128 } from '../encoding/types.ts';
import { CodeReader } from '../grammar/code-reader.ts';
import { type PlainTable, passPlain, plainExcept, plainTable } from '../instructions/plain-run.ts';
import { EditList } from './edits.ts';
import { IndexEditor, mappedInstructions } from './index-editor.ts';
import type { FunctionLocals, FunctionPlan, FunctionPlans, RewritePlan } from './plan.ts';

/** The most bytes of a function body (WebAssembly JavaScript API, implementation limits). */
export const BODY_MAX_BYTES = 7_654_321;

/** The most locals of a function, parameters included (the same limits). */
export const LOCALS_MAX = 50_000;

/** The plan of a function if the rewrite plan has none. */
const untouched: Omit<FunctionPlan, 'operands'> = {
  plain: () => {},
  before: () => false,
  after: () => {},
  finish: () => {},
  locals: [],
};

const nothing = onFirstUse(
  (): FunctionPlans => ({
    plain: plainTable(() => true),
    begin: () => ({ ...untouched, operands: { height: 0, base: 0, greatest: 0 } }),
  }),
);

/**
 * Rewrites the bodies of a code section in one pass.
 *
 * @param contents of the section, after the length of the vector.
 * @param count how many bodies there are.
 * @param firstFunction the function index of the first body in the original module.
 * @param plan what to change.
 * @param sink where the bodies are written, each with its size.
 * @throws WasmFormatError `LimitExceeded` if a body would exceed a limit of engines; and for
 * malformed code.
 */
export function editBodies(
  contents: ByteReader,
  count: number,
  firstFunction: number,
  plan: RewritePlan,
  sink: ByteSink,
): void {
  const editor = new BodyEditor(contents.bytes, plan);
  for (let index = 0; index < count; index++) {
    const body = contents.part(readU32(contents), 'a function body');
    editor.edit(body, firstFunction + index, sink);
  }
}

/** Rewrites bodies one by one. It reuses its objects for all of them. */
class BodyEditor {
  readonly #functions: FunctionPlans;
  readonly #plain: PlainTable;
  readonly #mapped: readonly boolean[];
  readonly #edits = new EditList();
  readonly #indices: IndexEditor;
  readonly #code: CodeReader;
  /** The body that is being written. Its size, which must come first, is known only at its end. */
  readonly #written = new ByteSink();
  #groups = 0;
  #addedGroups: FunctionPlan['locals'] = [];

  constructor(bytes: Uint8Array, { indices, functions = nothing() }: RewritePlan) {
    this.#functions = functions;
    this.#mapped = mappedInstructions(indices);
    this.#plain = plainExcept(functions.plain, this.#mapped);
    this.#indices = new IndexEditor(indices, this.#edits);
    this.#code = new CodeReader(new ByteReader(bytes));
  }

  edit(body: ByteReader, functionIndex: number, sink: ByteSink): void {
    const start = body.offset;
    const edits = this.#edits;
    edits.clear();
    this.#groups = readU32(body);
    // Both are inserted before the code, and written when the plan has seen the code.
    edits.replace(start, body.offset, this.#writeGroupCount);
    const locals = readLocals(body, start, this.#groups, this.#indices);
    edits.insert(body.offset, this.#writeAddedGroups);

    const plan = this.#functions.begin(functionIndex, locals, edits);
    this.#code.into(body);
    walk(body, this.#code, this.#plain, plan, edits, this.#map);
    plan.finish();
    this.#addedGroups = plan.locals;
    const written = this.#written;
    written.clear();
    edits.apply(body.bytes, start, body.end, written);
    if (written.length > BODY_MAX_BYTES) {
      const reason = [
        `function ${functionIndex} would have ${written.length} bytes,`,
        `but engines accept at most ${BODY_MAX_BYTES}`,
      ].join(' ');
      throw new WasmFormatError({ kind: 'LimitExceeded', offset: start, reason });
    }
    sink.u32(written.length);
    sink.appendSink(written);
  }

  readonly #map = (code: CodeReader): void => {
    if (this.#mapped[code.firstByte] === true) this.#indices.instruction(code);
  };

  readonly #writeGroupCount = (sink: ByteSink): void => sink.u32(this.#groups + this.#addedGroups.length);

  readonly #writeAddedGroups = (sink: ByteSink): void => {
    for (const group of this.#addedGroups) sink.bytes(group);
  };
}

/**
 * Walks the instructions of a body.
 *
 * @param map is called for each instruction that the plan does not replace, between `before` and
 * `after`.
 */
function walk(
  body: ByteReader,
  code: CodeReader,
  plain: PlainTable,
  plan: Pick<FunctionPlan, 'operands' | 'plain' | 'before' | 'after'>,
  edits: EditList,
  map?: (code: CodeReader) => void,
): void {
  const { operands } = plan;
  for (let depth = 1; depth > 0; ) {
    const start = body.offset;
    const passed = passPlain(body, plain, operands);
    if (passed > 0) plan.plain(start, passed);
    code.next();
    const { control, stack } = code.instruction;
    if (stack.kind === 'block') depth++;
    else if (control === 'end') depth--;
    if (!plan.before(code, edits)) map?.(code);
    plan.after(code, edits);
  }
  if (!code.done) {
    const reason = 'bytes follow the end of a function body';
    throw new WasmFormatError({ kind: 'SectionSizeMismatch', offset: code.end, section: 'code', reason });
  }
}

/**
 * Shows bodies to plans without changing them, to learn about functions before they are rewritten.
 */
export class BodyScanner<P extends Omit<FunctionPlan, 'finish' | 'locals'>> {
  readonly #edits = new EditList();
  readonly #indices = new IndexEditor({}, this.#edits);
  readonly #code: CodeReader;
  readonly #plain: PlainTable;
  readonly #begin: (functionIndex: number, locals: FunctionLocals, edits: EditList) => P;

  /**
   * @param bytes of the module.
   * @param plans what each body is shown to.
   */
  constructor(
    bytes: Uint8Array,
    {
      plain,
      begin,
    }: { plain: PlainTable; begin: (functionIndex: number, locals: FunctionLocals, edits: EditList) => P },
  ) {
    this.#code = new CodeReader(new ByteReader(bytes));
    this.#plain = plain;
    this.#begin = begin;
  }

  /**
   * Walks a body.
   *
   * @returns the plan of the function, which has seen all of it.
   * @throws WasmFormatError for malformed code.
   */
  scan(body: ByteReader, functionIndex: number): P {
    const start = body.offset;
    this.#edits.clear();
    const plan = this.#begin(functionIndex, readLocals(body, start, readU32(body), this.#indices), this.#edits);
    this.#code.into(body);
    walk(body, this.#code, this.#plain, plan, this.#edits);
    return plan;
  }
}

/**
 * Reads the groups of locals: each is a count and a type (specification 5.5.13, "Code Section").
 *
 * @param start where the body begins.
 * @param groups how many there are: this number has been read.
 */
function readLocals(body: ByteReader, start: number, groups: number, indices: IndexEditor): FunctionLocals {
  let count = 0;
  let references = 0;
  let frameBytes = 0;
  for (let group = 0; group < groups; group++) {
    const offset = body.offset;
    const length = readU32(body);
    count += length;
    const type = body.peek() ?? 0;
    frameBytes += length * (type === V128 ? 16 : 8);
    if (type < V128) references += length;
    if (count > LOCALS_MAX) {
      const reason = `a function has more than ${LOCALS_MAX} locals`;
      throw new WasmFormatError({ kind: 'LimitExceeded', offset, reason });
    }
    readValueType(body, indices);
  }
  const { offset, end } = body;
  return { count, groups, references, frameBytes, bodyBytes: end - start, codeOffset: offset };
}
