import type { ByteReader } from '../byte-reader.ts';
import { CodeReader } from '../code-reader.ts';
import { WasmFormatError } from '../error.ts';
import { encodeUnsigned, readU32 } from '../leb128.ts';
import { ByteSink } from './byte-sink.ts';
import { EditList } from './edits.ts';
import { IndexEditor, mappedInstructions } from './index-editor.ts';
import type { FunctionLocals, FunctionPlan, RewritePlan } from './plan.ts';

/** The largest function body, in bytes, that engines take (WebAssembly JavaScript API, implementation limits). */
export const BODY_MAX_BYTES = 7_654_321;

/** The most locals, parameters included, that engines take. */
export const LOCALS_MAX = 50_000;

const V128 = 0x7b;

/**
 * Rewrites the bodies of a code section, after the vector's length, in one pass.
 *
 * @param firstFunction the function index of the first body in the original module.
 * @throws WasmFormatError `LimitExceeded` when a body would pass an engine's limit, and whatever is wrong with the code.
 */
export function editBodies(
  contents: ByteReader,
  count: number,
  firstFunction: number,
  plan: RewritePlan,
  sink: ByteSink,
): void {
  const mapped = mappedInstructions(plan.indices);
  const scratch = new ByteSink();
  for (let index = 0; index < count; index++) {
    const body = contents.part(readU32(contents), 'a function body');
    editBody(body, firstFunction + index, plan, mapped, scratch, sink);
  }
}

function editBody(
  body: ByteReader,
  functionIndex: number,
  plan: RewritePlan,
  mapped: Uint8Array,
  scratch: ByteSink,
  sink: ByteSink,
): void {
  const start = body.offset;
  const edits = new EditList();
  const indices = new IndexEditor(plan.indices, edits);

  const groups = readU32(body);
  // Both stand before all edits of the code, and get their bytes when the plan has seen it.
  const groupCount = edits.replace(start, body.offset, []);
  const locals = readLocals(body, groups, indices);
  const addedGroups = edits.insert(body.offset, []);

  const hook = plan.function?.(functionIndex, locals, edits);
  walk(body, hook, edits, (code) => {
    if (mapped[code.firstByte] === 1) indices.instruction(code);
  });
  hook?.finish();
  const added = hook?.locals ?? [];
  groupCount.content = encodeUnsigned(groups + added.length);
  addedGroups.content = added.flat();
  // A body is preceded by its size, so it is written apart first.
  scratch.clear();
  edits.apply(body.bytes, start, body.end, scratch);
  if (scratch.length > BODY_MAX_BYTES) {
    const reason = `function ${functionIndex} would take ${scratch.length} bytes, but engines take ${BODY_MAX_BYTES} at most`;
    throw new WasmFormatError({ kind: 'LimitExceeded', offset: start, reason });
  }
  sink.u32(scratch.length);
  sink.append(scratch.view());
}

/** Goes through the instructions of a body. @param map is called for each that the hook does not replace, between the hook's two looks at it. */
function walk(
  body: ByteReader,
  hook: Pick<FunctionPlan, 'before' | 'after'> | undefined,
  edits: EditList,
  map?: (code: CodeReader) => void,
): void {
  const code = new CodeReader(body);
  for (let depth = 1; depth > 0; ) {
    code.next();
    const { control, stack } = code.instruction;
    if (stack.kind === 'block') depth++;
    else if (control === 'end') depth--;
    const treated = hook === undefined ? 'plain' : hook.before(code, edits);
    if (treated !== 'replaced') map?.(code);
    if (treated !== 'plain') hook?.after(code, edits);
  }
  if (!code.done) {
    const reason = 'bytes follow the end of a function body';
    throw new WasmFormatError({ kind: 'SectionSizeMismatch', offset: code.end, section: 'code', reason });
  }
}

/**
 * Shows a plan one body, and changes nothing: for what must be known of a function before others are rewritten.
 *
 * @throws WasmFormatError for whatever is wrong with the code.
 */
export function scanBody<P extends Pick<FunctionPlan, 'before' | 'after'>>(
  body: ByteReader,
  hook: (locals: FunctionLocals, edits: EditList) => P,
): P {
  const edits = new EditList();
  const plan = hook(readLocals(body, readU32(body), new IndexEditor({}, edits)), edits);
  walk(body, plan, edits);
  return plan;
}

/** Reads the groups of locals: each a count and a type (specification 5.5.13, "Code Section"). */
function readLocals(body: ByteReader, groups: number, indices: IndexEditor): FunctionLocals {
  let count = 0;
  let frameBytes = 0;
  for (let group = 0; group < groups; group++) {
    const offset = body.offset;
    const length = readU32(body);
    count += length;
    frameBytes += length * (body.peek() === V128 ? 16 : 8);
    if (count > LOCALS_MAX) {
      const reason = `a function has more than ${LOCALS_MAX} locals`;
      throw new WasmFormatError({ kind: 'LimitExceeded', offset, reason });
    }
    indices.valueType(body);
  }
  return { count, frameBytes, codeOffset: body.offset };
}
