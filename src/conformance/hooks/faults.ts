import type { HookCallError, HookCallFailure, StopReason } from '../../hooks/call-error.ts';
import { withStackText } from '../../metering/run/stack-text.ts';

/** What to change after the plugin's code was stopped. A trap depends on the request. */
const stopHints: Readonly<Record<StopReason['kind'], string | undefined>> = {
  OutOfFuel: 'Look for an endless loop, or for work that grows faster than the request.',
  Timeout: 'Look for an endless loop, or for work that grows faster than the request.',
  OutOfMemory: 'Start with fewer memory pages and smaller tables.',
  StackOverflow: 'Look for endless recursion.',
  Trap: undefined,
  Engine: 'Start with fewer memory pages. The engine could not make an instance.',
};

const SUITE_DEFECT = 'This is a defect of the suite, not of the plugin.';
const EXPORT_HINT =
  'Export cc_lb_alloc as (i32, i32) -> i32 and each hook as (i32, i32) -> i64, as cc-lb-pdk-wasmtime does.';
const ANSWER_HINT = 'Return address << 32 | length of an answer in memory that is not freed before the hook returns.';

const hints: {
  readonly [K in HookCallFailure['kind']]: string | ((f: Extract<HookCallFailure, { kind: K }>) => string | undefined);
} = {
  InvalidRequest: SUITE_DEFECT,
  Panic: SUITE_DEFECT,
  InstantiateFailed: ({ stop }) =>
    stopHints[stop.kind] ?? 'Do less in the start function: it runs for each call, before the request is there.',
  MissingExport: EXPORT_HINT,
  ExportType: EXPORT_HINT,
  GuestTrap: ({ stop }) => stopHints[stop.kind],
  NoAllocation: 'Let cc_lb_alloc return an address for a request of any size: grow the memory as needed.',
  AllocationOutside: 'Let cc_lb_alloc grow the memory before it returns an address in the new part.',
  EmptyAnswer: ANSWER_HINT,
  AnswerOutside: ANSWER_HINT,
  MalformedResponse:
    'Write the answer as a rkyv archive of the response, with the root at its end: cc-lb-pdk-wasmtime does.',
};

/** What to change after a call failed. `undefined` if the hint of the check applies. */
export function callHint({ failure }: HookCallError): string | undefined {
  // A row takes the failure of its kind.
  const hint = hints[failure.kind] as string | ((failure: HookCallFailure) => string | undefined);
  return typeof hint === 'string' ? hint : hint(failure);
}

/** Why a call failed: its kind, the message, which starts with the hook, and where it trapped. */
export function describeCallFault({ failure, message }: HookCallError): string {
  return withStackText(`${failure.kind}: ${message}`, failure);
}
