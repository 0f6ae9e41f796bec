import { refusalOf } from '../compilation.ts';
import { reasonOf } from '../failure.ts';
import { adviceOn, copyBytes, MODULE_BYTES, type ModuleBytes } from '../module-source.ts';
import { BuildPluginError } from '../plugin/build-error.ts';
import { CompilePluginError } from '../plugin/compile-error.ts';
import { invalidModule } from '../plugin/invalid-module.ts';
import { canLink } from '../plugin/two-memories.ts';

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
    const expected = `${MODULE_BYTES}${adviceOn(wasm)}`;
    throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'wasm', expected });
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw compileError(cause);
  }
}

const ONE_MEMORY = [
  'This engine supports one memory in a module, and a prepared plugin has two, its own and that of the kernel:',
  "prepare it with kernel: 'instance', and give the module to compilePlugin of the entry ./plugin",
].join(' ');

/** What engines that support one memory write of a second one. */
const MEMORIES = /memor(y|ies)/i;

function compileError(cause: unknown): BuildPluginError {
  const refusal = refusalOf(cause);
  if (refusal !== undefined) return new CompilePluginError({ kind: 'CompilationRefused', reason: refusal }, { cause });
  const reason = reasonOf(cause);
  return invalidModule(cause, !canLink() && MEMORIES.test(reason) ? `${reason}. ${ONE_MEMORY}` : reason);
}
