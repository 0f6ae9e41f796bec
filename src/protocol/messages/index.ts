export {
  bool,
  emptyWhenMissing,
  f32,
  f64,
  fixedArray,
  i64,
  list,
  map,
  opaque,
  opaqueObject,
  option,
  skippedWhenNone,
  string,
  stringEnum,
  stringSet,
  struct,
  taggedUnion,
  u8,
  u16,
  u32,
  u64,
  usize,
} from '../../json/declare.ts';
export { decodeJson, decodeJsonBytes, decodeNode, parseEnvelope } from '../../json/decode.ts';
export { encodeEnvelope, encodeJson } from '../../json/encode.ts';
export type { FieldOrder } from '../../json/encode-value.ts';
export { OpaqueJson } from '../../json/opaque-json.ts';
export { JsonDecodeError, type JsonDecodeFailure, type JsonDecodeFailureKind } from '../../json/text/decode-error.ts';
export { JsonEncodeError, type JsonEncodeFailure, type JsonEncodeFailureKind } from '../../json/text/encode-error.ts';
export {
  type ArrayNode,
  type BooleanNode,
  type FloatNode,
  type IntegerNode,
  type JsonEntry,
  type JsonNode,
  type NullNode,
  type ObjectNode,
  type StringNode,
  takeEntry,
} from '../../json/text/node.ts';
export { compareUtf8, utf8Length } from '../../json/text/utf8.ts';
export type { JsonObject, JsonValue } from '../../json/text/value.ts';
export type * from '../../json/type.ts';
export * from '../limits.ts';
export * from './handshake.ts';
export * from './identity.ts';
export { allowedFunctionsForKind, type PluginKind, requiredFunctionsForKind } from './kinds.ts';
export * from './metadata.ts';
export * from './self-check.ts';
export type { BuildSignerRequest, BuildSignerResponse } from './v1/build-signer.ts';
export type {
  CandidateWire,
  RateLimitObservationWire,
  SubscriptionQuotaCandidateSnapshotWire,
} from './v1/candidate.ts';
export type {
  HeaderWire,
  RequestWire,
  ShapedRequestWire,
  UpstreamErrorCategory,
  UpstreamErrorWire,
} from './v1/http.ts';
export type { NormalizeErrorRequest, NormalizeErrorResponse } from './v1/normalize-error.ts';
export type { ObserveRequest, ObserveResponse } from './v1/observe.ts';
export type { ObserveEventWire } from './v1/observe-event.ts';
export type { OnUnauthorizedRequest, OnUnauthorizedResponse } from './v1/on-unauthorized.ts';
export type { Principal } from './v1/principal.ts';
export type { RouteRequest, RouteResponse } from './v1/route.ts';
export { samples as wireSamples } from './v1/samples.ts';
export type { ShapeRequest, ShapeResponse } from './v1/shape.ts';
export type { SignRequest, SignResponse } from './v1/sign.ts';
export type { DialectBinding, UpstreamWire } from './v1/upstream.ts';
export type {
  BreakpointOriginWire,
  CacheBreakpointSourceWire,
  CacheBreakpointWire,
  CacheScoreWire,
  TtlClassWire,
  WarmCacheEntryWire,
} from './v2/cache.ts';
export type { CandidateWire as CandidateWireV2 } from './v2/candidate.ts';
export type { RouteRequest as RouteRequestV2 } from './v2/route.ts';
export type { ShapeRequest as ShapeRequestV2 } from './v2/shape.ts';
export type { FilterRequest, FilterResponse, PerCandidateReasonWire } from './v3/filter.ts';
export { wire, wireTypes } from './wire.ts';
export { allWireFunctions, type FallbackPolicy, type WireFunction, type WireFunctionName } from './wire-function.ts';
