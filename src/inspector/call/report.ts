import type { StackFrame } from '../../metering/run/trap-stack.ts';
import type { FallbackPolicy } from '../../protocol/messages/index.ts';
import type { LogEvent } from '../../telemetry.ts';

/** A text of which the page gets only a part if it is long. */
export interface CutText {
  readonly text: string;
  /** How many characters follow that the page does not get. */
  readonly more: number;
}

/** What a call took. */
export interface CallCost {
  /** In milliseconds. Browsers round the clock, most to 0.1 ms. */
  readonly durationMs: number;
  /** NaN if the plugin is not metered. */
  readonly fuel: number;
  /** Pages of 64 KiB of the plugin's memory after the call; NaN if that is not counted. */
  readonly memoryPages: number;
}

/** Why a call has no answer. */
export interface CallFault {
  /** The class of the error. */
  readonly error: string;
  /** The kinds of its failure and of the failure within it: `PluginCall.OutOfFuel`. */
  readonly kind: string;
  readonly message: string;
  /** What the message leaves out, because it can quote the plugin; missing if that is nothing. */
  readonly reason?: string;
  /** The fields of the failure by their paths: `call.use.limit`. */
  readonly details: readonly (readonly [name: string, value: string])[];
  /** Where it trapped, from the function that trapped; missing if the engine does not tell. */
  readonly stack?: readonly StackFrame[];
  /** The error text that the plugin set before it trapped. */
  readonly said?: string;
  /** What the author can do. */
  readonly hint?: string;
}

/** What came of a call. */
export type CallOutcome =
  /** `response` is JSON. */
  | { readonly kind: 'ok'; readonly response: CutText }
  /** Generation 1: the host does what the policy of the function says. */
  | { readonly kind: 'fallback'; readonly policy: FallbackPolicy; readonly stage: string; readonly fault: CallFault }
  /** Generation 2. `upstream` is what cc-lb calls the failure. */
  | { readonly kind: 'error'; readonly phase: string; readonly upstream: string | null; readonly fault: CallFault }
  /** The plugin failed in a layer or step of admission, or could not be built. */
  | { readonly kind: 'refused'; readonly stage: string; readonly fault: CallFault };

/** One name that the plugin counted under. */
export interface CounterTotal {
  readonly name: string;
  readonly labels: string;
  readonly total: string;
  /** How often it was increased. */
  readonly times: number;
}

/** What the plugin logged and counted. */
export interface Recorded {
  readonly logs: readonly LogEvent[];
  /** How many log events came after those. */
  readonly moreLogs: number;
  readonly counters: readonly CounterTotal[];
  /** How many increases had names beyond the last. */
  readonly moreCounters: number;
}

/** What the host functions of a plugin have been asked for, and what is stored. */
export interface HostContents {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  readonly entries: readonly { readonly key: string; readonly bytes: number; readonly value: CutText }[];
  /** How many entries follow. */
  readonly moreEntries: number;
  /** How often the call read the clock. */
  readonly clockReads: number;
  /** How many random bytes the call asked for. */
  readonly randomBytes: number;
}

/** What a plugin was sent or what it sent back, as the plugin sees it. */
export interface RawMessage {
  readonly bytes: number;
  /** The text; of an archive, its first bytes in hexadecimal digits. */
  readonly content: CutText;
  /** What `content.more` counts. */
  readonly unit: 'characters' | 'bytes';
}

/** One call, as plain values. */
export interface CallReport {
  /** The wire function or hook. */
  readonly name: string;
  readonly outcome: CallOutcome;
  /** Missing if nothing was called. */
  readonly cost?: CallCost;
  /** What the plugin was sent; missing if nothing was. */
  readonly sent?: RawMessage;
  /** What it sent back; missing if it sent nothing. */
  readonly answered?: RawMessage;
  readonly recorded: Recorded;
  /** Missing in generation 2, which has no host functions. */
  readonly host?: HostContents;
  /** How many calls the instance had before this one; in generation 2 each has a fresh state. */
  readonly callsBefore: number;
  /** Why a host would not make this call; missing if it would. */
  readonly remark?: string;
}

/** Some calls of a series. */
export interface SeriesSlice {
  readonly costs: readonly CallCost[];
  /** The call that failed, which is not among the costs. No call follows it. */
  readonly failed?: CallReport;
}
