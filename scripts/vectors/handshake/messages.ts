import { wireFunctions } from '../built-in-offer.ts';

/** The accept of a plugin that implements `shape`. */
const shapeAccept = {
  handshake_schema_version: 1,
  envelope_version: 1,
  chosen_versions: { shape: 1 },
  plugin_supported: { shape: [1] },
  implemented_functions: ['shape'],
  required_capabilities: [],
};

/** An accept as JSON: of `shape`, or with some fields changed. */
export const accept = (changes: object = {}): string => JSON.stringify({ ...shapeAccept, ...changes });

/** An accept without functions, which every module may give. */
export const acceptNothing = accept({ chosen_versions: {}, plugin_supported: {}, implemented_functions: [] });

/** An accept that implements these functions, and chooses each in version 1. */
export const acceptAll = (...names: readonly string[]): string =>
  accept({
    chosen_versions: Object.fromEntries(names.map((name) => [name, 1])),
    plugin_supported: Object.fromEntries(names.map((name) => [name, [1]])),
    implemented_functions: names,
  });

const builtIn = {
  handshake_schema_version: 1,
  envelope_version: 1,
  function_versions: Object.fromEntries(wireFunctions.map((name) => [name, [1]])),
  host_capabilities: [],
};

/** An offer as JSON: the built-in one, or with some fields changed. */
export const offer = (changes: object = {}): string => JSON.stringify({ ...builtIn, ...changes });

/** The names `NAME01`, `NAME02`, ... */
export const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${String(index + 1).padStart(2, '0')}`);
