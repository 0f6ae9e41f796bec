import { reasonOf } from './failure.ts';
import { isErrorNamed } from './realms.ts';

/** The shortest valid module: magic and version, no section. */
export const EMPTY_MODULE = /* @__PURE__ */ Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/**
 * Checks whether the engine compiles at run time.
 *
 * Edge workers forbid it, and so do pages whose Content-Security-Policy lacks `wasm-unsafe-eval`.
 * Engines then throw the same error as for an invalid module. The empty module is valid everywhere,
 * so it distinguishes the two cases.
 *
 * @returns the engine's reason for refusing; `undefined` if it compiles.
 */
export function compilationRefusal(): string | undefined {
  try {
    new WebAssembly.Module(EMPTY_MODULE);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/**
 * Checks whether an error from the engine says nothing about the module.
 *
 * @param thrown what the engine threw. For an invalid module that is a `CompileError`. A browser
 * throws a `RangeError` if its main thread may not compile a module of that size synchronously.
 * @returns the engine's reason for refusing every such module; `undefined` if the module is at
 * fault.
 */
export function refusalOf(thrown: unknown): string | undefined {
  return isErrorNamed(thrown, 'RangeError') ? reasonOf(thrown) : compilationRefusal();
}

/**
 * Checks whether the engine refuses to compile, or to instantiate what is compiled.
 *
 * @param thrown what leaves the instantiation of a module. Engines throw a `CompileError` there for
 * nothing else. Bun does so in a context of `node:vm` without code generation.
 * @returns the engine's reason; `undefined` if it threw anything else.
 */
export function instantiationRefusal(thrown: unknown): string | undefined {
  return isErrorNamed(thrown, 'CompileError') ? reasonOf(thrown) : undefined;
}

/** How a surface of the package takes a plugin that was prepared ahead. */
export interface PreparedAhead {
  /** What takes the module, and from which bytes it is made. */
  readonly pass: string;
  /** What compiles a module that is too large for the main thread of a page. */
  readonly asynchronous: string;
}

/**
 * Makes the message for a host that may not compile.
 *
 * @param reason the engine's.
 */
export function compilationRefusalMessage(reason: string, { pass, asynchronous }: PreparedAhead): string {
  return (
    'this environment does not allow WebAssembly to be compiled at run time; prepare the plugin ahead ' +
    `(${pass}; in a page, allow 'wasm-unsafe-eval' in its Content-Security-Policy, and compile large modules ` +
    `with ${asynchronous}): ${reason}`
  );
}
