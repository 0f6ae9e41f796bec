import { isObject, type OptionRule } from '../option-rules.ts';
import { HostFunctionError } from './host-function-error.ts';
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

/** The rule of a storage. */
export const storageRule: OptionRule = {
  expected: 'a HostState, or an object with the functions get, put, entries and clear',
  holds: (value) =>
    isObject(value) &&
    ['get', 'put', 'entries', 'clear'].every((name) => typeof Reflect.get(value, name) === 'function'),
};

/** What one plugin has stored, and how many bytes of the quota that uses. */
interface Scope {
  readonly entries: Map<string, Uint8Array>;
  used: number;
}

/**
 * What plugins store, in memory. Each plugin sees only the entries under its own name
 * (abi/PROTOCOL.md, "Host functions").
 */
export class MemoryStorage implements PluginStorage {
  /**
   * Scopes by plugin name. With one flat map of `plugin_name:key`, plugin `a` with key `b:c` would
   * collide with plugin `a:b` with key `c`.
   */
  protected readonly scopes = new Map<string, Scope>();

  /** Returns a copy of what a plugin stored under a key; `undefined` if it stored nothing. */
  get(pluginName: string, key: string): Uint8Array<ArrayBuffer> | undefined {
    const value = this.scopes.get(pluginName)?.entries.get(key);
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
    const scope = this.scopes.get(pluginName) ?? { entries: new Map<string, Uint8Array>(), used: 0 };
    const keyBytes = utf8Length(`${pluginName}:${key}`);
    const replaced = scope.entries.get(key);
    const before = replaced === undefined ? 0 : keyBytes + replaced.length;
    const bytes = scope.used - before + keyBytes + value.length;
    if (bytes > quotaBytes) throw new HostFunctionError({ kind: 'StorageQuotaExceeded', bytes, quotaBytes });
    scope.entries.set(key, new Uint8Array(value));
    scope.used = bytes;
    this.scopes.set(pluginName, scope);
  }

  /** Returns copies of what a plugin stored, in the order in which the keys were first stored. */
  entries(pluginName: string): [key: string, value: Uint8Array<ArrayBuffer>][] {
    const entries = this.scopes.get(pluginName)?.entries ?? [];
    return Array.from(entries, ([key, value]) => [key, new Uint8Array(value)]);
  }

  /** Forgets everything that a plugin stored. */
  clear(pluginName: string): void {
    this.scopes.delete(pluginName);
  }

  /** Lists the plugins that stored something, with what it counts towards their quotas. */
  list(): { readonly name: string; readonly keys: number; readonly usedBytes: number }[] {
    return Array.from(this.scopes, ([name, { entries, used }]) => ({ name, keys: entries.size, usedBytes: used }));
  }
}
