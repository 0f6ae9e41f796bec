import { FailureError, type FailureMessages } from '../failure.ts';
import { utf8Length } from './messages/index.ts';

/** How much the cc-lb host lets a plugin store, in bytes, keys and values together. */
export const STORAGE_QUOTA_BYTES = 1_048_576;

/** What one plugin has stored, and how many bytes of the quota that uses. */
interface Scope {
  readonly entries: Map<string, Uint8Array>;
  used: number;
}

/**
 * What plugins store, in memory. Instances that get the same object share it. Each plugin sees only
 * the entries under its own name (abi/PROTOCOL.md, "Host functions").
 */
export class HostState {
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
}

/**
 * Why a host function refused a request of the plugin.
 *
 * - `StorageQuotaExceeded`: the plugin's entries would take `bytes` together, keys included.
 * - `RandomBytesExceeded`: the plugin asked for `bytes` in one call.
 */
export type HostFunctionFailure =
  | { readonly kind: 'StorageQuotaExceeded'; readonly bytes: number; readonly quotaBytes: number }
  | { readonly kind: 'RandomBytesExceeded'; readonly bytes: bigint; readonly max: number };

const messages: FailureMessages<HostFunctionFailure> = {
  StorageQuotaExceeded: (f) => `the storage would hold ${f.bytes} bytes, at most ${f.quotaBytes} are allowed`,
  RandomBytesExceeded: (f) => `${f.bytes} random bytes were requested, at most ${f.max} are allowed in one call`,
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
