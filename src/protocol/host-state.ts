import { decodeBase64, encodeBase64 } from '../base64.ts';
import { checkArgument, isObject } from '../option-rules.ts';
import { MemoryStorage } from './plugin-storage.ts';

export { HostFunctionError, type HostFunctionFailure } from './host-function-error.ts';
export { type PluginStorage, STORAGE_QUOTA_BYTES } from './plugin-storage.ts';

/** Everything in a {@link HostState}, as plain JSON. */
export interface SavedHostState {
  /** The version of this form. */
  readonly version: 1;
  readonly plugins: readonly {
    readonly name: string;
    /** Keys, and values in base64. A list, because a key may be `__proto__`. */
    readonly entries: readonly (readonly [key: string, valueBase64: string])[];
  }[];
}

/**
 * What plugins store, in memory. Instances that get the same object share it. Each plugin sees only
 * the entries under its own name (abi/PROTOCOL.md, "Host functions").
 */
export class HostState extends MemoryStorage {
  /** Returns a copy of everything as plain JSON, for {@link restore}. */
  save(): SavedHostState {
    const plugins = Array.from(this.scopes, ([name, { entries }]) => ({
      name,
      entries: Array.from(entries, ([key, value]) => [key, encodeBase64(value)] as const),
    }));
    return { version: 1, plugins };
  }

  /**
   * Makes a storage from what {@link save} returned. Quotas apply to what is stored later.
   *
   * @param saved as JSON holds it; it need not be of the right type.
   * @throws TypeError that names what is malformed, such as `saved.plugins[0].entries[2]`.
   */
  static restore(saved: SavedHostState): HostState {
    checkArgument('saved', isObject(saved) && saved.version === 1, 'what save() returned, with version 1');
    checkArgument('saved.plugins', Array.isArray(saved.plugins), 'a list');
    const state = new HostState();
    for (const [index, plugin] of saved.plugins.entries()) {
      const at = `saved.plugins[${index}]`;
      checkArgument(at, isObject(plugin) && typeof plugin.name === 'string', 'an object with a name');
      checkArgument(`${at}.name`, !state.scopes.has(plugin.name), 'a name that occurs once');
      checkArgument(`${at}.entries`, Array.isArray(plugin.entries), 'a list of keys and values');
      for (const [place, entry] of plugin.entries.entries())
        state.#restore(plugin.name, entry, `${at}.entries[${place}]`);
    }
    return state;
  }

  #restore(name: string, entry: readonly [string, string], at: string): void {
    const [key, text] = Array.isArray(entry) ? entry : [];
    const value = typeof text === 'string' ? decodeBase64(text) : undefined;
    const holds = typeof key === 'string' && value !== undefined;
    checkArgument(at, holds, 'a key and a value in base64');
    checkArgument(at, !holds || this.scopes.get(name)?.entries.has(key) !== true, 'of a key that occurs once');
    if (holds) this.put(name, key, value, Number.POSITIVE_INFINITY);
  }
}
