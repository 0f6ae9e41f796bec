import type { Result } from './failure.ts';

/** What a call of a plugin used. */
export interface CallUse {
  /**
   * The fuel that it burnt; after `OutOfFuel` the whole budget. Missing if the plugin is not
   * metered.
   */
  readonly fuel?: number;
  /** The bytes of the request in the form that the plugin gets. */
  readonly requestBytes: number;
  /** The bytes of the answer in the form that the plugin gives; 0 if it gave none. */
  readonly responseBytes: number;
}

/** What became of a call, and what it used, if it began. */
export type UsedResult<T> = Result<T> & { readonly used?: CallUse | undefined };
