import { decodeBase64, encodeBase64 } from '../base64.ts';
import { FailureError, type FailureMessages } from '../failure.ts';
import { checkArgument, isObject } from '../option-rules.ts';
import { utf8Length } from './messages/index.ts';

/** How much the cc-lb host lets a plugin store, in bytes, keys and values together. */
export const STORAGE_QUOTA_BYTES = 1_048_576;

/**
 * Where plugins store: {@link HostState}, or a storage of the host's own, such as a database. All
 * functions are synchronous, because a plugin waits for them. If one throws, the plugin's call
 * ends.
 */
export interface PluginStorage {
  /** Returns what a plugin stored under a key; `undefined` if it stored nothing. */
  get(pluginName: string, key: string): Uint8Array | undefined;
  /**
   * Stores a value under a key.
   *
   * @param quotaBytes the limit of the plugin's entries together. Each counts the bytes of
   * `plugin_name:key` and of the value.
   * @throws HostFunctionError `StorageQuotaExceeded` if they would exceed it; then nothing has
   * changed.
   */
  put(pluginName: string, key: string, value: Uint8Array, quotaBytes: number): void;
  /** Returns what a plugin stored: each key once, in the order in which they were first stored. */
  entries(pluginName: string): Iterable<readonly [key: string, value: Uint8Array]>;
  /** Forgets everything that a plugin stored. */
  clear(pluginName: string): void;
}

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

/** What one plugin has stored, and how many bytes of the quota that uses. */
interface Scope {
  readonly entries: Map<string, Uint8Array>;
  used: number;
}

/**
 * What plugins store, in memory. Instances that get the same object share it. Each plugin sees only
 * the entries under its own name (abi/PROTOCOL.md, "Host functions").
 */
export class HostState implements PluginStorage {
  /**
   * Scopes by plugin name. With one flat map of `plugin_name:key`, plugin `a` with key `b:c` would
   * collide with plugin `a:b` with key `c`.
   */
  readonly #scopes = new Map<string, Scope>();

  /** Returns a copy of what a plugin stored under a key; `undefined` if it stored nothing. */
  get(pluginName: string, key: string): Uint8Array<ArrayBuffer> | undefined {
    const value = this.#scopes.get(pluginName)?.entries.get(key);
    return value === undefined ? undefined : new Uint8Array(value);
  }

  /**
   * Stores a copy of a value under a key.
   *
   * @param quotaBytes the limit of the plugin's entries together. Each counts the bytes of
   * `plugin_name:key` and of the value.
   * @throws HostFunctionError `StorageQuotaExceeded`; then nothing has changed.
   */
  put(pluginName: string, key: string, value: Uint8Array, quotaBytes: number): void {
    const scope = this.#scopes.get(pluginName) ?? { entries: new Map<string, Uint8Array>(), used: 0 };
    const keyBytes = utf8Length(`${pluginName}:${key}`);
    const replaced = scope.entries.get(key);
    const before = replaced === undefined ? 0 : keyBytes + replaced.length;
    const bytes = scope.used - before + keyBytes + value.length;
    if (bytes > quotaBytes) throw new HostFunctionError({ kind: 'StorageQuotaExceeded', bytes, quotaBytes });
    scope.entries.set(key, new Uint8Array(value));
    scope.used = bytes;
    this.#scopes.set(pluginName, scope);
  }

  /** Returns copies of what a plugin stored, in the order in which the keys were first stored. */
  entries(pluginName: string): [key: string, value: Uint8Array<ArrayBuffer>][] {
    const entries = this.#scopes.get(pluginName)?.entries ?? [];
    return Array.from(entries, ([key, value]) => [key, new Uint8Array(value)]);
  }

  /** Forgets everything that a plugin stored. */
  clear(pluginName: string): void {
    this.#scopes.delete(pluginName);
  }

  /** Lists the plugins that stored something, with what it counts towards their quotas. */
  list(): { readonly name: string; readonly keys: number; readonly usedBytes: number }[] {
    return Array.from(this.#scopes, ([name, { entries, used }]) => ({ name, keys: entries.size, usedBytes: used }));
  }

  /** Returns a copy of everything as plain JSON, for {@link restore}. */
  save(): SavedHostState {
    const plugins = Array.from(this.#scopes, ([name, { entries }]) => ({
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
      checkArgument(`${at}.name`, !state.#scopes.has(plugin.name), 'a name that occurs once');
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
    checkArgument(at, !holds || this.#scopes.get(name)?.entries.has(key) !== true, 'of a key that occurs once');
    if (holds) this.put(name, key, value, Number.POSITIVE_INFINITY);
  }
}

/**
 * Why a host function refused a request of the plugin.
 *
 * - `StorageQuotaExceeded`: the plugin's entries would take `bytes` together, keys included.
 * - `RandomBytesExceeded`: the plugin asked for `bytes` in one call.
 * - `NoRandomValues`: `crypto.getRandomValues` gives none, and the host passed no `fillRandom`.
 *   Edge workers refuse it while they are loaded.
 */
export type HostFunctionFailure =
  | { readonly kind: 'StorageQuotaExceeded'; readonly bytes: number; readonly quotaBytes: number }
  | { readonly kind: 'RandomBytesExceeded'; readonly bytes: bigint; readonly max: number }
  | { readonly kind: 'NoRandomValues'; readonly reason: string };

const messages: FailureMessages<HostFunctionFailure> = {
  StorageQuotaExceeded: (f) => `the storage would hold ${f.bytes} bytes, at most ${f.quotaBytes} are allowed`,
  RandomBytesExceeded: (f) => `${f.bytes} random bytes were requested, at most ${f.max} are allowed in one call`,
  NoRandomValues: (f) =>
    `this environment gives no random values (${f.reason}): pass the option fillRandom, or wait for a request`,
};

/**
 * A host function refused a request. It ends the plugin's call, and is the cause of the
 * `PluginCallError`.
 */
export class HostFunctionError extends FailureError<HostFunctionFailure> {
  override readonly name = 'HostFunctionError';

  protected override get messages(): FailureMessages<HostFunctionFailure> {
    return messages;
  }
}
