import type { HostExceptions, LimitName, MeteringOptions } from '../../src/metering/index.ts';
import type { Start } from './program.ts';

/** The options that a module needs. */
interface Needs {
  /** The limits of metering that are lifted. A test checks that exactly these refuse the module. */
  readonly options: MeteringOptions;
  /** What exceptions of its imports do: they propagate where glue code throws them to unwind. */
  readonly hostExceptions?: HostExceptions;
}

/** A module that runs programs with its own glue code. */
export interface Interpreter extends Needs {
  readonly title: string;
  readonly load: () => Promise<{ readonly start: Start }>;
}

/** A module that is metered, validated and compiled, but does not run. */
interface Compiled extends Needs {
  readonly title: string;
  /** The file in the packages of test/modules. */
  readonly file: string;
}

/** The limits that real modules need. No other place lists them. */
const none: MeteringOptions = {};
const lifting = (...names: LimitName[]): MeteringOptions => ({
  limits: Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])),
});

/** The sums over all functions that a module of more than 2 MB of code exceeds. */
const large = ['functions', 'codeBytes', 'moduleCalls', 'moduleBranches', 'moduleBlocks', 'moduleLoops'] as const;

/** Modules that run programs. */
export const interpreters: Readonly<Record<string, Interpreter>> = {
  sqlite: { title: 'SQLite', options: none, load: () => import('./programs/sqlite.ts') },
  quickjs: { title: 'QuickJS', options: none, load: () => import('./programs/quickjs.ts') },
  ruby: {
    title: 'CRuby',
    options: lifting(...large, 'dataSegments', 'moduleValuesAtJoins'),
    load: () => import('./programs/ruby.ts'),
  },
  python: {
    title: 'CPython',
    options: lifting(...large, 'dataSegments', 'exports'),
    load: () => import('./programs/python.ts'),
  },
  postgres: {
    title: 'PostgreSQL',
    options: lifting(...large, 'exports', 'moduleValuesAtJoins'),
    hostExceptions: 'propagate',
    load: () => import('./programs/postgres.ts'),
  },
  php: {
    title: 'PHP',
    options: lifting(
      ...large,
      'moduleBytes',
      'nameBytes',
      'dataSegments',
      'exports',
      'moduleBulkOperations',
      'moduleLabels',
      'moduleIndirectCalls',
      'moduleValuesAtJoins',
    ),
    hostExceptions: 'propagate',
    load: () => import('./programs/php.ts'),
  },
};

/** Modules that are only metered and compiled. */
export const compiled: Readonly<Record<string, Compiled>> = {
  duckdb: {
    title: 'DuckDB',
    options: lifting(
      ...large,
      'moduleBytes',
      'declarationBytes',
      'exports',
      'globals',
      'bodyBytes',
      'moduleHandlers',
      'handlers',
      'handlerDepth',
      'handlerEdges',
      'moduleValuesAtJoins',
      'moduleValuesAtClauses',
      'loops',
      'indirectCalls',
      'moduleIndirectCalls',
      'moduleValuesAtCalls',
      'moduleLabels',
      'moduleLocalGroups',
    ),
    file: '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm',
  },
  esbuild: {
    title: 'esbuild',
    options: lifting(
      'codeBytes',
      'dataSegments',
      'moduleCalls',
      'moduleLabels',
      'moduleBlocks',
      'moduleBranches',
      'moduleBulkOperations',
    ),
    file: 'esbuild-wasm/esbuild.wasm',
  },
  biome: {
    title: 'Biome',
    options: lifting(
      ...large,
      'moduleBytes',
      'nameBytes',
      'bodyBytes',
      'moduleBulkOperations',
      'moduleLabels',
      'loops',
      'moduleIndirectCalls',
      'moduleValuesAtCalls',
      'valuesAtJoins',
      'moduleValuesAtJoins',
    ),
    file: '@biomejs/wasm-nodejs/biome_wasm_bg.wasm',
  },
  mupdf: {
    title: 'MuPDF',
    options: lifting('codeBytes', 'functions', 'bodyBytes', 'moduleLoops', 'moduleBranches'),
    file: 'mupdf/dist/mupdf-wasm.wasm',
  },
  'tree-sitter-swift': {
    title: 'tree-sitter, Swift',
    options: lifting('bodyBytes', 'branches'),
    file: 'tree-sitter-wasms/out/tree-sitter-swift.wasm',
  },
};
