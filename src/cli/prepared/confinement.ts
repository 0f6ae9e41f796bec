import type { Output } from '../output/terminal.ts';

/** What a child process is about. */
export interface ConfinedFile {
  /** The path of the plugin's file, or `-`. */
  readonly file: string;
  /** The bytes of the plugin, which is prepared. */
  readonly plugin: Uint8Array;
}

/** What a command finds in a child process. Nothing else that it prints or writes has an effect. */
export interface Confinement extends ConfinedFile {
  /** Gives the parent what it waits for, as text. */
  answer(text: string): void;
}

/** What the parent of a child process runs in it. */
export interface ConfinedRun extends ConfinedFile {
  /** The streams of the parent. What the child writes to its standard error goes to `stderr`. */
  readonly stdout: Output;
  readonly stderr: Output;
  /** Reads the standard input of the parent, for a child that needs it. */
  readStdin(): Promise<Uint8Array>;
}

/** How a child process ended: with what it gave to {@link Confinement.answer}, or without. */
export type ConfinedEnd = { readonly kind: 'Answered'; readonly text: string } | ConfinedFault;

/**
 * Why a child process gave no answer.
 *
 * - `DidNotStop`: its parent ended it, `afterMs` milliseconds after it got the plugin.
 * - `WroteTooMuch`: its parent ended it, because it wrote more than `bytes`.
 * - `Died`: its engine, a signal or an error ended it.
 * - `NoChildProcess`: it ended before it got the plugin.
 */
export type ConfinedFault =
  | { readonly kind: 'DidNotStop'; readonly afterMs: number }
  | { readonly kind: 'WroteTooMuch'; readonly bytes: number }
  | { readonly kind: 'Died'; readonly by: string }
  | { readonly kind: 'NoChildProcess'; readonly reason: string };
