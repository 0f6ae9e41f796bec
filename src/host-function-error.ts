/**
 * Why a host function refused what a plugin asked for.
 *
 * - `StorageQuotaExceeded`: the plugin's entries would have `bytes` together, keys included.
 * - `RandomBytesExceeded`: so many bytes were asked for in one call.
 */
export type HostFunctionFailure =
  | { readonly kind: 'StorageQuotaExceeded'; readonly bytes: number; readonly quotaBytes: number }
  | { readonly kind: 'RandomBytesExceeded'; readonly bytes: bigint; readonly max: number };

const messages: {
  readonly [K in HostFunctionFailure['kind']]: (failure: Extract<HostFunctionFailure, { kind: K }>) => string;
} = {
  StorageQuotaExceeded: (f) => `the storage would hold ${f.bytes} bytes, at most ${f.quotaBytes} are allowed`,
  RandomBytesExceeded: (f) => `${f.bytes} random bytes were asked for, at most ${f.max} are given in one call`,
};

function describe<K extends HostFunctionFailure['kind']>(failure: Extract<HostFunctionFailure, { kind: K }>): string {
  // The table is keyed by kind, so the entry found under this failure's kind takes this failure.
  const message = messages[failure.kind] as (failure: Extract<HostFunctionFailure, { kind: K }>) => string;
  return message(failure);
}

/** A refusal of a host function. It ends the plugin's call, whose `PluginCallError` has it as its cause. */
export class HostFunctionError extends Error {
  override readonly name = 'HostFunctionError';
  readonly failure: HostFunctionFailure;

  constructor(failure: HostFunctionFailure) {
    super(describe(failure));
    this.failure = failure;
  }
}
