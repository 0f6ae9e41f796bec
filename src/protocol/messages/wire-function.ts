import type { WireType } from '../../json/type.ts';

/**
 * The wire functions that a host offers, in the reference's order (abi/PROTOCOL.md, Layer 2).
 * `route` is older and not included.
 */
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

/** What a host does after a failed call; fixed for each function (abi/PROTOCOL.md, Layer 5). */
export type FallbackPolicy = 'fail_request' | 'silent_skip' | 'use_default' | 'pass_through';

/**
 * A function that a plugin exports and a host dispatches to. It is a value, so a host may declare
 * functions of its own.
 */
export interface WireFunction<Req, Res> {
  /** The name of the export. */
  readonly name: WireFunctionName | 'route' | (string & {});
  /** What the host does after a failed call. */
  readonly fallback: FallbackPolicy;
  /** The versions that a host may offer. */
  readonly supportedVersions: readonly number[];
  /** Returns a new sample request, for self-check and conformance. */
  dryRunRequest(): Req;
  /** Returns a new sample response, for self-check and conformance. */
  dryRunResponse(): Res;
  readonly schemas: { readonly request: WireType<Req>; readonly response: WireType<Res> };
}

/** The purpose of a plugin. Its functions decide which (abi/PROTOCOL.md, "Slots and kinds"). */
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

/**
 * Returns the wire functions that a plugin of this kind must implement (abi/PROTOCOL.md, "Slots and
 * kinds").
 */
export function requiredFunctionsForKind(kind: PluginKind): readonly WireFunctionName[] {
  return kindRules[kind].required;
}

/**
 * Returns the wire functions that a plugin of this kind may implement, the required ones first
 * (abi/PROTOCOL.md, "Slots and kinds").
 */
export function allowedFunctionsForKind(kind: PluginKind): readonly WireFunctionName[] {
  const { required, optional } = kindRules[kind];
  return [...required, ...optional];
}
