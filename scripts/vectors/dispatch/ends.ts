import { functionNamed } from './wire-functions.ts';

/** The stages of failures. */
const stages: Readonly<Record<string, string>> = {
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
};

/** The end of a dispatch that failed, without the policy. */
export function undispatched(kind: string, fields?: object): object {
  return { layer: 'dispatch', stage: stages[kind], error: { kind, ...(fields && { fields }) } };
}

/** The end of a dispatch of a function that failed. */
export function failed(name: string, kind: string, fields?: object): object {
  return { ...undispatched(kind, fields), fallback: functionNamed(name).fallback };
}
