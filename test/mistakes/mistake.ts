/** A command that shows a mistake: its name, and what follows the file. */
export type Command = readonly ['admit' | 'conformance' | 'dispatch' | 'inspect', ...args: string[]];

/** What the program says of a mistake. */
export interface Told {
  /** The check of `conformance` that reports it. */
  readonly check: string;
  /** What it means for the check: `fail` by default. */
  readonly status?: 'warn';
  /** The kind of the failure; left out if the plugin did not fail, but its answer is wrong. */
  readonly kind?: string;
  /** Where in a JSON text the fault is. */
  readonly path?: string;
  /** What was found, without the kind. */
  readonly message: string;
  /** Where the plugin trapped, as V8 tells it. The message then has V8's words too. */
  readonly stack?: string;
  /** What to change. */
  readonly hint: string;
  /** A line that is printed apart from these: words of the plugin. */
  readonly words?: string;
}

/** A mistake of an author, with a plugin that makes it, and what the program says of it. */
export interface Mistake {
  /** A word, unique. */
  readonly id: string;
  /** What the author did, or what the plugin does: a sentence without its full stop. */
  readonly mistake: string;
  readonly command: Command;
  /** Makes the file. */
  readonly file: () => Promise<Uint8Array>;
  readonly told: Told;
  /** Lines that are right, if they say more than the hint. */
  readonly right?: readonly string[];
}
