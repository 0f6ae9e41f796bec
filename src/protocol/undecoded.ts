import type { JsonDecodeError, JsonDecodeFailure } from './messages/index.ts';

/** What a failure has if a JSON text of the plugin does not decode. */
export interface Undecoded {
  /** Where in the value: that of `fault`. */
  readonly path: string;
  /** Where in the text, in UTF-8 bytes: that of `fault`. */
  readonly offset: number;
  /** The message of the {@link JsonDecodeError}. */
  readonly reason: string;
  /** Its failure: the kind, and the names and types that were found and expected. */
  readonly fault: JsonDecodeFailure;
}

/** Makes the fields of such a failure. */
export function undecoded({ message: reason, failure: fault }: JsonDecodeError): Undecoded {
  return { path: fault.path, offset: fault.offset, reason, fault };
}
