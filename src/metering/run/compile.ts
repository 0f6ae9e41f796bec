import { refusalOf } from '../../compilation.ts';
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

/** Makes a `CompilationRefused` of an error that says nothing about the module. */
function refused(thrown: unknown): unknown {
  const reason = refusalOf(thrown);
  return reason === undefined ? thrown : new MeteringError({ kind: 'CompilationRefused', reason }, { cause: thrown });
}
