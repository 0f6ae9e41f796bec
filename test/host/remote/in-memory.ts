import type { Remote, RemoteKind } from '../../../src/host/remote/remote.ts';
import { RemoteServer } from '../../../src/host/remote/server.ts';

/** A remote that a test ends as it likes. */
export interface RemoteInMemory extends Remote {
  /** Ends it as a thread that ends by itself. */
  die(reason: string): void;
}

/** Makes remotes on the same thread. Commands and answers are cloned, as between threads. */
export class RemotesInMemory implements RemoteKind {
  readonly noun = 'worker';
  readonly takesModules: boolean;
  /** All that were started, in that order. */
  readonly started: RemoteInMemory[] = [];
  /** Whether a remote that is ended says so. */
  saysWhenEnded = true;
  /** Whether commands of calls are not answered. */
  hangs = false;

  constructor(takesModules = true) {
    this.takesModules = takesModules;
  }

  start(): Remote {
    const server = new RemoteServer();
    let onEnd: (reason: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => {
      onEnd = resolve;
    });
    const remote: RemoteInMemory = {
      ended,
      ask: async (command) => {
        if (this.hangs && command.kind === 'call') return await new Promise(() => undefined);
        return structuredClone(await server.answer(structuredClone(command)));
      },
      end: () => {
        if (this.saysWhenEnded) onEnd('it was ended');
      },
      die: onEnd,
    };
    this.started.push(remote);
    return remote;
  }
}
