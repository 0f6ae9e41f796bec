export {
  bool,
  emptyWhenMissing,
  type FieldsOf,
  type FieldTable,
  f32,
  f64,
  fixedArray,
  i64,
  list,
  type MarkedField,
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
export type { ComposeEncoder, Encodable, Encode } from '../../json/encoders/encoder.ts';
export { OpaqueJson } from '../../json/opaque-json.ts';
export {
  JsonDecodeError,
  type JsonDecodeFailure,
  type JsonDecodeFailureKind,
  type JsonDecodeFault,
  type JsonType,
} from '../../json/text/decode-error.ts';
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
  type TextNode,
  takeEntry,
} from '../../json/text/node.ts';
export { compareUtf8, utf8Length } from '../../json/text/utf8.ts';
export type { JsonObject, JsonValue } from '../../json/text/value.ts';
export type * from '../../json/type.ts';
export * from '../limits.ts';
export * from './handshake.ts';
export * from './metadata.ts';
export * from './self-check.ts';
export type { NormalizeErrorRequest, NormalizeErrorResponse, ShapeRequest, ShapeResponse } from './v1/dialect.ts';
export type { ObserveRequest, ObserveResponse } from './v1/observe.ts';
export type { RouteRequest, RouteResponse } from './v1/route.ts';
export { samples as wireSamples } from './v1/samples.ts';
export type {
  BuildSignerRequest,
  BuildSignerResponse,
  OnUnauthorizedRequest,
  OnUnauthorizedResponse,
  SignRequest,
  SignResponse,
} from './v1/signer.ts';
export type {
  CandidateWire,
  DialectBinding,
  HeaderWire,
  ObserveEventWire,
  Principal,
  RateLimitObservationWire,
  RequestWire,
  ShapedRequestWire,
  SubscriptionQuotaCandidateSnapshotWire,
  UpstreamErrorCategory,
  UpstreamErrorWire,
  UpstreamWire,
} from './v1/types.ts';
export type {
  BreakpointOriginWire,
  CacheBreakpointSourceWire,
  CacheBreakpointWire,
  CacheScoreWire,
  CandidateWire as CandidateWireV2,
  RouteRequest as RouteRequestV2,
  ShapeRequest as ShapeRequestV2,
  TtlClassWire,
  WarmCacheEntryWire,
} from './v2.ts';
export type { FilterRequest, FilterResponse, PerCandidateReasonWire } from './v3.ts';
export { wire, wireTypes } from './wire.ts';
export {
  allowedFunctionsForKind,
  allWireFunctions,
  type FallbackPolicy,
  type PluginKind,
  requiredFunctionsForKind,
  type WireFunction,
  type WireFunctionName,
} from './wire-function.ts';
