import * as assert from 'uvu/assert';
import { type AdmitHooksOptions, admitHooks } from '../../../src/hooks/admit.ts';
import { ArchiveDecodeError } from '../../../src/hooks/archive/decode-error.ts';
import { HookCallError, type HookCallFailure, type HookPhase } from '../../../src/hooks/call-error.ts';
import type { HookOutcome, HookPlugin } from '../../../src/hooks/plugin.ts';
import {
  filterSample,
  shapeSample,
  transformResponseSample,
  transformSseEventSample,
} from '../../../src/hooks/samples.ts';
import { fixture } from '../../support/fixture.ts';
import { admitted } from '../hook-fixture.ts';

/** What a hostile module meets. */
export interface HostileEnd {
  /** The kind of the failure, with what it says; or `answers`, and the response as JSON. */
  readonly kind: string;
  readonly phase: HookPhase | '';
  /** What cc-lb calls the failure: of the admission, or else of the call. */
  readonly upstream: string;
}

/** A hostile module, or one of its behaviours, and its expected end. */
export interface HostileHook {
  readonly name: string;
  /** What it does, in a sentence without its full stop. */
  readonly does: string;
  readonly ends: HostileEnd;
  /** Runs the module, calls it once more if it was admitted, and returns how it ended. */
  readonly run: () => Promise<HostileEnd>;
}

/**
 * Budgets with which every hostile module ends soon. Only fuel ends an endless loop, so that the
 * end does not depend on the machine.
 */
export const small: AdmitHooksOptions = {
  probe: { fuel: 10_000_000, wallMs: Number.POSITIVE_INFINITY },
  call: { fuel: 5_000_000, wallMs: Number.POSITIVE_INFINITY },
  memoryMaxPages: 32,
};

const NONE = '';

/** The failure in words, without what depends on the engine. */
function shown(failure: HookCallFailure, cause: unknown): string {
  if ('stop' in failure) return `${failure.kind}: ${failure.stop.kind}`;
  if (!(cause instanceof ArchiveDecodeError)) return failure.kind;
  return `${failure.kind}: ${cause.failure.kind} at ${cause.failure.path}`;
}

/** How an admission ended. */
export async function admissionEnd(name: string): Promise<HostileEnd> {
  const { report, plugin } = admitHooks(await fixture(`hooks/hostile/${name}.wasm`), small);
  if (plugin !== undefined) return { kind: 'admitted', phase: NONE, upstream: NONE };
  const failed = report.steps.find(({ status }) => status === 'failed');
  if (failed?.step !== 'probe' || failed.error === undefined)
    throw new Error(`not refused by a probe: ${JSON.stringify(report.steps)}`);
  // A probe fails as a call does.
  const failure = failed.error.failure as HookCallFailure;
  const { phase } = new HookCallError(failure);
  return { kind: shown(failure, undefined), phase, upstream: failed.error.upstream ?? NONE };
}

/** How a call ended. */
function callEnd(outcome: HookOutcome<unknown>): HostileEnd {
  if (outcome.kind === 'ok')
    return { kind: `answers ${JSON.stringify(outcome.response)}`, phase: NONE, upstream: NONE };
  const { failure, phase, upstream, cause } = outcome.error;
  return { kind: shown(failure, cause), phase, upstream: upstream ?? NONE };
}

/** The hooks, each with a request of that id. Only the probe's id begins with "p". */
export const calls = {
  filter: (plugin: HookPlugin, request_id: string) => plugin.filter({ ...filterSample(), request_id }),
  shape: (plugin: HookPlugin, request_id: string) => plugin.shape({ ...shapeSample(), request_id }),
  transform_response: (plugin: HookPlugin, request_id: string) =>
    plugin.transformResponse({ ...transformResponseSample(), request_id }),
  transform_sse_event: (plugin: HookPlugin, request_id: string) =>
    plugin.transformSseEvent({ ...transformSseEventSample(), request_id }),
};

/** Admits a hostile module, makes it misbehave in a call, and checks the calls around that. */
export async function misbehave(
  name: string,
  hook: keyof typeof calls,
  request_id: string,
  options: AdmitHooksOptions = {},
): Promise<HostileEnd> {
  const plugin = admitted(await fixture(`hooks/hostile/${name}.wasm`), { ...small, ...options });
  const before = calls[hook](plugin, 'p');
  assert.is(before.kind, 'ok', 'before');
  const end = callEnd(calls[hook](plugin, request_id));
  assert.equal(calls[hook](plugin, 'p'), before, 'afterwards');
  return end;
}
