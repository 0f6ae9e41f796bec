import { FailureError, type FailureErrorOptions, type FailureMessages, reasonOf } from '../failure.ts';
import { type Interruption, interruptionMessages } from '../interruption.ts';
import { type Exhaustion, exhaustionText } from '../metering/budget-use.ts';
import { isExhausted } from '../metering/error.ts';
import { isStackOverflow, MeteringError } from '../metering/index.ts';
import { type StackReader, type WithStack, withStack } from '../metering/run/trap-stack.ts';
import { isErrorNamed } from '../realms.ts';
import type { ArchiveDecodeFailure } from './archive/decode-error.ts';
import type { HookName } from './hook.ts';

/**
 * Where a call failed, in the order of a call. `cc_lb_alloc`, `memory.write`, the exports of hooks
 * and `reject` are also labels of cc-lb's metrics.
 */
export type HookPhase =
  | 'request'
  | 'instantiate'
  | 'exports'
  | 'cc_lb_alloc'
  | 'memory.write'
  | `cc_lb_${HookName}`
  | 'reject'
  | 'response'
  | 'host';

/** The phases in which the plugin's own functions run. */
export type GuestPhase = 'cc_lb_alloc' | `cc_lb_${HookName}`;

/**
 * Why the plugin's code stopped.
 *
 * - `OutOfFuel`, `Timeout`, `OutOfMemory`, `StackOverflow`: a budget was used up. `use` says how
 *   much was used; it is missing if that is not counted.
 * - `Trap`: any other trap. `reason` is the engine's text. `stack` tells where the plugin was, if
 *   the engine does.
 * - `Engine`: the engine could not make an instance, for instance for lack of address space.
 */
export type StopReason =
  | Exhaustion
  | ({ readonly kind: 'Trap'; readonly reason: string } & WithStack)
  | { readonly kind: 'Engine'; readonly reason: string };

/**
 * Why a call of a hook failed. The next call is not affected. Addresses and lengths are in bytes.
 *
 * - `InvalidRequest`: the request is not of the hook's type, or too large. Nothing ran.
 * - `InstantiateFailed`: the engine made no instance, or the start function did not return.
 * - `MissingExport`, `ExportType`: a function is missing or has another type. `expected` and
 *   `found` are as in `i32,i32 -> i64`.
 * - `GuestTrap`: the allocator or the hook did not return.
 * - `NoAllocation`: the allocator returned 0.
 * - `AllocationOutside`: the allocated bytes end beyond the memory.
 * - `EmptyAnswer`: the answer's address or length is 0.
 * - `AnswerOutside`: the answer ends beyond the memory.
 * - `MalformedResponse`: the answer is not an archive of the response. `offset` counts within it.
 *   `fault` says what is wrong with it. `isJson` is set if it begins and ends as JSON does.
 * - `Aborted`, `DeadlineExceeded`, `RunnerEnded`: the host ended a call in a worker or a process.
 * - `Panic`: the host's own code failed. The cause is what it threw.
 */
export type HookCallFailure =
  | { readonly kind: 'InvalidRequest'; readonly path: string; readonly expected: string }
  | { readonly kind: 'InstantiateFailed'; readonly stop: StopReason }
  | { readonly kind: 'MissingExport'; readonly name: string }
  | { readonly kind: 'ExportType'; readonly name: string; readonly expected: string; readonly found: string }
  | { readonly kind: 'GuestTrap'; readonly phase: GuestPhase; readonly stop: StopReason }
  | { readonly kind: 'NoAllocation'; readonly size: number }
  | {
      readonly kind: 'AllocationOutside';
      readonly address: number;
      readonly size: number;
      readonly memoryBytes: number;
    }
  | { readonly kind: 'EmptyAnswer'; readonly address: number; readonly size: number }
  | { readonly kind: 'AnswerOutside'; readonly address: number; readonly size: number; readonly memoryBytes: number }
  | {
      readonly kind: 'MalformedResponse';
      readonly path: string;
      readonly offset: number;
      readonly reason: string;
      readonly fault: ArchiveDecodeFailure;
      readonly isJson?: true;
    }
  | Interruption
  | { readonly kind: 'Panic' };

/** What cc-lb calls a failure of a call. */
export type UpstreamCallKind = 'InstantiateFailed' | 'ModuleRejected' | 'GuestTrap';

/** Where each failure occurs, and cc-lb's kind of it if it has one. */
const places: {
  readonly [K in HookCallFailure['kind']]: readonly [phase: HookPhase, upstream: UpstreamCallKind | null];
} = {
  InvalidRequest: ['request', null],
  InstantiateFailed: ['instantiate', 'InstantiateFailed'],
  MissingExport: ['exports', 'ModuleRejected'],
  ExportType: ['exports', 'ModuleRejected'],
  // The failure says which of its two phases it was.
  GuestTrap: ['cc_lb_alloc', 'GuestTrap'],
  NoAllocation: ['cc_lb_alloc', 'GuestTrap'],
  AllocationOutside: ['memory.write', 'GuestTrap'],
  EmptyAnswer: ['reject', 'ModuleRejected'],
  AnswerOutside: ['reject', 'ModuleRejected'],
  MalformedResponse: ['response', null],
  Aborted: ['host', null],
  DeadlineExceeded: ['host', null],
  RunnerEnded: ['host', null],
  Panic: ['host', null],
};

function stopText(stop: StopReason): string {
  if (stop.kind === 'Trap') return `the plugin trapped: ${stop.reason}`;
  return stop.kind === 'Engine' ? `the engine failed: ${stop.reason}` : `the plugin ${exhaustionText(stop)}`;
}

const messages: FailureMessages<HookCallFailure> = {
  InvalidRequest: (f) => `the request cannot be written: at ${f.path}, expected ${f.expected}`,
  InstantiateFailed: (f) => `the plugin could not be instantiated: ${stopText(f.stop)}`,
  MissingExport: (f) => `the plugin exports no function ${f.name}`,
  ExportType: (f) => `the plugin's function ${f.name} must have the type ${f.expected}, but has ${f.found}`,
  GuestTrap: (f) => `${f.phase} failed: ${stopText(f.stop)}`,
  NoAllocation: (f) => `cc_lb_alloc returned 0 for ${f.size} bytes`,
  AllocationOutside: (f) =>
    `cc_lb_alloc returned ${f.address} for ${f.size} bytes, but the memory ends at ${f.memoryBytes}`,
  EmptyAnswer: (f) => `the answer is empty (address ${f.address}, ${f.size} bytes)`,
  AnswerOutside: (f) =>
    `the answer is outside the memory (address ${f.address}, ${f.size} bytes, but it ends at ${f.memoryBytes})`,
  MalformedResponse: (f) =>
    f.isJson ? 'the answer is JSON, and not an archive of the response' : `the answer is not a response: ${f.reason}`,
  ...interruptionMessages,
  Panic: () => "the host's own code failed: see the cause",
};

/** A call of a hook that failed. The message has no data of the request. */
export class HookCallError extends FailureError<HookCallFailure> {
  override readonly name = 'HookCallError';
  /** Where the call failed. */
  readonly phase: HookPhase;
  /** What cc-lb calls the failure; `null` if its dispatch has no such failure. */
  readonly upstream: UpstreamCallKind | null;

  /** @param options `subject` is the name of the hook. */
  constructor(failure: HookCallFailure, options?: FailureErrorOptions) {
    super(failure, options);
    const [phase, upstream] = places[failure.kind];
    this.phase = failure.kind === 'GuestTrap' ? failure.phase : phase;
    this.upstream = upstream;
  }

  protected override get messages(): FailureMessages<HookCallFailure> {
    return messages;
  }
}

/**
 * Classifies what leaves the plugin's code, or what the engine throws instead of an instance.
 *
 * @param stacks finds where the plugin trapped.
 */
export function stopReasonOf(thrown: unknown, stacks?: StackReader | undefined): StopReason {
  if (thrown instanceof MeteringError && isExhausted(thrown.failure)) {
    const { kind } = thrown.failure;
    const { use } = thrown;
    return use === undefined ? { kind } : { kind, use };
  }
  if (isStackOverflow(thrown)) return { kind: 'StackOverflow' };
  const reason = reasonOf(thrown);
  if (!isErrorNamed(thrown, 'RuntimeError')) return { kind: 'Engine', reason };
  const trap = { kind: 'Trap', reason } as const;
  return stacks === undefined ? trap : withStack(trap, () => stacks.read(thrown));
}
