import type { DispatchError } from 'cc-lb-runtime-protocol';

/** A plugin failed whose fallback is `fail_request`: the request gets no answer of an upstream. */
export class RefusedByPlugin extends Error {
  override readonly name = 'RefusedByPlugin';

  constructor(cause: DispatchError) {
    super(`the plugin failed at ${cause.stage}, and its fallback is fail_request`, { cause });
  }
}
