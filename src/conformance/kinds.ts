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
  /** The required functions and the optional ones. */
  readonly allowed: readonly WireFunctionName[];
}

/** The functions of one kind, and its name in the protocol: a kind's or a slot's. */
interface KindRow extends KindFunctions {
  readonly alsoCalled: PluginKind | PluginSlot;
}

/** The row of a kind that the protocol defines. */
function ofProtocol(kind: PluginKind): KindRow {
  return { alsoCalled: kind, required: requiredFunctionsForKind(kind), allowed: allowedFunctionsForKind(kind) };
}

/**
 * The kinds (abi/PROTOCOL.md, "Slots and kinds"). A router is not a kind of the protocol: it is a
 * plugin for the slot `router`.
 */
const kindFunctions: Readonly<Record<ConformanceKind, KindRow>> = {
  router: { alsoCalled: 'router', required: ['filter'], allowed: ['filter'] },
  shape: ofProtocol('dialect'),
  observability: ofProtocol('observability'),
  signer: ofProtocol('signer_factory'),
};

/** All kinds, in the order in which `auto` looks for them. */
export const conformanceKinds: readonly ConformanceKind[] = ['router', 'shape', 'observability', 'signer'];

/**
 * All kinds for messages, each with its name in the protocol if that differs: `shape (or dialect)`.
 */
export const kindNames: readonly string[] = conformanceKinds.map((kind) => {
  const { alsoCalled } = kindFunctions[kind];
  return alsoCalled === kind ? kind : `${kind} (or ${alsoCalled})`;
});

/**
 * The kind of a name.
 *
 * @param name the suite's name of a kind or the protocol's, or `auto`.
 * @returns `auto` for `auto`, `undefined` if the name is unknown.
 */
export function kindNamed(name: unknown): ConformanceKind | 'auto' | undefined {
  if (name === 'auto') return name;
  return conformanceKinds.find((kind) => kind === name || kindFunctions[kind].alsoCalled === name);
}

/** The kinds that allow at least one of these functions. */
export function kindsOf(functions: readonly string[]): ConformanceKind[] {
  return conformanceKinds.filter((kind) => kindFunctions[kind].allowed.some((name) => functions.includes(name)));
}

/** The wire functions that plugins of these kinds must or may implement. No two kinds share one. */
export function functionsOf(kinds: readonly ConformanceKind[], which: keyof KindFunctions): WireFunctionName[] {
  return kinds.flatMap((kind) => kindFunctions[kind][which]);
}
