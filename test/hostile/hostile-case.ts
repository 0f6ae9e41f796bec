/** A hostile plugin, and the end that it must meet. */
export interface HostileCase {
  readonly name: string;
  /** What it does, in a sentence without its full stop. */
  readonly does: string;
  /**
   * How it must end: `identity: KIND`, `build: KIND`, `handshake: KIND`, `self_check: KIND`, `call: KIND`, `dispatch: STAGE KIND`; or, where
   * what it does is allowed and harms nobody, `admitted`, or `answers` with the answer's first bytes.
   */
  readonly ends: string;
  /** Runs it, lets it be called once more where it was built, and tells how it ended. */
  readonly run: () => Promise<string> | string;
}

/** A behaviour that other tests show already: where, by the test's name. */
export interface ShownElsewhere {
  readonly name: string;
  readonly does: string;
  readonly ends: string;
  /** The file of the test, and a part of its source that names the test. */
  readonly file: string;
  readonly test: string;
}
