import type { AdmittedPlugin } from './admitted-plugin.ts';
import type { PluginRunner } from './engine.ts';

/**
 * A plugin that serves calls until another one takes its place. Calls that are under way then end
 * on it, and it is disposed of once, after the last of them.
 */
export class ServedPlugin<Runner extends PluginRunner> {
  readonly admitted: AdmittedPlugin;
  readonly #runner: Runner;
  #calls = 0;
  #isRetired = false;

  constructor(admitted: AdmittedPlugin, runner: Runner) {
    this.admitted = admitted;
    this.#runner = runner;
  }

  /** Calls the plugin, and counts the call as under way until its promise is settled. */
  async call<T>(run: (runner: Runner) => Promise<T>): Promise<T> {
    this.#calls++;
    try {
      return await run(this.#runner);
    } finally {
      this.#calls--;
      await this.#disposeIfIdle();
    }
  }

  /** {@link call} for a plugin that answers at once. */
  callSync<T>(run: (runner: Runner) => T): T {
    return run(this.#runner);
  }

  /** Takes the plugin out of service. It is disposed of when no call is under way. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.#disposeIfIdle();
  }

  async #disposeIfIdle(): Promise<void> {
    if (this.#isRetired && this.#calls === 0) await this.#runner.dispose();
  }
}
