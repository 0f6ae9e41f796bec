import { functionNamed } from './wire-functions.ts';

/**
 * The stages of failures. Written here and not imported: what a vector expects must not follow from
 * the package that it tests.
 */
const stages = {
  MissingNegotiatedVersion: 'version_lookup',
  RequestValue: 'request_envelope',
  SerializeRequestEnvelope: 'serialize_request',
  PluginCall: 'plugin_call',
  DeserializeResponseEnvelope: 'deserialize_response',
  ResponseNotObject: 'response_envelope',
  ResponseVersionMissing: 'response_envelope',
  ResponseVersionInvalid: 'response_envelope',
  ResponseVersionMismatch: 'response_envelope',
  ResponseDecode: 'response_decode',
} as const;

/** A kind of failure of a dispatch. */
export type DispatchFailureKind = keyof typeof stages;

/** The end of a dispatch that failed, without the policy. */
export function undispatched(kind: DispatchFailureKind, fields?: object): object {
  return { layer: 'dispatch', stage: stages[kind], error: { kind, ...(fields && { fields }) } };
}

/** The end of a dispatch of a function that failed. */
export function failed(name: string, kind: DispatchFailureKind, fields?: object): object {
  return { ...undispatched(kind, fields), fallback: functionNamed(name).fallback };
}
