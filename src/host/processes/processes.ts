import type { RemoteKind } from '../remote/remote.ts';
import type { StartProcess } from './child-processes.ts';
import { ProcessRemote } from './process-remote.ts';

/**
 * Makes processes for a host. It keeps some that nobody uses yet, so that one that is ended is
 * replaced at once: to start a process takes longer than most calls.
 */
export class Processes implements RemoteKind {
  readonly noun = 'process';
  readonly takesModules = false;
  readonly #startProcess: StartProcess;
  readonly #sparesMax: number;
  readonly #spares = new Set<ProcessRemote>();
  #isClosed = false;

  /** @param sparesMax how many are kept: 0 or more. */
  constructor(startProcess: StartProcess, sparesMax: number) {
    this.#startProcess = startProcess;
    this.#sparesMax = sparesMax;
  }

  start(): ProcessRemote {
    const [spare] = this.#spares;
    if (spare !== undefined) this.#spares.delete(spare);
    const remote = spare ?? new ProcessRemote(this.#startProcess);
    // Not earlier: it would take processor time from the one that is needed now. And if this one
    // cannot be started, neither can others.
    void remote.ready.then(() => this.#fill());
    return remote;
  }

  close(): void {
    this.#isClosed = true;
    for (const spare of this.#spares) spare.end();
    this.#spares.clear();
  }

  #fill(): void {
    while (!this.#isClosed && this.#spares.size < this.#sparesMax) {
      const spare = new ProcessRemote(this.#startProcess);
      this.#spares.add(spare);
      void spare.ended.then(() => this.#spares.delete(spare));
    }
  }
}
