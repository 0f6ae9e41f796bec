import { readU32, referencedFunctions, SECTION, sectionReader } from '../../wasm/index.ts';
import { FIRST_ENTRY_BYTES, PREPAID_MAX, UNCHECKED_WORK, UNCOUNTED_SLOTS } from '../layout.ts';
import type { FunctionSummary } from './callee-facts.ts';
import { type CalleeFacts, NOT_KNOWN_YET } from './callee-facts.ts';
import type { MeteringContext } from './context.ts';
import type { OwnCall } from './frame-regions.ts';
import { FunctionMeter } from './function-meter.ts';

/**
 * Functions of up to this many bytes are looked at before all others. Those are the ones that
 * engines inline, and whose charges show.
 */
const SMALL_BODY_BYTES = 1_000;

/** A small function, before its callees are known. */
interface SmallFunction {
  readonly summary: FunctionSummary;
  readonly bytes: number;
  /** Whether it is only ever called directly, so that its callers can pay for it. */
  readonly direct: boolean;
  /** Whether the host can enter it: once a budget is used up it must do nothing. */
  readonly entered: boolean;
}

/**
 * What is known of the small functions of a module before it is rewritten, from their callees up:
 *
 * - What entering one costs in any case, callees included. If it is only ever called directly, its
 *   callers charge that, so that many a function charges nothing itself and stays as small as it
 *   was.
 * - How much of the stack it takes with all that it calls. What takes little and never calls itself
 *   is not counted.
 *
 * Only for modules without handlers: there a call comes back or ends the run, so what it costs
 * depends on nothing that its callees do.
 *
 * @param bytes the module's.
 * @returns by function index; `undefined` for all other functions.
 * @throws WasmFormatError, HandlerAssumptionBroken and MeteringError, as metering these functions
 * does.
 */
export function analyseSmallFunctions(
  bytes: Uint8Array,
  context: MeteringContext,
): readonly (CalleeFacts | undefined)[] {
  const functions = smallFunctions(bytes, context);
  const known = new Array<CalleeFacts | undefined>(context.spaces.module.functions.length).fill(undefined);
  for (const index of calleesFirst(functions)) {
    const small = functions[index];
    // A function that calls itself, or is called by a callee of its own, is not known yet where
    // that is asked.
    if (small !== undefined) known[index] = resolved(small, (callee) => known[callee]);
  }
  return known;
}

/**
 * The indices of small functions, each after those that it calls, unless they call it too. Chains
 * of calls may be as long as the module has functions.
 */
function calleesFirst(functions: readonly (SmallFunction | undefined)[]): readonly number[] {
  const order: number[] = [];
  const begun = new Uint8Array(functions.length);
  const chain: { readonly index: number; readonly calls: readonly OwnCall[]; next: number }[] = [];
  const begin = (index: number): void => {
    const small = functions[index];
    if (small === undefined || begun[index] !== 0) return;
    begun[index] = 1;
    chain.push({ index, calls: small.summary.calls, next: 0 });
  };
  for (let first = 0; first < functions.length; first++) {
    begin(first);
    for (let latest = chain.at(-1); latest !== undefined; latest = chain.at(-1)) {
      const call = latest.calls[latest.next++];
      if (call !== undefined) begin(call.callee);
      else {
        chain.pop();
        order.push(latest.index);
      }
    }
  }
  return order;
}

function resolved(
  { summary, bytes, direct, entered }: SmallFunction,
  resolve: (callee: number) => CalleeFacts | undefined,
): CalleeFacts {
  const { entry, chargesLater, calls, countsItself, slots } = summary;
  let fuel = direct ? entry : 0;
  let leaf = direct && !chargesLater;
  let deepest: number | undefined = countsItself ? undefined : 0;
  let work = bytes;
  let countedCallees: Set<number> | undefined;
  for (const { callee, atEntry, cold } of calls) {
    const known = resolve(callee);
    // An arm that ends in a trap takes the frame itself, and that of everything uncounted that it
    // was reached by.
    if (cold && known?.stack === undefined) {
      countedCallees ??= new Set();
      countedCallees.add(callee);
      continue;
    }
    if (direct && atEntry) fuel += known?.fuel ?? 0;
    leaf &&= known?.leaf === true && (atEntry || known.fuel === 0);
    work += known?.work ?? 0;
    deepest = deepest === undefined || known?.stack === undefined ? undefined : Math.max(deepest, known.stack);
  }
  const stack = deepest === undefined || slots + deepest > UNCOUNTED_SLOTS ? undefined : slots + deepest;
  const prepaid = fuel <= PREPAID_MAX;
  const checksAtEntry = entered || work > UNCHECKED_WORK;
  return {
    fuel: prepaid ? fuel : 0,
    leaf: leaf && prepaid && stack !== undefined && !checksAtEntry && bytes <= FIRST_ENTRY_BYTES,
    stack,
    work: checksAtEntry ? 0 : work,
    checksAtEntry,
    countedCallees: countedCallees ?? NOT_KNOWN_YET.countedCallees,
  };
}

/** By function index. */
function smallFunctions(bytes: Uint8Array, context: MeteringContext): readonly (SmallFunction | undefined)[] {
  const { module, isExported } = context.spaces;
  const functions = new Array<SmallFunction | undefined>(module.functions.length).fill(undefined);
  const section = module.sections.find(({ id }) => id === SECTION.code);
  if (section === undefined) return functions;
  const referenced = referencedFunctions(bytes, module);
  const meter = new FunctionMeter(bytes, context);
  const contents = sectionReader(bytes, section);
  const count = readU32(contents);
  for (let index = module.functions.length - count; index < module.functions.length; index++) {
    const body = contents.part(readU32(contents), 'a function body');
    const size = body.end - body.offset;
    if (size > SMALL_BODY_BYTES) continue;
    const entered = isExported(index) || module.start === index;
    const direct = !entered && !referenced.has(index);
    functions[index] = { summary: meter.summary(body, index), bytes: size, direct, entered };
  }
  return functions;
}
