import {
  allowedFunctionsForKind,
  type PluginKind,
  type PluginSlot,
  requiredFunctionsForKind,
  type WireFunctionName,
} from '../protocol/messages/index.ts';
import type { ConformanceKind } from './report.ts';

/** The wire functions of a kind. */
export interface KindFunctions {
  readonly required: readonly WireFunctionName[];
  /** The required ones, and those that it may implement beside them. */
  readonly allowed: readonly WireFunctionName[];
}

/** One kind: its functions, and what the protocol calls it: a kind, or the slot of that name. */
interface KindRow extends KindFunctions {
  readonly alsoCalled: PluginKind | PluginSlot;
}

/** A kind that the protocol has too. */
function ofProtocol(kind: PluginKind): KindRow {
  return { alsoCalled: kind, required: requiredFunctionsForKind(kind), allowed: allowedFunctionsForKind(kind) };
}

/** The kinds, in the order in which they are looked for (abi/PROTOCOL.md, "Slots and kinds"). A router is the plugin of the slot `router`. */
export const kindFunctions: Readonly<Record<ConformanceKind, KindRow>> = {
  router: { alsoCalled: 'router', required: ['filter'], allowed: ['filter'] },
  shape: ofProtocol('dialect'),
  observability: ofProtocol('observability'),
  signer: ofProtocol('signer_factory'),
};

/** All kinds. */
export const conformanceKinds: readonly ConformanceKind[] = ['router', 'shape', 'observability', 'signer'];

/** All kinds, each with the protocol's name for it where that is another: `shape (or dialect)`. */
export const kindNames: readonly string[] = conformanceKinds.map((kind) => {
  const { alsoCalled } = kindFunctions[kind];
  return alsoCalled === kind ? kind : `${kind} (or ${alsoCalled})`;
});

/** The kind that a name stands for, the suite's own or the protocol's; `auto` for itself; `undefined` for any other. */
export function kindNamed(name: unknown): ConformanceKind | 'auto' | undefined {
  if (name === 'auto') return name;
  return conformanceKinds.find((kind) => kind === name || kindFunctions[kind].alsoCalled === name);
}

/** The kinds that one of these functions belongs to. */
export function kindsOf(functions: readonly string[]): ConformanceKind[] {
  return conformanceKinds.filter((kind) => kindFunctions[kind].allowed.some((name) => functions.includes(name)));
}

/** The wire functions that plugins of these kinds must, or may implement; each once. */
export function functionsOf(kinds: readonly ConformanceKind[], which: keyof KindFunctions): WireFunctionName[] {
  return kinds.flatMap((kind) => kindFunctions[kind][which]);
}
