/** A hostile plugin and its expected outcome. */
export interface HostileCase {
  readonly name: string;
  /** What it does, in a sentence without its full stop. */
  readonly does: string;
  /**
   * The expected outcome: `identity: KIND`, `build: KIND`, `handshake: KIND`, `self_check: KIND`,
   * `call: KIND`, `dispatch: STAGE KIND`. If the behaviour is allowed and harmless: `admitted`, or
   * `answers` with the first bytes of the answer.
   */
  readonly ends: string;
  /** Runs the plugin, calls it once more if it was built, and returns the outcome. */
  readonly run: () => Promise<string> | string;
}

/** A hostile behaviour that another test covers. */
export interface ShownElsewhere {
  readonly name: string;
  readonly does: string;
  readonly ends: string;
  /** The file of the test. `test` is a part of its source that names the test. */
  readonly file: string;
  readonly test: string;
}
