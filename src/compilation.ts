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

/** Tells a host what to do where the engine may not compile. */
export const COMPILATION_ADVICE = /* @__PURE__ */ [
  'prepare the plugin elsewhere with preparePlugin, which links the kernel, and pass compilePlugin',
  'the WebAssembly.Module that the platform makes from it; in a page, allow',
  "'wasm-unsafe-eval' in its Content-Security-Policy, and use compilePluginAsync or admitAsync",
].join(' ');
