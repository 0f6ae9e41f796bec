import type { Mistake } from './mistake.ts';
import { routerWith } from './plugins.ts';

/** Imports of functions of one module, by name: the type of each. */
const importsOf = (module: string, functions: Readonly<Record<string, string>>): string =>
  Object.entries(functions)
    .map(([name, type]) => `(import "${module}" "${name}" (func ${type}))`)
    .join('\n');

/** The router with more imports. */
const importing = (...given: Parameters<typeof importsOf>): Promise<Uint8Array> =>
  routerWith({ fields: importsOf(...given) });

/** What Rust's standard library imports for `println!` and `panic!`. */
const wasi = {
  fd_write: '(param i32 i32 i32 i32) (result i32)',
  environ_get: '(param i32 i32) (result i32)',
  environ_sizes_get: '(param i32 i32) (result i32)',
  proc_exit: '(param i32)',
};

/** The type of `memcpy` and `memset`. */
const i32x3 = '(param i32 i32 i32) (result i32)';

/** Some of what Go's runtime imports. */
const gojs = {
  'runtime.wasmExit': '(param i32)',
  'runtime.wasmWrite': '(param i32)',
  'runtime.nanotime1': '(param i32)',
};

/** Go's runtime, which exports nothing of a plugin. */
const goModule = `${importsOf('gojs', gojs)} (func (export "run") (param i32 i32)) (func (export "resume"))`;

/** Imports that no host provides, or none at admission. */
export const importMistakes: readonly Mistake[] = [
  {
    id: 'hshostfn',
    mistake: 'The handshake calls `cc_lb_log`, a function of the host',
    command: ['admit'],
    file: () => importing('extism:host/user', { cc_lb_log: '(param i64 i64)' }),
    told: {
      check: 'handshake.build',
      kind: 'Instantiate',
      message:
        'the plugin could not be built: the module has imports that neither the kernel nor the host ' +
        'provides: function "extism:host/user" "cc_lb_log"',
      hint:
        'Do not import `cc_lb_log`: handshake and self-check offer no host function, so cc-lb admits no ' +
        'plugin that imports one. If your host provides them there too, verify with --host-functions ' +
        '(option hostFunctions). To log, call a function of extism:host/env, such as log_info.',
    },
  },
  {
    id: 'wasip1',
    mistake: 'The module is built for `wasm32-wasip1`',
    command: ['admit'],
    file: () => importing('wasi_snapshot_preview1', wasi),
    told: {
      check: 'handshake.build',
      kind: 'Instantiate',
      message:
        'the plugin could not be built: the module has imports that neither the kernel nor the host ' +
        'provides: function "wasi_snapshot_preview1" "fd_write", function "wasi_snapshot_preview1" ' +
        '"environ_get", function "wasi_snapshot_preview1" "environ_sizes_get", function ' +
        '"wasi_snapshot_preview1" "proc_exit"',
      hint:
        'Build without WASI, which no host of cc-lb provides (`fd_write`). Rust: --target ' +
        'wasm32-unknown-unknown, not wasm32-wasip1. Go: TinyGo with -target=wasm-unknown. C: ' +
        'clang --target=wasm32 -nostdlib, without wasi-libc. Zig: -target wasm32-freestanding. ' +
        'AssemblyScript: without wasi-shim.',
    },
  },
  {
    id: 'abort',
    mistake: 'An AssemblyScript module imports `env.abort`',
    command: ['admit'],
    file: () => importing('env', { abort: '(param i32 i32 i32 i32)' }),
    told: {
      check: 'handshake.build',
      kind: 'Instantiate',
      message:
        'the plugin could not be built: the module has imports that neither the kernel nor the host ' +
        'provides: function "env" "abort"',
      hint:
        'In AssemblyScript with the library of this package, let asconfig.json extend ' +
        'cc-lb-runtime-protocol/assemblyscript/asconfig.json; else compile with --use ' +
        'abort=PATH/TO/YOUR/abort, a function of your own that sets an error. In C, define abort yourself.',
    },
  },
  {
    id: 'memcpy',
    mistake: 'A Zig or C module imports `env.memcpy`: it is linked without its memory functions',
    command: ['admit'],
    file: () => importing('env', { memcpy: i32x3, memset: i32x3 }),
    told: {
      check: 'handshake.build',
      kind: 'Instantiate',
      message:
        'the plugin could not be built: the module has imports that neither the kernel nor the host ' +
        'provides: function "env" "memcpy", function "env" "memset"',
      hint:
        'Link `memcpy` into the module: Zig has it in -fcompiler-rt. In C, define it, or compile with ' +
        '-mbulk-memory, which copies and fills without calls.',
    },
  },
  {
    id: 'go',
    mistake: 'A Go module is built with the standard compiler for `js`',
    command: ['admit'],
    file: () => routerWith({ exports: {}, fields: goModule }),
    told: {
      check: 'handshake.build',
      kind: 'Instantiate',
      message:
        'the plugin could not be built: the module has imports that neither the kernel nor the host ' +
        'provides: function "gojs" "runtime.wasmExit", function "gojs" "runtime.wasmWrite", function ' +
        '"gojs" "runtime.nanotime1"',
      hint:
        "Build with TinyGo, `-target=wasm-unknown`: Go's own compiler (GOOS=js) writes modules that need " +
        'a JavaScript glue, and GOOS=wasip1 those that need WASI.',
    },
  },
];
