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

const BYTES = /* @__PURE__ */ [
  ', but bytes were given: if they are prepared, make a module with compilePrepared, or import their file as a',
  'module; if not, prepare them with preparePlugin or prepareHooks, or use the entries that take bytes: the root',
  'entry of the package, and ./hooks',
].join(' ');

/**
 * Says what is wrong with an argument that must be a prepared module.
 *
 * @param what takes its place too, in words.
 * @returns what it must be; `undefined` if it is a module.
 */
export function sourceFault(value: unknown, what: string): string | undefined {
  if (isModule(value)) return undefined;
  return `a WebAssembly.Module made from what ${what}${adviceOn(value)}`;
}

/** What holds a module: an import of a file of it, and what `loadPlugin` returned. */
const HOLDERS = ['default', 'module'];

/** Advises on what is not a module. */
function adviceOn(value: unknown): string {
  if (areBytes(value)) return BYTES;
  if (fieldOf(value, 'then') !== undefined) return '; a promise was given: await it';
  const field = HOLDERS.find((name) => isModule(fieldOf(value, name)));
  if (field !== undefined) return `; the field ${field} of what was given is one: pass that`;
  const isFile =
    typeof value === 'string' || ['arrayBuffer', 'href'].some((name) => fieldOf(value, name) !== undefined);
  return isFile ? '; import the file as a module, or read it and give its bytes to compilePrepared' : '';
}

function fieldOf(value: unknown, name: string): unknown {
  try {
    return Reflect.get(Object(value), name);
  } catch {
    return undefined; // a proxy whose trap throws
  }
}

/** Whether a value is probably bytes, for advice. */
function areBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) || BUFFERS.some((tag) => isTagged(value, tag));
}

const BUFFERS: readonly string[] = ['[object ArrayBuffer]', '[object SharedArrayBuffer]'];
