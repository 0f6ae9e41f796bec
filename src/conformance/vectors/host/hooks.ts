import { type AdmitHooksOptions, admitHooks, type HookAdmissionReport } from '../../../hooks/admit.ts';
import { decodeArchive } from '../../../hooks/archive/decode.ts';
import { ArchiveDecodeError } from '../../../hooks/archive/decode-error.ts';
import { encodeArchive } from '../../../hooks/archive/encode.ts';
import type { ArchiveType } from '../../../hooks/archive/type.ts';
import { HookCallError, type HookCallFailure } from '../../../hooks/call-error.ts';
import { type Hook, type HookName, hooks } from '../../../hooks/hook.ts';
import { inspectHooks } from '../../../hooks/inspect.ts';
import { HookInspectError } from '../../../hooks/inspect-error.ts';
import { decodeArchiveJson, encodeArchiveJson } from '../../../hooks/json-form.ts';
import { Claim, Header, Principal, Upstream } from '../../../hooks/messages/common.ts';
import {
  CachePricingSummary,
  FilterRequest,
  FilterResponse,
  PerCandidateReason,
  UpstreamCandidate,
} from '../../../hooks/messages/filter.ts';
import {
  ShapeRequest,
  ShapeResponse,
  SseEvent,
  TransformResponseRequest,
  TransformResponseResult,
  TransformSseEventRequest,
  TransformSseEventResult,
} from '../../../hooks/messages/shape.ts';
import { pluginMetadata } from '../../../hooks/metadata.ts';
import type { HookPlugin } from '../../../hooks/plugin.ts';
import { encodeJson } from '../../../json/encode.ts';
import { isUint8Array } from '../../../realms.ts';
import type { End } from '../end.ts';
import type { Step, Vector } from '../vector.ts';
import { fuelOf } from './budget.ts';
import { endOf, errorOf } from './failed.ts';

/** The types of HOOKS.md by name. */
const types = new Map<string, ArchiveType>(
  Object.entries({
    Claim,
    Principal,
    Header,
    Upstream,
    CachePricingSummary,
    UpstreamCandidate,
    FilterRequest,
    PerCandidateReason,
    FilterResponse,
    ShapeRequest,
    ShapeResponse,
    TransformResponseRequest,
    TransformResponseResult,
    SseEvent,
    TransformSseEventRequest,
    TransformSseEventResult,
  }),
);

/** Reads an archive, or writes one. */
export function archiveEnds({ type: name, archive, value }: Vector<'hooks-archives'>): readonly End[] {
  const type = types.get(name);
  if (type === undefined) throw new TypeError(`HOOKS.md has no type ${name}`);
  if (typeof value === 'string') return [{ bytes: encodeArchive(type, decodeArchiveJson(type, value)) }];
  if (!isUint8Array(archive)) throw new TypeError('a vector of an archive has an archive or a value');
  const end = endOf({ archive: ArchiveDecodeError }, () => ({
    response: encodeArchiveJson(type, decodeArchive(type, archive)),
  }));
  return [end.error ? { ...end, error: { ...end.error, kind: 'Malformed' } } : end];
}

/** Inspects a module, and ends with its metadata. */
export function inspectionEnds({ wasm, slot }: Vector<'hooks-inspection'>): readonly End[] {
  const inspect = (): End => {
    const { metadata } = inspectHooks(wasm, nameOfSlot(slot));
    return { response: encodeJson(pluginMetadata, metadata, 'declared') };
  };
  return [endOf({ inspect: HookInspectError }, inspect)];
}

/** Admits a plugin, and calls its hooks. */
export function hookDispatchEnds({ wasm, slot, budget, steps }: Vector<'hooks-dispatch'>): readonly End[] {
  const { wall_ms, memory_pages, table_entries, stack_slots } = budget ?? {};
  const each = { fuel: fuelOf(budget), wallMs: wall_ms ?? Number.POSITIVE_INFINITY };
  const options: AdmitHooksOptions = {
    slot: nameOfSlot(slot),
    probe: each,
    call: each,
    memoryMaxPages: memory_pages ?? undefined,
    tableMaxEntries: table_entries ?? undefined,
    stackSlots: stack_slots ?? undefined,
  };
  const { report, plugin } = admitHooks(wasm, options);
  return plugin && steps ? steps.map((step) => callEnd(plugin, step)) : [admissionEnd(report)];
}

function admissionEnd({ admitted, steps }: HookAdmissionReport): End {
  const failed = steps.find(({ error }) => error !== undefined);
  if (failed?.error === undefined) return { admitted };
  const { step: layer, error } = failed;
  // A probe is a call, so it fails as a call does.
  return layer === 'probe'
    ? failedCall(layer, error.failure as HookCallFailure)
    : { layer, error: errorOf(error.failure) };
}

function callEnd(plugin: HookPlugin, { hook: name, request }: Step<'hooks-dispatch'>): End {
  const hook = hookNamed(name);
  const outcome = plugin.call(hook, decodeArchiveJson(hook.request, request));
  const fuel = plugin.fuelConsumed;
  if (outcome.kind === 'ok') return { response: encodeArchiveJson(hook.response, outcome.response), fuel };
  return { ...failedCall('call', outcome.error.failure), fuel };
}

/** The end of a failed call. */
function failedCall(layer: string, failure: HookCallFailure): End {
  const { phase } = new HookCallError(failure);
  return { layer, phase, error: errorOf(failure) };
}

/** A slot is named as its hook is. */
function nameOfSlot(slot: string | null | undefined): HookName | undefined {
  return typeof slot === 'string' ? hookNamed(slot).name : undefined;
}

function hookNamed(name: string): Hook {
  const hook = hooks.find((one) => one.name === name);
  if (hook === undefined) throw new TypeError(`HOOKS.md has no hook ${name}`);
  return hook;
}
