import { refusalOf } from '../compilation.ts';
import { type FailureMessages, reasonOf } from '../failure.ts';
import { adviceOn, copyBytes, MODULE_BYTES, type ModuleBytes } from '../module-source.ts';
import { type BuildFailure, BuildPluginError } from '../plugin/build-error.ts';
import { invalidModule } from '../plugin/invalid-module.ts';
import { canLink } from '../plugin/two-memories.ts';
import { isModule } from '../realms.ts';

/**
 * Whether this engine runs prepared plugins of the older protocol: their modules have two memories,
 * that of the plugin and that of the kernel. Node 20 supports one. Plugins of the hook ABI run on
 * every engine.
 */
export function runsPreparedPlugins(): boolean {
  return canLink();
}

/**
 * Makes a module of prepared bytes, with the engine, on threads of its own if it can. Where a
 * platform imports modules by itself, or compiles a response, use that instead.
 *
 * @param wasm the bytes that `preparePlugin` or `prepareHooks` returned. What they are is checked
 * when the module is used.
 * @returns a promise of the module.
 * @throws BuildPluginError as a rejection. `InvalidArgument` if `wasm` is not bytes;
 * `CompilationRefused` where the engine may not compile; `InvalidModule` if it refuses the module.
 * If the reason is that it supports one memory in a module, the error says what to do.
 */
export async function compilePrepared(wasm: ModuleBytes): Promise<WebAssembly.Module> {
  const bytes = copyBytes(wasm);
  if (bytes === undefined) {
    const expected = `${MODULE_BYTES}${isModule(wasm) ? A_MODULE : adviceOn(wasm)}`;
    throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'wasm', expected });
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw compileError(cause);
  }
}

const A_MODULE = '; a WebAssembly.Module was given: pass it to buildPlugin, admit or admitHooks as it is';

const ONE_MEMORY = /* @__PURE__ */ [
  'This engine supports one memory in a module, and a prepared plugin has two, its own and that of the kernel:',
  "prepare it with kernel: 'instance', and give the module to compilePlugin of the entry ./plugin",
].join(' ');

/** Bytes that are prepared, but the environment does not let this package make a module of them. */
class CompilePreparedError extends BuildPluginError {
  protected override get messages(): FailureMessages<BuildFailure> {
    return { ...super.messages, CompilationRefused: ({ reason }) => `${REFUSED}: ${reason}` };
  }
}

const REFUSED = /* @__PURE__ */ [
  'this environment does not allow WebAssembly to be compiled at run time; let the platform make the module (import',
  "the prepared file as a module; in a page, allow 'wasm-unsafe-eval' in its Content-Security-Policy)",
].join(' ');

/** What engines that support one memory write of a second one. */
const MEMORIES = /memor(y|ies)/i;

function compileError(cause: unknown): BuildPluginError {
  const refusal = refusalOf(cause);
  if (refusal !== undefined)
    return new CompilePreparedError({ kind: 'CompilationRefused', reason: refusal }, { cause });
  const reason = reasonOf(cause);
  return invalidModule(cause, !canLink() && MEMORIES.test(reason) ? `${reason}. ${ONE_MEMORY}` : reason);
}
