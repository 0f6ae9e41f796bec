import { instantiationRefusal, refusalOf } from '../../compilation.ts';
import { MeteringError } from '../error.ts';

/**
 * Compiles a module at run time.
 *
 * @throws MeteringError `CompilationRefused` if the engine may not compile here. What the engine
 * throws else.
 */
export function compileHere(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw refused(error);
  }
}

/**
 * {@link compileHere}, with the engine compiling on threads of its own where it can. Rejects with
 * what that throws.
 */
export async function compileHereAsync(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw refused(error);
  }
}

/**
 * Makes an instance.
 *
 * @param imports what the module imports.
 * @throws MeteringError `CompilationRefused` if the engine refuses even to instantiate here. What
 * the engine throws else.
 */
export function instanceHere(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (error) {
    throw unless(error, instantiationRefusal(error));
  }
}

/** {@link instanceHere}, with the engine's asynchronous function. Rejects with what that throws. */
export async function instanceHereAsync(
  module: WebAssembly.Module,
  imports: WebAssembly.Imports,
): Promise<WebAssembly.Instance> {
  try {
    return await WebAssembly.instantiate(module, imports);
  } catch (error) {
    throw unless(error, instantiationRefusal(error));
  }
}

/** Makes a `CompilationRefused` of an error that says nothing about the module. */
function refused(thrown: unknown): unknown {
  return unless(thrown, refusalOf(thrown));
}

/** @param reason why the engine refused; `undefined` if it did not. */
function unless(cause: unknown, reason: string | undefined): unknown {
  return reason === undefined ? cause : new MeteringError({ kind: 'CompilationRefused', reason }, { cause });
}
