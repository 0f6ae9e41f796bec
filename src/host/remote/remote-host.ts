import { PluginHost } from '../plugin-host.ts';
import { RemoteEngine } from './engine.ts';
import { remoteOptions } from './options.ts';
import type { RemoteKind } from './remote.ts';
import type { RemoteRunner } from './runners.ts';
import { type RemoteOptions, settleRemotes } from './settings.ts';

/** A host whose plugins run in worker threads or in processes. */
export class RemotePluginHost extends PluginHost<RemoteRunner> {
  readonly #engine: RemoteEngine;

  /**
   * @param count how many remotes run calls.
   * @throws TypeError if an option is unknown or malformed.
   */
  constructor(kind: RemoteKind, count: number, options: RemoteOptions) {
    const { settings, hostModule, hostOptions } = settleRemotes(options, count);
    let made: RemoteEngine | undefined;
    super(hostOptions, (context) => {
      made = new RemoteEngine(kind, settings, context, remoteOptions(hostOptions, context, hostModule));
      return made;
    });
    if (made === undefined) throw new Error('a host of plugins makes its engine');
    this.#engine = made;
  }

  /**
   * How many workers or processes were given up and still run, as far as the runtime says. Deno
   * does not end a thread that loops, and Deno, Bun and browsers do not say when one has ended.
   */
  get abandoned(): number {
    return this.#engine.abandoned;
  }
}
