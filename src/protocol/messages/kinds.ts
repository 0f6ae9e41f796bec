import type { WireFunctionName } from './wire-function.ts';

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
