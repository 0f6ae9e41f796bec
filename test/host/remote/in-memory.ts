import type { RemoteAnswer, RemoteCommand } from '../../../src/host/remote/commands.ts';
import type { Remote, RemoteKind } from '../../../src/host/remote/remote.ts';
import { RemoteServer } from '../../../src/host/remote/server.ts';

/** A remote that a test ends as it likes. */
export interface RemoteInMemory extends Remote {
  /** Ends it as a thread that ends by itself. */
  die(reason: string): void;
  /** Whether the host has ended it. */
  readonly wasEnded: boolean;
}

/** Makes remotes on the same thread. Commands and answers are cloned, as between threads. */
export class RemotesInMemory implements RemoteKind {
  readonly noun = 'worker';
  readonly takesModules: boolean;
  /** All that were started, in that order. */
  readonly started: RemoteInMemory[] = [];
  /** Whether a remote that is ended says so. */
  saysWhenEnded = true;
  /** Whether commands can be sent. */
  sends = true;
  /** The commands of this kind are held until they are let go. */
  held: RemoteCommand['kind'] | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(takesModules = true) {
    this.takesModules = takesModules;
  }

  /** How many commands are held. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Lets the commands go that were held, and holds no more. */
  letGo(): void {
    this.held = undefined;
    for (const go of this.#waiting.splice(0)) go();
  }

  start(): Remote {
    const server = new RemoteServer();
    let onEnd: (reason: string) => void = () => undefined;
    let wasEnded = false;
    const ended = new Promise<string>((resolve) => {
      onEnd = resolve;
    });
    const remote: RemoteInMemory = {
      ended,
      ask: async (command) => await this.#answer(server, command),
      end: () => {
        wasEnded = true;
        if (this.saysWhenEnded) onEnd('it was ended');
      },
      die: onEnd,
      get wasEnded() {
        return wasEnded;
      },
    };
    this.started.push(remote);
    return remote;
  }

  async #answer(server: RemoteServer, command: RemoteCommand): Promise<RemoteAnswer> {
    if (!this.sends) throw new Error('the pipe is closed');
    if (command.kind === this.held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return structuredClone(await server.answer(structuredClone(command)));
  }
}
