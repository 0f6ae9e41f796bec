import type { HostExceptions, MeteringOptions } from '../../src/metering/index.ts';
import type { Start } from './program.ts';

/** What a module needs beside the defaults. */
interface Needs {
  /** Limits of metering that must be raised. That they must is checked. */
  readonly options: MeteringOptions;
  /** What exceptions of its imports do: they propagate where glue code throws them to unwind. */
  readonly hostExceptions?: HostExceptions;
}

/** A module that runs programs in its own glue code. */
export interface Interpreter extends Needs {
  readonly title: string;
  readonly load: () => Promise<{ readonly start: Start }>;
}

/** A module that is metered, validated and compiled, and not run. */
interface Compiled extends Needs {
  readonly title: string;
  /** The file in the packages of test/modules. */
  readonly file: string;
}

/** The one place that says which limits real modules need. */
const none: MeteringOptions = {};
const anyWork: MeteringOptions = { compileWorkMax: Number.POSITIVE_INFINITY };

/** Modules that run programs. */
export const interpreters: Readonly<Record<string, Interpreter>> = {
  sqlite: { title: 'SQLite', options: none, load: () => import('./programs/sqlite.ts') },
  quickjs: { title: 'QuickJS', options: none, load: () => import('./programs/quickjs.ts') },
  ruby: { title: 'CRuby', options: anyWork, load: () => import('./programs/ruby.ts') },
  python: { title: 'CPython', options: anyWork, load: () => import('./programs/python.ts') },
  postgres: {
    title: 'PostgreSQL',
    options: anyWork,
    hostExceptions: 'propagate',
    load: () => import('./programs/postgres.ts'),
  },
  php: { title: 'PHP', options: anyWork, hostExceptions: 'propagate', load: () => import('./programs/php.ts') },
};

/** Modules that are metered and compiled only. */
export const compiled: Readonly<Record<string, Compiled>> = {
  duckdb: { title: 'DuckDB', options: anyWork, file: '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm' },
  esbuild: { title: 'esbuild', options: anyWork, file: 'esbuild-wasm/esbuild.wasm' },
  biome: { title: 'Biome', options: anyWork, file: '@biomejs/wasm-nodejs/biome_wasm_bg.wasm' },
  mupdf: { title: 'MuPDF', options: none, file: 'mupdf/dist/mupdf-wasm.wasm' },
  'tree-sitter-swift': {
    title: 'tree-sitter, Swift',
    options: none,
    file: 'tree-sitter-wasms/out/tree-sitter-swift.wasm',
  },
};
