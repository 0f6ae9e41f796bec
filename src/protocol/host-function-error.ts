import { FailureError, type FailureMessages } from '../failure.ts';

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
