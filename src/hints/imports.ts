import { KERNEL_NAMESPACE, kernelFunctions } from '../kernel/index.ts';
import { nearest } from '../nearest.ts';
import { HostState, hostFunctions } from '../protocol/host-functions.ts';
import { listed, quoted } from './hint.ts';

/** An import that nobody provides. */
export interface Import {
  readonly module: string;
  readonly name: string;
}

/** Imports of one origin, and what to do about them. */
interface Origin {
  /** Who makes such imports. */
  readonly id: string;
  readonly holds: (wanted: Import) => boolean;
  readonly hint: (wanted: Import) => string;
}

const HOST_MODULE = 'extism:host/user';

/** The functions that a host of cc-lb provides to a plugin that it dispatches to. */
function hostFunctionNames(): readonly string[] {
  return hostFunctions({ pluginName: '', storageQuotaBytes: 0, state: new HostState() }).map(({ name }) => name);
}

function hostFunctionHint({ name }: Import): string {
  const known = hostFunctionNames();
  if (known.includes(name)) {
    return (
      `Do not import ${quoted(name)}: handshake and self-check offer no host function, so cc-lb admits no plugin ` +
      `that ` +
      'imports one. If your host provides them there too, verify with --host-functions (option hostFunctions). To ' +
      'log, call a function of extism:host/env, such as log_info.'
    );
  }
  const near = nearest(name, known);
  return (
    `Do not import ${quoted(name)}: ` +
    `${near === undefined ? `extism:host/user has ${listed(known)}.` : `did you mean \`${near}\`?`}`
  );
}

function kernelFunctionHint({ name }: Import): string {
  const known = Object.keys(kernelFunctions);
  const near = nearest(name, known);
  return (
    `Import only functions that the kernel has (abi/KERNEL.md), with the right type, and not ${quoted(name)}` +
    `${near === undefined ? '.' : `; did you mean \`${near}\`?`}`
  );
}

const fromEnv =
  (pattern: RegExp) =>
  (wanted: Import): boolean =>
    wanted.module === 'env' && pattern.test(wanted.name);

/** Where imports come from, the special ones before the general ones. */
export const origins: readonly Origin[] = [
  {
    id: 'kernel',
    holds: ({ module }) => module === KERNEL_NAMESPACE,
    hint: kernelFunctionHint,
  },
  { id: 'host-functions', holds: ({ module }) => module === HOST_MODULE, hint: hostFunctionHint },
  {
    id: 'kernel-elsewhere',
    holds: ({ module, name }) => /^extism\b/.test(module) || name.startsWith('extism_'),
    hint: ({ module, name }) =>
      `Import ${quoted(name.replace(/^extism_/, ''))} from extism:host/env, and not from ${quoted(module)}: update ` +
      `the ` +
      'PDK of Extism to 1.0 or later, or correct the name of the module.',
  },
  {
    id: 'host-functions-elsewhere',
    holds: ({ name }) => /^cc_lb_/.test(name),
    hint: ({ name }) =>
      `Name extism:host/user as the module of ${quoted(name)} (in C import_module, in AssemblyScript @external); ` +
      `note ` +
      'that handshake and self-check do not offer it.',
  },
  {
    id: 'go',
    holds: ({ module }) => module === 'gojs' || module === 'go',
    hint: () =>
      "Build with TinyGo, `-target=wasm-unknown`: Go's own compiler (GOOS=js) writes modules that need a JavaScript " +
      'glue, and GOOS=wasip1 those that need WASI.',
  },
  {
    id: 'wasi',
    holds: ({ module }) => /^wasi_(?:snapshot_preview|unstable)/.test(module),
    hint: ({ name }) =>
      `Build without WASI, which no host of cc-lb provides (${quoted(name)}). Rust: --target ` +
      'wasm32-unknown-unknown, not wasm32-wasip1. Go: TinyGo with -target=wasm-unknown. C: clang --target=wasm32 ' +
      '-nostdlib, without wasi-libc. Zig: -target wasm32-freestanding. AssemblyScript: without wasi-shim.',
  },
  {
    id: 'component',
    holds: ({ module }) => /^(?:\[export\])?[a-z][a-z0-9-]*:[a-z][a-z0-9-]*\/[a-z]|^cm32p2/.test(module),
    hint: ({ module }) =>
      `Build without the component model: ${quoted(module)} is an interface of it. In Rust leave out wit-bindgen and ` +
      'cargo-component, and build for wasm32-unknown-unknown, not wasm32-wasip2.',
  },
  {
    id: 'wasm-bindgen',
    holds: ({ module, name }) => /^(?:wbg|__wbindgen_.*)$/.test(module) || /^__wbindgen_|^__wbg_/.test(name),
    hint: () =>
      'Build without wasm-bindgen, which binds to JavaScript: `cargo tree -i wasm-bindgen` says which crate needs ' +
      'it. ' +
      'Often it is the default feature wasmbind of chrono, or the feature js or wasm_js of getrandom.',
  },
  {
    id: 'abort',
    holds: fromEnv(/^abort$/),
    hint: () =>
      'In AssemblyScript with the library of this package, let asconfig.json extend ' +
      'cc-lb-runtime-protocol/assemblyscript/asconfig.json; else compile with --use abort=PATH/TO/YOUR/abort, a' +
      ' function of your own that sets an error. In C, define abort yourself.',
  },
  {
    id: 'assemblyscript',
    holds: fromEnv(/^(?:seed|trace|(?:console|Date|Math|process|crypto|performance|String|Reflect)\..*)$/),
    hint: ({ name }) =>
      `Do not use what AssemblyScript takes from JavaScript (${quoted(name)}): neither console, Math.random, ` +
      `Date.now nor ` +
      'trace. With --use name=path/to/function the compiler calls a function of your own instead.',
  },
  {
    id: 'memory',
    holds: fromEnv(/^(?:memory|__linear_memory)$/),
    hint: () =>
      'Define and export the memory instead of importing it: link without --import-memory (AssemblyScript: ' +
      '--importMemory). An object file (.o) imports it too: link it to a module.',
  },
  {
    id: 'position-independent',
    holds: ({ module, name }) =>
      /^GOT\./.test(module) ||
      fromEnv(/^__(?:memory_base|table_base|stack_pointer|indirect_function_table)$/)({ module, name }),
    hint: () =>
      'Link a complete module, not a shared library or an object: no -shared, -fPIC, SIDE_MODULE or ' +
      '--import-table, and ' +
      'no `wasm-ld -r`.',
  },
  {
    id: 'emscripten',
    holds: ({ module, name }) =>
      /^a$/.test(module) ||
      fromEnv(/^(?:_?emscripten_|__syscall|__cxa_|_abort_js|_emval_|_embind_|invoke_|setTempRet0|__assert_fail)/)({
        module,
        name,
      }),
    hint: () =>
      'Compile with clang --target=wasm32 -nostdlib instead of Emscripten, whose modules need its JavaScript; of the ' +
      'C++ library, leave out exceptions (-fno-exceptions).',
  },
  {
    id: 'memory-functions',
    holds: fromEnv(/^mem(?:cpy|move|set|cmp)$/),
    hint: ({ name }) =>
      `Link ${quoted(name)} into the module: Zig has it in -fcompiler-rt. In C, define it, or compile with ` +
      '-mbulk-memory, which copies and fills without calls.',
  },
  {
    id: 'undefined-symbol',
    holds: ({ module }) => module === 'env',
    hint: ({ name }) =>
      `Define ${quoted(name)}, or do not call it: the linker left an undefined symbol as an import. Link without ` +
      '--allow-undefined, and it says who uses the symbol.',
  },
];

/**
 * Says what to do about an import of a plugin of generation 1 that nobody provides: what made it,
 * and how to build without it.
 */
export function importHint(wanted: Import): string {
  return (
    originHint(wanted) ??
    `Remove the import of ${quoted(wanted.name)} from ${quoted(wanted.module)}: a plugin imports functions of ` +
      'extism:host/env alone. In AssemblyScript a `declare` in a file imports from the name of that file.'
  );
}

function originHint(wanted: Import): string | undefined {
  return origins.find(({ holds }) => holds(wanted))?.hint(wanted);
}

/** {@link importHint} for a hook plugin, to which nobody provides anything. */
export function hookImportHint(wanted: Import): string {
  if (/^extism\b/.test(wanted.module)) {
    return (
      `Build with cc-lb-pdk-wasmtime instead of a PDK of Extism: a hook plugin has no kernel ` +
      `(${quoted(wanted.name)}) ` +
      'and no host functions.'
    );
  }
  return (
    originHint(wanted) ?? `Remove the import of ${quoted(wanted.name)} from ${quoted(wanted.module)}: it may have none.`
  );
}
