import type { AdmittedPlugin } from './admitted-plugin.ts';
import { LOG_TARGET } from './contained-telemetry.ts';
import type { PluginRunner } from './engine.ts';
import { PluginHostError } from './host-error.ts';
import { idOf, type PluginKey, pluginIdOf } from './key.ts';
import type { SettledHost } from './options.ts';
import type { ServedPlugin } from './served-plugin.ts';

/** What serves, by key: one plugin for each, until another takes its place or the host closes. */
export class ServedPlugins<Runner extends PluginRunner> {
  readonly #settled: SettledHost;
  readonly #served = new Map<string, ServedPlugin<Runner>>();
  #isClosed = false;

  constructor(settled: SettledHost) {
    this.#settled = settled;
  }

  /** How many serve. */
  get size(): number {
    return this.#served.size;
  }

  /** @throws PluginHostError `Closed`. */
  checkOpen(): void {
    if (this.#isClosed) throw new PluginHostError({ kind: 'Closed' });
  }

  /** @param id of the key, as text. */
  has(id: string): boolean {
    return this.#served.has(id);
  }

  /**
   * @param id of the key, as text.
   * @returns what was admitted; `undefined` if nothing serves.
   */
  get(id: string): AdmittedPlugin | undefined {
    return this.#served.get(id)?.admitted;
  }

  /** Returns what was admitted, in the order of the keys. */
  list(): AdmittedPlugin[] {
    const plugins = Array.from(this.#served, ([id, { admitted }]) => ({ id, admitted }));
    return plugins.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ admitted }) => admitted);
  }

  /** @throws TypeError if the key is malformed; PluginHostError `NotRegistered` or `Closed`. */
  find(key: PluginKey): ServedPlugin<Runner> {
    const id = pluginIdOf(key);
    const served = this.#served.get(idOf(id));
    if (served !== undefined) return served;
    throw new PluginHostError({ kind: this.#isClosed ? 'Closed' : 'NotRegistered' }, { subject: id.name });
  }

  /**
   * Lets a plugin serve, and retires what served before.
   *
   * @throws PluginHostError `Closed`, in the promise. The plugin is then disposed of.
   */
  async serve(served: ServedPlugin<Runner>): Promise<void> {
    if (this.#isClosed) await served.retire();
    this.checkOpen();
    const id = idOf(served.admitted);
    const before = this.#served.get(id);
    this.#served.set(id, served);
    await before?.retire();
    const count = this.size;
    const { context, pluginsMax, pluginsSoftMax } = this.#settled;
    context.metrics.served(count);
    if (before !== undefined || count !== pluginsSoftMax) return;
    const message = 'there are as many plugins as a host should have';
    const fields = { plugins: String(count), max: String(pluginsMax) };
    context.telemetry.log({ level: 'warn', target: LOG_TARGET, message, fields });
  }

  /**
   * Takes a plugin out of service.
   *
   * @param id of the key, as text.
   * @returns a promise of whether something served.
   */
  async withdraw(id: string): Promise<boolean> {
    const served = this.#served.get(id);
    if (this.#served.delete(id)) this.#settled.context.metrics.served(this.size);
    await served?.retire();
    return served !== undefined;
  }

  /**
   * Takes all out of service, and lets nothing serve any more.
   *
   * @returns a promise that is settled when the calls under way have ended.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    const retired = Array.from(this.#served.values(), (served) => served.retire());
    this.#served.clear();
    this.#settled.context.metrics.served(0);
    await Promise.all(retired);
  }
}
