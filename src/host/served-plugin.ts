import type { AdmittedPlugin } from './admitted-plugin.ts';
import type { PluginRunner } from './engine.ts';

/**
 * A plugin that serves until another one takes its place. It is then disposed of once, when nobody
 * holds it any more.
 */
export class ServedPlugin<Runner extends PluginRunner> {
  readonly admitted: AdmittedPlugin;
  readonly runner: Runner;
  #holders = 0;
  #isRetired = false;

  constructor(admitted: AdmittedPlugin, runner: Runner) {
    this.admitted = admitted;
    this.runner = runner;
  }

  /** Keeps the plugin until {@link release}, even if it is retired meanwhile. */
  hold(): void {
    this.#holders++;
  }

  /** Ends one {@link hold}. */
  async release(): Promise<void> {
    this.#holders--;
    await this.#disposeIfFree();
  }

  /** Takes the plugin out of service. It is disposed of when nobody holds it. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.#disposeIfFree();
  }

  async #disposeIfFree(): Promise<void> {
    if (this.#isRetired && this.#holders === 0) await this.runner.dispose();
  }
}
