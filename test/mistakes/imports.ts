import type { Mistake } from './mistake.ts';
import { routerWith } from './plugins.ts';

/** The router with one more import: a function of this type. */
const importing = (module: string, name: string, type: string): Promise<Uint8Array> =>
  routerWith({ fields: `(import "${module}" "${name}" (func ${type}))` });

/** Imports that no host provides, or none at admission. */
export const importMistakes: readonly Mistake[] = [
  {
    id: 'hshostfn',
    mistake: 'The handshake calls `cc_lb_log`, a function of the host',
    command: ['admit'],
    file: () => importing('extism:host/user', 'cc_lb_log', '(param i64 i64)'),
    told: {
      check: 'handshake.build',
      kind: 'Instantiate',
      message:
        'the plugin could not be built: the module has imports that neither the kernel nor the host ' +
        'provides: function "extism:host/user" "cc_lb_log"',
      hint:
        'Import only functions of extism:host/env. No WASI: build for wasm32-unknown-unknown. If your ' +
        'host provides those of extism:host/user in the handshake, verify with the option hostFunctions, ' +
        'or --host-functions.',
    },
  },
  {
    id: 'wasip1',
    mistake: 'The module is built for `wasm32-wasip1`',
    command: ['admit'],
    file: () => importing('wasi_snapshot_preview1', 'fd_write', '(param i32 i32 i32 i32) (result i32)'),
    told: {
      check: 'handshake.build',
      kind: 'Instantiate',
      message:
        'the plugin could not be built: the module has imports that neither the kernel nor the host ' +
        'provides: function "wasi_snapshot_preview1" "fd_write"',
      hint:
        'Import only functions of extism:host/env. No WASI: build for wasm32-unknown-unknown. If your ' +
        'host provides those of extism:host/user in the handshake, verify with the option hostFunctions, ' +
        'or --host-functions.',
    },
  },
  {
    id: 'abort',
    mistake: 'An AssemblyScript module imports `env.abort`',
    command: ['admit'],
    file: () => importing('env', 'abort', '(param i32 i32 i32 i32)'),
    told: {
      check: 'handshake.build',
      kind: 'Instantiate',
      message:
        'the plugin could not be built: the module has imports that neither the kernel nor the host ' +
        'provides: function "env" "abort"',
      hint:
        'Import only functions of extism:host/env. No WASI: build for wasm32-unknown-unknown. If your ' +
        'host provides those of extism:host/user in the handshake, verify with the option hostFunctions, ' +
        'or --host-functions.',
    },
  },
  {
    id: 'memcpy',
    mistake: 'A Zig or C module imports `env.memcpy`: it is linked without its memory functions',
    command: ['admit'],
    file: () => importing('env', 'memcpy', '(param i32 i32 i32) (result i32)'),
    told: {
      check: 'handshake.build',
      kind: 'Instantiate',
      message:
        'the plugin could not be built: the module has imports that neither the kernel nor the host ' +
        'provides: function "env" "memcpy"',
      hint:
        'Import only functions of extism:host/env. No WASI: build for wasm32-unknown-unknown. If your ' +
        'host provides those of extism:host/user in the handshake, verify with the option hostFunctions, ' +
        'or --host-functions.',
    },
  },
  {
    id: 'go',
    mistake: 'A Go module is built with the standard compiler for `js`',
    command: ['admit'],
    file: () => importing('gojs', 'runtime.wasmExit', '(param i32)'),
    told: {
      check: 'handshake.build',
      kind: 'Instantiate',
      message:
        'the plugin could not be built: the module has imports that neither the kernel nor the host ' +
        'provides: function "gojs" "runtime.wasmExit"',
      hint:
        'Import only functions of extism:host/env. No WASI: build for wasm32-unknown-unknown. If your ' +
        'host provides those of extism:host/user in the handshake, verify with the option hostFunctions, ' +
        'or --host-functions.',
    },
  },
];
