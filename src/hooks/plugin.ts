import type { CallUse } from '../call-use.ts';
import { translate } from '../failure.ts';
import type { Budget } from '../metering/index.ts';
import { checkArgument } from '../option-rules.ts';
import { PAGE_BYTES } from '../wasm/encoding/types.ts';
import { decodeArchiveUpTo } from './archive/decode.ts';
import { ArchiveDecodeError } from './archive/decode-error.ts';
import { type PlannedArchive, planArchive } from './archive/encode.ts';
import { ArchiveEncodeError } from './archive/encode-error.ts';
import {
  type GuestPhase,
  HookCallError,
  type HookCallFailure,
  type HookPhase,
  type StopReason,
  stopReasonOf,
} from './call-error.ts';
import type { CompiledHooks } from './compiled.ts';
import {
  filterHook,
  type Hook,
  type HookName,
  hooks,
  shapeHook,
  transformResponseHook,
  transformSseEventHook,
} from './hook.ts';
import type { HookInstance, Instances } from './instances.ts';
import type { FilterRequest, FilterResponse } from './messages/filter.ts';
import type {
  ShapeRequest,
  ShapeResponse,
  TransformResponseRequest,
  TransformResponseResult,
  TransformSseEventRequest,
  TransformSseEventResult,
} from './messages/shape.ts';
import type { PluginMetadata } from './metadata.ts';
import { SIGNATURES, signatureOf } from './signatures.ts';

export type { CallUse } from '../call-use.ts';

/** The plugin's response, or why there is none. `used` is missing if the plugin was not called. */
export type HookOutcome<Response> =
  | { readonly kind: 'ok'; readonly response: Response; readonly used?: CallUse }
  | { readonly kind: 'error'; readonly error: HookCallError; readonly used?: CallUse };

/** What a {@link HookPlugin} is made of. */
export interface HookPluginParts {
  readonly metadata: PluginMetadata;
  /** A plugin that passed inspection. */
  readonly compiled: CompiledHooks;
  /** Where each call gets its instance. */
  readonly instances: Instances;
  /** The budget of each call. */
  readonly budget: Required<Budget>;
  /**
   * Reports each call that found its exports, after its instance is given back.
   *
   * @param seconds that the call took.
   * @param trapPhase where the plugin failed, if it did.
   */
  readonly report?: (hook: HookName, seconds: number, trapPhase: HookPhase | undefined) => void;
}

/** A function of the plugin, whose calls are metered. */
type GuestFunction = (...args: readonly number[]) => number | bigint;

/** What is known of a call, also if it fails. */
interface CallRecord {
  /** How long it ran, once it found its exports. */
  seconds?: number;
  /** What it used, once it had an instance. */
  used?: CallUse;
  responseBytes: number;
}

const ALLOC = /* @__PURE__ */ signatureOf(SIGNATURES.cc_lb_alloc);
const HOOK = /* @__PURE__ */ signatureOf(SIGNATURES.hook);

/** The alignment that a host asks of the allocator for a request, in bytes. */
export const REQUEST_ALIGN = 16;

/**
 * The most elements of all lists of an answer: results, headers or events. A plugin's memory has
 * room for 8 million, whose values would take 2 GB.
 */
const ANSWER_ELEMENTS_MAX = 100_000;

/**
 * A plugin that was admitted. Calls are synchronous. Each has a fresh state and its own budget, and
 * a failed call does not affect the next. Calls throw nothing but what the telemetry throws.
 */
export class HookPlugin {
  /** What the plugin says of itself. */
  readonly metadata: PluginMetadata;
  readonly #parts: HookPluginParts;
  #fuelConsumed = 0;
  #memoryPages = 0;

  /** Used by `admitHooks`. */
  constructor(parts: HookPluginParts) {
    this.metadata = parts.metadata;
    this.#parts = parts;
  }

  /** What the engine compiled. `admitHooks` takes it instead of bytes. */
  get module(): WebAssembly.Module {
    return this.#parts.compiled.module;
  }

  /** The fuel that the latest call burnt; after `OutOfFuel` the whole budget. */
  get fuelConsumed(): number {
    return this.#fuelConsumed;
  }

  /** Pages of 64 KiB that the plugin's memory had after the latest call; 0 if nothing ran. */
  get memoryPages(): number {
    return this.#memoryPages;
  }

  /**
   * Whether a host should call a hook: it is declared, and its mode is `active`. The functions
   * below run the plugin in any case.
   */
  isActive(hook: HookName): boolean {
    return this.metadata.hooks[hook]?.mode === 'active';
  }

  /** Chooses among the candidates for a request. */
  filter(request: FilterRequest): HookOutcome<FilterResponse> {
    return this.call(filterHook, request);
  }

  /** Makes the request for the upstream. */
  shape(request: ShapeRequest): HookOutcome<ShapeResponse> {
    return this.call(shapeHook, request);
  }

  /** Changes the upstream's response. */
  transformResponse(request: TransformResponseRequest): HookOutcome<TransformResponseResult> {
    return this.call(transformResponseHook, request);
  }

  /** Changes one event of the upstream's response. */
  transformSseEvent(request: TransformSseEventRequest): HookOutcome<TransformSseEventResult> {
    return this.call(transformSseEventHook, request);
  }

  /**
   * Calls any hook.
   *
   * @param hook one of `hooks`.
   * @throws TypeError if `hook` is anything else. Exceptions from the telemetry propagate.
   */
  call<Request, Response>(hook: Hook<Request, Response>, request: Request): HookOutcome<Response> {
    checkHook(hook);
    return this.#call(
      hook,
      () => planRequest(hook, request),
      (answer) => readResponse(hook, answer),
    );
  }

  /**
   * {@link call} for a host that writes requests and reads answers elsewhere.
   *
   * @param request the archive of the request.
   * @returns a copy of the plugin's answer, which nobody has read yet.
   */
  callArchive(hook: Hook, request: Uint8Array): HookOutcome<Uint8Array<ArrayBuffer>> {
    const writeTo: PlannedArchive['writeTo'] = (memory, offset) => memory.set(request, offset);
    return this.#call(
      hook,
      () => ({ size: request.length, writeTo }),
      (answer) => answer.slice(),
    );
  }

  /** @param read is given a view of the answer in the plugin's memory. */
  #call<Response>(
    hook: Pick<Hook, 'name' | 'exportName'>,
    plan: () => PlannedArchive,
    read: (answer: Uint8Array<ArrayBuffer>) => Response,
  ): HookOutcome<Response> {
    const record: CallRecord = { responseBytes: 0 };
    this.#fuelConsumed = 0;
    this.#memoryPages = 0;
    const outcome = outcomeOf(hook, () => this.#dispatch(hook, plan(), read, record));
    const trapPhase = outcome.kind === 'error' ? trapPhaseOf(outcome.error) : undefined;
    const { seconds, used } = record;
    if (seconds !== undefined) this.#parts.report?.(hook.name, seconds, trapPhase);
    return used === undefined ? outcome : { ...outcome, used };
  }

  #dispatch<Response>(
    hook: Pick<Hook, 'name' | 'exportName'>,
    archive: PlannedArchive,
    read: (answer: Uint8Array<ArrayBuffer>) => Response,
    record: CallRecord,
  ): Response {
    const { name: subject } = hook;
    const { compiled, instances, budget } = this.#parts;
    const notInstantiated = (stop: StopReason): HookCallFailure => ({ kind: 'InstantiateFailed', stop });
    const instance = running(() => instances.take(budget, archive.size), notInstantiated, compiled, subject);
    try {
      running(() => instance.start(), notInstantiated, compiled, subject);
      const alloc = this.#function(instance, 'cc_lb_alloc', ALLOC, subject);
      const run = this.#function(instance, hook.exportName, HOOK, subject);
      const begunAt = performance.now();
      try {
        const answer = answerOf(subject, instance, alloc, run, archive);
        record.responseBytes = answer.length;
        return read(answer);
      } finally {
        record.seconds = (performance.now() - begunAt) / 1_000;
      }
    } finally {
      const { fuelConsumed: fuel } = instance.meter;
      this.#fuelConsumed = fuel;
      this.#memoryPages = instance.memoryBytes() / PAGE_BYTES;
      record.used = { fuel, requestBytes: archive.size, responseBytes: record.responseBytes };
      instances.giveBack(instance);
    }
  }

  /** Finds a function of the plugin, whose call is metered. */
  #function({ exports, meter }: HookInstance, name: GuestPhase, expected: string, subject: string): GuestFunction {
    const { compiled } = this.#parts;
    const type = compiled.functions.get(name);
    const exported = exports[name];
    if (type === undefined || typeof exported !== 'function')
      throw new HookCallError({ kind: 'MissingExport', name }, { subject });
    const found = signatureOf(type);
    if (found !== expected) throw new HookCallError({ kind: 'ExportType', name, expected, found }, { subject });
    return (...args) =>
      running(
        () => meter.run(() => exported(...args)),
        (stop) => ({ kind: 'GuestTrap', phase: name, stop }),
        compiled,
        subject,
      );
  }
}

/**
 * {@link HookPlugin.call} for a plugin on another thread or in another process.
 *
 * @param call calls the plugin with the archive of a request. If its promise rejects, so does that
 * of this function: the host itself failed.
 * @returns a promise of the outcome.
 */
export async function callRemoteHook<Request, Response>(
  hook: Hook<Request, Response>,
  request: Request,
  call: (archive: Uint8Array<ArrayBuffer>) => Promise<HookOutcome<Uint8Array<ArrayBuffer>>>,
): Promise<HookOutcome<Response>> {
  checkHook(hook);
  const planned = outcomeOf(hook, () => {
    const archive = planRequest(hook, request);
    const bytes = new Uint8Array(archive.size);
    archive.writeTo(bytes);
    return bytes;
  });
  if (planned.kind === 'error') return planned;
  const answered = await call(planned.response);
  if (answered.kind === 'error') return answered;
  const { used, response } = answered;
  return { ...outcomeOf(hook, () => readResponse(hook, response)), ...(used !== undefined && { used }) };
}

function checkHook<Request, Response>(hook: Hook<Request, Response>): void {
  // The cast: `includes` only compares.
  checkArgument('hook', hooks.includes(hook as Hook), 'a hook, such as filterHook');
}

/** Makes an outcome of work for a call, whatever it throws. */
function outcomeOf<T>({ name: subject }: Pick<Hook, 'name'>, work: () => T): HookOutcome<T> {
  try {
    return { kind: 'ok', response: work() };
  } catch (thrown) {
    const error =
      thrown instanceof HookCallError ? thrown : new HookCallError({ kind: 'Panic' }, { cause: thrown, subject });
    return { kind: 'error', error };
  }
}

/** Writes the request, and runs the hook. @returns a view of the answer in the plugin's memory. */
function answerOf(
  subject: string,
  instance: HookInstance,
  alloc: GuestFunction,
  run: GuestFunction,
  archive: PlannedArchive,
): Uint8Array<ArrayBuffer> {
  const refuse = (failure: HookCallFailure): never => {
    throw new HookCallError(failure, { subject });
  };
  const { size } = archive;
  const address = Number(alloc(size, REQUEST_ALIGN)) >>> 0;
  if (address === 0) refuse({ kind: 'NoAllocation', size });
  const memoryBytes = instance.memoryBytes();
  if (address + size > memoryBytes) refuse({ kind: 'AllocationOutside', address, size, memoryBytes });
  archive.writeTo(new Uint8Array(instance.memory.buffer), address);

  const answer = BigInt.asUintN(64, BigInt(run(address, size)));
  return answerAt(Number(answer >> 32n), Number(answer & 0xffff_ffffn), instance, refuse);
}

/**
 * Returns the phase of a failed call if cc-lb counts the failure as a trap. It does not count an
 * archive that cannot be read.
 */
function trapPhaseOf({ phase, upstream }: HookCallError): HookPhase | undefined {
  return upstream === null ? undefined : phase;
}

function planRequest<Request, Response>(
  { name, request: type }: Hook<Request, Response>,
  request: Request,
): PlannedArchive {
  return translate(
    () => planArchive(type, request),
    ArchiveEncodeError,
    // No cause: its message may contain numbers of the request.
    ({ failure: { path, expected } }) =>
      new HookCallError({ kind: 'InvalidRequest', path, expected }, { subject: name }),
  );
}

/** Returns a view of the answer in the plugin's memory as it is now. */
function answerAt(
  address: number,
  size: number,
  instance: HookInstance,
  refuse: (failure: HookCallFailure) => never,
): Uint8Array<ArrayBuffer> {
  if (address === 0 || size === 0) return refuse({ kind: 'EmptyAnswer', address, size });
  const memoryBytes = instance.memoryBytes();
  if (address + size > memoryBytes) return refuse({ kind: 'AnswerOutside', address, size, memoryBytes });
  return new Uint8Array(instance.memory.buffer, address, size);
}

/** Reads the response. Alignments count from the answer's first byte, wherever that is. */
function readResponse<Request, Response>(
  { name, response }: Hook<Request, Response>,
  answer: Uint8Array<ArrayBuffer>,
): Response {
  return translate(
    () => decodeArchiveUpTo(response, answer, ANSWER_ELEMENTS_MAX),
    ArchiveDecodeError,
    ({ failure: fault, message: reason }, options) => {
      const { path, offset } = fault;
      return new HookCallError(
        { kind: 'MalformedResponse', path, offset, reason, fault, ...(looksLikeJson(answer) && { isJson: true }) },
        { ...options, subject: name },
      );
    },
  );
}

/** Whether bytes begin and end as an object or an array in JSON. */
function looksLikeJson(answer: Uint8Array): boolean {
  const ends = String.fromCharCode(answer[0] ?? 0, answer.at(-1) ?? 0);
  return ends === '{}' || ends === '[]';
}

/** Runs the plugin's code, and makes a failure of whatever ends it. */
function running<T>(
  run: () => T,
  failure: (stop: StopReason) => HookCallFailure,
  { stacks }: CompiledHooks,
  subject: string,
): T {
  try {
    return run();
  } catch (cause) {
    throw new HookCallError(failure(stopReasonOf(cause, stacks)), { cause, subject });
  }
}
