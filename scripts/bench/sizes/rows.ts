// What is weighed, and the limit of each.
import { OURS, peers } from '../versions.ts';

/** Limits are in these. */
export const KIB = 1024;

/** A program that imports the package, and how heavy it may get. */
export interface Row {
  /** What stands in the table. */
  readonly name: string;
  readonly program: string;
  /** The entry that it imports, by its name in package.json; a peer has none. */
  readonly entry?: string;
  /** KiB, minified and gzipped, with every bundler that weighs it; a peer has none. */
  readonly limit?: number;
  /** KiB that it should come to, if that is less. A row over its aim fails nothing. */
  readonly aim?: number | undefined;
  /** Whether all bundlers weigh it, or only esbuild. */
  readonly all?: boolean;
}

/**
 * The limit of each entry that a program can import, all of it. A limit is what the entry weighs
 * now, and a little more: who needs more raises it here and says why in the commit.
 */
const entries: Readonly<Record<string, number>> = {
  '.': 80,
  './identity': 10.5,
  './handshake': 21.5,
  './self-check': 20,
  './metadata': 8.5,
  './dispatch': 11.5,
  './host-functions': 4,
  './admit': 74,
  './conformance': 159,
  './telemetry': 4.5,
  './kernel': 13.5,
  './wasm': 21.5,
  './wire': 14.5,
  './metering': 38,
  './plugin': 52,
  './hooks': 76,
  './host': 119,
  './host/worker': 103,
  './host/process': 103,
  './folder-store': 2,
  './prepared': 53,
};

/** What programs import that do not need all of an entry. */
const parts: readonly (readonly [names: string, entry: string, limit: number, aim?: number])[] = [
  ['admit, buildPlugin, dispatchWireCall', '.', 71],
  ['readIdentity', './identity', 10.5],
  ['buildPlugin, dispatchWireCall', './prepared', 22],
  ['admit, buildPlugin, dispatchWireCall, hostFunctions', './prepared', 32, 28],
  ['admit, admitHooks, buildPlugin, dispatchWireCall, hostFunctions', './prepared', 47],
];

const specifier = (entry: string): string => `${OURS}${entry.slice(1)}`;

/** The entries that all bundlers weigh. */
const compared: readonly string[] = ['./telemetry', './metadata', './kernel', './hooks'];

/** All rows, in the order of the table. */
export const rows: readonly Row[] = [
  ...parts.map(([names, entry, limit, aim]) => ({
    name: `\`import { ${names} } from '${specifier(entry)}'\``,
    program: `export { ${names} } from '${specifier(entry)}';`,
    entry,
    limit,
    aim,
    all: true,
  })),
  ...Object.entries(entries).map(([entry, limit]) => ({
    name: `\`${entry}\``,
    program: `export * from '${specifier(entry)}';`,
    entry,
    limit,
    all: compared.includes(entry),
  })),
  ...peers.map((peer) => ({ name: `(${peer})`, program: `export * from '${peer}';` })),
];

/**
 * Compares the rows with the entries of package.json.
 *
 * @param exports as package.json has them. Those that are a path are no JavaScript.
 * @returns the entries without a limit, and the limits of no entry.
 */
export function unmatched(exports: Readonly<Record<string, unknown>>): string[] {
  const importable = Object.keys(exports).filter((name) => typeof exports[name] !== 'string');
  return [
    ...importable.filter((name) => !(name in entries)).map((name) => `${name} is in package.json, and has no limit`),
    ...Object.keys(entries)
      .filter((name) => !importable.includes(name))
      .map((name) => `${name} has a limit, and is not in package.json`),
  ];
}
