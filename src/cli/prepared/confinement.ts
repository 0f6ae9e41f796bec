import type { Output } from '../output/terminal.ts';

/** What a child process runs. */
export interface Confinement {
  /** The path of the plugin's file, or `-`. */
  readonly file: string;
  /** The bytes of the plugin, which is prepared. */
  readonly plugin: Uint8Array;
}

/** What the parent of a child process runs in it. */
export interface ConfinedRun extends Confinement {
  /** The streams of the parent. The child's standard error goes to `stderr` as it comes. */
  readonly stdout: Output;
  readonly stderr: Output;
}

/**
 * How a child process ended.
 *
 * - `exited`: by itself, with a code of the program and with what it wrote to its standard output.
 * - `did not stop`: its parent ended it, `afterMs` milliseconds after it got the plugin.
 * - `wrote too much`: its parent ended it, because it wrote more than `bytes`.
 * - `died`: its engine or the system ended it.
 * - `not started`: it ended before it got the plugin.
 */
export type ConfinedEnd =
  | { readonly kind: 'exited'; readonly code: 0 | 1 | 2 | 3; readonly stdout: Uint8Array }
  | { readonly kind: 'did not stop'; readonly afterMs: number }
  | { readonly kind: 'wrote too much'; readonly bytes: number }
  | { readonly kind: 'died'; readonly by: string }
  | { readonly kind: 'not started'; readonly reason: string };
