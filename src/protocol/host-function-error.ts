import { FailureError, type FailureMessages } from '../failure.ts';

/**
 * Why a host function refused what a plugin asked for.
 *
 * - `StorageQuotaExceeded`: the plugin's entries would have `bytes` together, keys included.
 * - `RandomBytesExceeded`: so many bytes were asked for in one call.
 */
export type HostFunctionFailure =
  | { readonly kind: 'StorageQuotaExceeded'; readonly bytes: number; readonly quotaBytes: number }
  | { readonly kind: 'RandomBytesExceeded'; readonly bytes: bigint; readonly max: number };

const messages: FailureMessages<HostFunctionFailure> = {
  StorageQuotaExceeded: (f) => `the storage would hold ${f.bytes} bytes, at most ${f.quotaBytes} are allowed`,
  RandomBytesExceeded: (f) => `${f.bytes} random bytes were asked for, at most ${f.max} are given in one call`,
};

/** A refusal of a host function. It ends the plugin's call, whose `PluginCallError` has it as its cause. */
export class HostFunctionError extends FailureError<HostFunctionFailure> {
  override readonly name = 'HostFunctionError';

  protected override get messages(): FailureMessages<HostFunctionFailure> {
    return messages;
  }
}
