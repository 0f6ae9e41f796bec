/** A folder of src, or one that is checked by itself within `wasm/` and `metering/`. */
export interface Room {
  /** What is in it, in a few words: they stand in the picture of docs/ARCHITECTURE.md. */
  readonly about: string;
  /** Folders that its files may import. A folder's name allows the folders within it too. */
  readonly imports: readonly string[];
}

/**
 * The rule of imports, from the bottom up: each folder imports only folders that have their row
 * above its own. Files at the root of src, all but index.ts, are free for everybody, and import
 * nothing but each other. `name/index` is the file index.ts of a folder whose parts have rows.
 * Within one row biome allows everything but cycles. test/scripts/imports.test.ts checks it.
 */
export const ROOMS: Readonly<Record<string, Room>> = {
  metrics: { about: 'what is measured, and where it goes', imports: [] },
  json: { about: "serde's JSON from declarations", imports: [] },
  'wasm/encoding': { about: 'bytes, LEB128, types', imports: [] },
  'wasm/instructions': { about: 'the table of instructions', imports: ['wasm/encoding'] },
  'wasm/grammar': { about: 'sections and code', imports: ['wasm/encoding', 'wasm/instructions'] },
  'wasm/emit': { about: 'writes modules', imports: ['wasm/encoding', 'wasm/instructions', 'wasm/grammar'] },
  'wasm/rewriter': {
    about: 'changes modules',
    imports: ['wasm/encoding', 'wasm/instructions', 'wasm/grammar', 'wasm/emit'],
  },
  'wasm/text': { about: 'prints functions', imports: ['wasm/encoding', 'wasm/instructions', 'wasm/grammar'] },
  'wasm/index': { about: 'the entry ./wasm', imports: ['wasm'] },
  generation: { about: 'which ABI a module speaks', imports: ['wasm'] },
  metering: { about: 'limits, errors, layout', imports: ['wasm'] },
  'metering/rewrite': { about: 'bytes to bytes', imports: ['wasm', 'metering'] },
  'metering/run': { about: 'an instance runs', imports: ['wasm', 'metering'] },
  'metering/index': {
    about: 'the entry ./metering',
    imports: ['wasm', 'metering', 'metering/rewrite', 'metering/run'],
  },
  kernel: { about: 'the Extism kernel', imports: ['wasm'] },
  plugin: { about: 'compile, link, call', imports: ['wasm', 'metering', 'kernel'] },
  protocol: {
    about: 'the five layers',
    imports: ['metrics', 'json', 'wasm', 'generation', 'metering', 'kernel', 'plugin'],
  },
  hooks: { about: 'the hook ABI', imports: ['metrics', 'json', 'wasm', 'generation', 'metering'] },
  host: {
    about: 'what a server needs',
    imports: ['metrics', 'json', 'wasm', 'generation', 'metering', 'kernel', 'plugin', 'protocol', 'hooks'],
  },
  hints: {
    about: 'what to change',
    imports: ['json', 'wasm', 'metering', 'kernel', 'plugin', 'protocol', 'hooks'],
  },
  inspection: {
    about: 'what is in a module',
    imports: ['wasm', 'generation', 'metering', 'kernel', 'plugin', 'protocol', 'hooks', 'hints'],
  },
  conformance: {
    about: 'checks of plugins',
    imports: ['json', 'wasm', 'generation', 'metering', 'plugin', 'protocol', 'hooks', 'hints'],
  },
  cli: {
    about: 'the command line',
    imports: [
      ...['json', 'generation', 'metering', 'kernel', 'plugin', 'protocol', 'hooks', 'hints'],
      ...['inspection', 'conformance'],
    ],
  },
  inspector: {
    about: 'the page in a browser',
    imports: [
      ...['json', 'wasm', 'generation', 'metering', 'kernel', 'plugin', 'protocol', 'hooks', 'hints'],
      ...['inspection', 'conformance'],
    ],
  },
  index: { about: 'the root entry', imports: ['generation', 'kernel', 'metering', 'plugin', 'protocol'] },
};

/** An import that breaks the rule for now. One that no longer occurs fails the test. */
export interface ImportException {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Imports that break the rule, with what has to move before they can go. */
export const IMPORT_EXCEPTIONS: readonly ImportException[] = [];
