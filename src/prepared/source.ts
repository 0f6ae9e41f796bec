import type { EngineModule } from '../module-source.ts';
import { isModule, isTagged } from '../realms.ts';

/**
 * A `WebAssembly.Module` made from prepared bytes. The members refuse common mistakes, as those of
 * other sources of a plugin do.
 */
export interface PreparedModule extends EngineModule {
  /** Refuses bytes: nothing is compiled here. */
  readonly byteLength?: never;
}

const BYTES = [
  ', but bytes were given: if they are prepared, make a module with compilePrepared, or import their file as a',
  'module; if not, prepare them with preparePlugin or prepareHooks, or use the root entry of the package',
].join(' ');

/**
 * Says what is wrong with an argument that must be a prepared module.
 *
 * @param what takes its place too, in words.
 * @returns what it must be; `undefined` if it is a module.
 */
export function sourceFault(value: unknown, what: string): string | undefined {
  if (isModule(value)) return undefined;
  return `a WebAssembly.Module made from what ${what}${areBytes(value) ? BYTES : ''}`;
}

/** Whether a value is probably bytes, for advice. */
function areBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) || BUFFERS.some((tag) => isTagged(value, tag));
}

const BUFFERS: readonly string[] = ['[object ArrayBuffer]', '[object SharedArrayBuffer]'];
