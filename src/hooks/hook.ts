import { onFirstUse } from '../first-use.ts';
import type { ArchiveType } from './archive/type.ts';
import { descriptorOf, fingerprintOf } from './fingerprint.ts';
import { FilterRequest, FilterResponse } from './messages/filter.ts';
import {
  ShapeRequest,
  ShapeResponse,
  TransformResponseRequest,
  TransformResponseResult,
  TransformSseEventRequest,
  TransformSseEventResult,
} from './messages/shape.ts';
import { filterSample, shapeSample, transformResponseSample, transformSseEventSample } from './samples.ts';

/** The hooks by name, in the order in which a host looks at them. */
export type HookName = 'filter' | 'shape' | 'transform_response' | 'transform_sse_event';

/** The names of all hooks, in that order. */
export const hookNames: readonly HookName[] = ['filter', 'shape', 'transform_response', 'transform_sse_event'];

/** The hooks that see the upstream's response. They belong to the slot `shape`. */
export const responseHooks: readonly HookName[] = ['transform_response', 'transform_sse_event'];

/** The hook for which a slot is. A plugin of `shape` brings the response hooks. */
export type HookSlotKind = 'filter' | 'shape';

/** The kinds of slots, in the order of their hooks. */
export const hookSlotKinds = ['filter', 'shape'] as const satisfies readonly HookSlotKind[];

/** The hooks that a plugin of each slot must declare. */
export const hooksOfSlot: Readonly<Record<HookSlotKind, readonly HookName[]>> = {
  filter: ['filter'],
  shape: ['shape', ...responseHooks],
};

/** One function that a plugin can offer. */
export interface Hook<Request = unknown, Response = unknown> {
  readonly name: HookName;
  /** The function's export. */
  readonly exportName: `cc_lb_${HookName}`;
  /** The custom section that holds the fingerprint of the request. */
  readonly schemaSection: string;
  /** The only version of its messages. */
  readonly wireVersion: 1;
  readonly request: ArchiveType<Request>;
  readonly response: ArchiveType<Response>;
  /** Makes the request with which admission probes the hook. */
  readonly sample: () => Request;
  /** Returns the fingerprint of the request: 32 bytes. */
  readonly fingerprint: () => Uint8Array;
}

/* @__NO_SIDE_EFFECTS__ */
function hook<Request, Response>(
  name: HookName,
  request: ArchiveType<Request>,
  response: ArchiveType<Response>,
  sample: () => Request,
): Hook<Request, Response> {
  return {
    name,
    exportName: `cc_lb_${name}`,
    schemaSection: `cc_lb.schema.${name}.v1`,
    wireVersion: 1,
    request,
    response,
    sample,
    fingerprint: onFirstUse(() => fingerprintOf(descriptorOf(request))),
  };
}

/** Chooses among the candidates for a request. */
export const filterHook: Hook<FilterRequest, FilterResponse> = hook(
  'filter',
  FilterRequest,
  FilterResponse,
  filterSample,
);
/** Makes the request for the upstream. */
export const shapeHook: Hook<ShapeRequest, ShapeResponse> = hook('shape', ShapeRequest, ShapeResponse, shapeSample);
/** Changes the upstream's response. */
export const transformResponseHook: Hook<TransformResponseRequest, TransformResponseResult> = hook(
  'transform_response',
  TransformResponseRequest,
  TransformResponseResult,
  transformResponseSample,
);
/** Changes one event of the upstream's response. */
export const transformSseEventHook: Hook<TransformSseEventRequest, TransformSseEventResult> = hook(
  'transform_sse_event',
  TransformSseEventRequest,
  TransformSseEventResult,
  transformSseEventSample,
);

/** All hooks, in the order of their names. */
export const hooks: readonly Hook[] = [filterHook, shapeHook, transformResponseHook, transformSseEventHook];
