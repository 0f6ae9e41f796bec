import type { HookAdmissionReport } from '../../hooks/admit.ts';
import { compileHooks } from '../../hooks/compile.ts';
import type { CompiledHooks } from '../../hooks/compiled.ts';
import { type HookName, hooksOfSlot } from '../../hooks/hook.ts';
import { type Instances, LentMemories } from '../../hooks/instances.ts';
import { HookPlugin } from '../../hooks/plugin.ts';
import type { EngineModule } from '../../module-source.ts';
import type { ConformanceSlot } from '../report.ts';
import { SharedFindings } from '../shared-findings.ts';
import { ExactMemories, KeptInstance, MeasuredInstances } from './instances.ts';
import type { ResolvedHooksOptions } from './options.ts';

/** A plugin that was made for one check, and what its latest call needed. */
export interface HookPluginUnderTest {
  readonly plugin: HookPlugin;
  /** The pages of 64 KiB that the plugin saw at the end of the latest call. */
  readonly pages: () => number;
  /** The bytes that the latest call moved: its memory, and bulk operations. */
  readonly movedBytes: () => number;
}

/** The host that checks use: the module, what admission found out, and ways to make the plugin. */
export class HookTestHost extends SharedFindings {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly options: ResolvedHooksOptions;
  readonly admission: HookAdmissionReport;
  /** The slots that the plugin is verified for. */
  readonly slots: readonly ConformanceSlot[];
  /** The active hooks of these slots. Checks call no others. */
  readonly hooks: readonly HookName[];
  readonly #source: Uint8Array<ArrayBuffer> | EngineModule;
  #compiled: CompiledHooks | undefined;

  /** @param prepared the module that the bytes became, if they are prepared and are believed. */
  constructor(
    wasm: Uint8Array<ArrayBuffer>,
    options: ResolvedHooksOptions,
    admission: HookAdmissionReport,
    slots: readonly ConformanceSlot[],
    prepared?: WebAssembly.Module | undefined,
  ) {
    super();
    this.wasm = wasm;
    this.#source = prepared ?? wasm;
    this.options = options;
    this.admission = admission;
    this.slots = slots;
    const active = admission.inspection?.hooks.filter(({ mode }) => mode === 'active').map(({ name }) => name) ?? [];
    this.hooks = slots.flatMap((slot) => hooksOfSlot[slot]).filter((name) => active.includes(name));
  }

  /**
   * Makes the plugin anew, as a host does.
   *
   * @param fuel of each call: that of the options by default.
   * @throws TypeError if it was not admitted.
   */
  fresh(fuel?: number): HookPluginUnderTest {
    return this.#plugin(this.#lentMemories(), fuel);
  }

  /**
   * Makes the plugin anew, with memories that have no room beyond what it sees.
   *
   * @throws TypeError if it was not admitted.
   */
  exact(): HookPluginUnderTest {
    return this.#plugin(new ExactMemories(this.#compile(), this.options.limits));
  }

  /**
   * Makes a plugin that keeps one instance for all calls.
   *
   * @param fuel as of {@link fresh}.
   * @throws TypeError if it was not admitted.
   */
  kept(fuel?: number): HookPluginUnderTest {
    return this.#plugin(new KeptInstance(this.#lentMemories()), fuel);
  }

  #lentMemories(): LentMemories {
    return new LentMemories(this.#compile(), this.options.limits);
  }

  #plugin(source: Instances, fuel?: number): HookPluginUnderTest {
    const { inspection } = this.admission;
    if (inspection === undefined) throw new TypeError('the plugin is not admitted');
    const { call } = this.options.limits;
    const budget = fuel === undefined ? call : { ...call, fuel };
    const instances = new MeasuredInstances(source);
    const plugin = new HookPlugin({ metadata: inspection.metadata, compiled: this.#compile(), instances, budget });
    return { plugin, pages: () => instances.pages, movedBytes: () => instances.movedBytes };
  }

  #compile(): CompiledHooks {
    this.#compiled ??= compileHooks(this.#source, { limits: this.options.moduleLimits, cache: true });
    return this.#compiled;
  }
}
