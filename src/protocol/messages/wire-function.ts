import type { WireType } from '../../json/type.ts';

/** The wire functions that a host offers, in the reference's order (abi/PROTOCOL.md, Layer 2). `route` is older and not among them. */
export const allWireFunctions = [
  'shape',
  'normalize_error',
  'build_signer',
  'sign',
  'on_unauthorized',
  'observe',
  'filter',
] as const;

/** The name of a wire function that a host offers. */
export type WireFunctionName = (typeof allWireFunctions)[number];

/** What a host does in the place of a failed call; fixed for each function (abi/PROTOCOL.md, Layer 5). */
export type FallbackPolicy = 'fail_request' | 'silent_skip' | 'use_default' | 'pass_through';

/** A function that a plugin exports and a host dispatches to: a value, so that a host may declare its own beside the built-in ones. */
export interface WireFunction<Req, Res> {
  /** The name of the export. */
  readonly name: WireFunctionName | 'route' | (string & {});
  /** What takes the place of a failed call. */
  readonly fallback: FallbackPolicy;
  /** The versions that a host may offer. */
  readonly supportedVersions: readonly number[];
  /** The sample request that self-check and conformance use; a new object each time. */
  dryRunRequest(): Req;
  /** The sample response that self-check and conformance use; a new object each time. */
  dryRunResponse(): Res;
  readonly schemas: { readonly request: WireType<Req>; readonly response: WireType<Res> };
}

/** What a plugin is for; told by the functions that it implements (abi/PROTOCOL.md, "Slots and kinds"). */
export type PluginKind = 'dialect' | 'signer_factory' | 'observability';

interface KindRule {
  readonly required: readonly WireFunctionName[];
  readonly optional: readonly WireFunctionName[];
}

const kindRules: Readonly<Record<PluginKind, KindRule>> = {
  dialect: { required: ['shape'], optional: ['normalize_error'] },
  signer_factory: { required: ['build_signer', 'sign'], optional: ['on_unauthorized'] },
  observability: { required: ['observe'], optional: [] },
};

/** The wire functions that a plugin of this kind must implement (abi/PROTOCOL.md, "Slots and kinds"). */
export function requiredFunctionsForKind(kind: PluginKind): readonly WireFunctionName[] {
  return kindRules[kind].required;
}

/** The wire functions that a plugin of this kind may implement: the required ones first (abi/PROTOCOL.md, "Slots and kinds"). */
export function allowedFunctionsForKind(kind: PluginKind): readonly WireFunctionName[] {
  const { required, optional } = kindRules[kind];
  return [...required, ...optional];
}
