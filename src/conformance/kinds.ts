import { allowedFunctionsForKind, requiredFunctionsForKind, type WireFunctionName } from '../wire/index.ts';
import type { ConformanceKind } from './report.ts';

/** The wire functions of a kind. */
export interface KindFunctions {
  readonly required: readonly WireFunctionName[];
  /** The required ones, and those that it may implement beside them. */
  readonly allowed: readonly WireFunctionName[];
}

/** The kinds, in the order in which they are looked for (abi/PROTOCOL.md, "Slots and kinds"). A router is the plugin of the slot `router`. */
export const kindFunctions: Readonly<Record<ConformanceKind, KindFunctions>> = {
  router: { required: ['filter'], allowed: ['filter'] },
  shape: { required: requiredFunctionsForKind('dialect'), allowed: allowedFunctionsForKind('dialect') },
  observability: {
    required: requiredFunctionsForKind('observability'),
    allowed: allowedFunctionsForKind('observability'),
  },
  signer: { required: requiredFunctionsForKind('signer_factory'), allowed: allowedFunctionsForKind('signer_factory') },
};

/** All kinds. */
export const conformanceKinds: readonly ConformanceKind[] = ['router', 'shape', 'observability', 'signer'];

/** The kinds that one of these functions belongs to. */
export function kindsOf(functions: readonly string[]): ConformanceKind[] {
  return conformanceKinds.filter((kind) => kindFunctions[kind].allowed.some((name) => functions.includes(name)));
}

/** The wire functions that plugins of these kinds must, or may implement; each once. */
export function functionsOf(kinds: readonly ConformanceKind[], which: keyof KindFunctions): WireFunctionName[] {
  return kinds.flatMap((kind) => kindFunctions[kind][which]);
}
