import { reasonOf } from './failure.ts';

/** The shortest module: magic and version, no section. */
export const EMPTY_MODULE = /* @__PURE__ */ Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/**
 * Why the engine compiles nothing at run time, in its own words; `undefined` when it compiles.
 *
 * Edge workers forbid it, and pages whose Content-Security-Policy lacks `wasm-unsafe-eval`. Engines
 * then throw the error that they throw for an invalid module. The empty module tells the two apart:
 * it is valid everywhere.
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
 * Why the engine did not compile, when that says nothing of the module; `undefined` when it does.
 *
 * @param thrown by the engine. For an invalid module that is a `CompileError`; a `RangeError` is
 * thrown by a browser whose main thread may not compile modules of several megabytes at once.
 */
export function refusalOf(thrown: unknown): string | undefined {
  return thrown instanceof RangeError ? reasonOf(thrown) : compilationRefusal();
}

/** What a host does about it. */
export const COMPILATION_ADVICE = /* @__PURE__ */ [
  'prepare the plugin elsewhere with preparePlugin, the kernel linked, and give compilePlugin the',
  'WebAssembly.Module that the platform makes of it; in a page, allow',
  "'wasm-unsafe-eval' in its Content-Security-Policy, and use compilePluginAsync or admitAsync",
].join(' ');
