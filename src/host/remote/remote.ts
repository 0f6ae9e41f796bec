import type { RemoteNoun } from '../host-error.ts';
import type { RemoteAnswer, RemoteCommand } from './commands.ts';

/**
 * A thread or a process that serves plugins, as the host sees it. It does one command at a time:
 * the host asks for the next one when it has the answer.
 */
export interface Remote {
  /**
   * Asks. The bytes of a command are not changed until the answer comes.
   *
   * @returns a promise of the answer. It rejects if the command cannot be sent. It never settles if
   * the remote ends first: wait for {@link ended} too.
   */
  ask(command: RemoteCommand): Promise<RemoteAnswer>;
  /** Ends it, whatever it does. May be repeated. */
  end(): void;
  /**
   * Resolves when the thread or process is known to be gone, with the reason in words. It never
   * rejects. It never resolves if the runtime does not end the thread, or does not say so.
   */
  readonly ended: Promise<string>;
}

/** How the host makes remotes of one kind. */
export interface RemoteKind {
  /** What a remote is, for messages. */
  readonly noun: RemoteNoun;
  /** Whether a remote takes a `WebAssembly.Module`, and gives one back. */
  readonly takesModules: boolean;
  /** Starts a remote. If it cannot be started, `ended` resolves. */
  start(): Remote;
  /** Ends what it keeps ready. It is called when the host is closed. */
  close?(): void;
}
