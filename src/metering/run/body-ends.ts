import { functionBodyEnds } from '../../wasm/grammar/function-bodies.ts';

/**
 * What a `StackReader` needs of a module's bytes.
 *
 * @returns where its functions end, where the engine does not tell their index: V8 as Deno builds
 * it. Elsewhere `undefined`, so that nothing is computed.
 */
export function bodyEndsFor(bytes: Uint8Array): Uint32Array | undefined {
  return 'Deno' in globalThis ? functionBodyEnds(bytes) : undefined;
}
