import { generationOf } from '../generation/index.ts';
import { MODULE_LIMITS } from '../metering/limits.ts';
import { adviceOn, copyBytes, isBytes, MODULE_BYTES, type ModuleBytes } from '../module-source.ts';
import { checkArgument } from '../option-rules.ts';
import type { AdmittedPlugin } from './admitted-plugin.ts';
import { CodeBudget } from './code-budget.ts';
import type { EngineAdmission, PluginEngine, PluginModule, PluginRunner } from './engine.ts';
import { PluginHostError, type PluginHostFailure } from './host-error.ts';
import type { PluginId } from './key.ts';
import type { SettledHost } from './options.ts';
import type { StartedPlugin } from './served-plugin.ts';
import { Turns } from './turns.ts';

/** An engine, within the bounds of a host: of modules, admissions at once, and machine code. */
export class BoundedEngine<Runner extends PluginRunner> {
  readonly #engine: PluginEngine<Runner>;
  readonly #settled: SettledHost;
  readonly #admissions: Turns;
  readonly #code: CodeBudget;

  constructor(engine: PluginEngine<Runner>, settled: SettledHost) {
    this.#engine = engine;
    this.#settled = settled;
    this.#admissions = new Turns(settled.admissionsMax);
    this.#code = new CodeBudget(settled.codeBytesMax);
  }

  /**
   * Copies a module, and finds its generation.
   *
   * @throws TypeError if `wasm` is malformed. PluginHostError `ModuleTooLarge` or `NotAPlugin`.
   */
  moduleOf(id: PluginId, wasm: ModuleBytes): PluginModule {
    checkArgument('wasm', isBytes(wasm), `${MODULE_BYTES}${adviceOn(wasm)}`);
    const { byteLength } = wasm;
    const max = this.#settled.context.limits.moduleBytes ?? MODULE_LIMITS.moduleBytes.byDefault;
    if (byteLength > max) throw hostError({ kind: 'ModuleTooLarge', bytes: byteLength, max }, id);
    const bytes = new Uint8Array(copyBytes(wasm) ?? []);
    const generation = generationOf(bytes);
    if (generation === undefined) throw hostError({ kind: 'NotAPlugin' }, id);
    return { id, generation, bytes };
  }

  /**
   * Admits a plugin when it is its turn.
   *
   * @param endsAt when it may begin at the latest, in milliseconds of `performance.now`.
   * @throws PluginHostError `CodeBytes` or `StartupBudget`, in the promise.
   */
  async admit(module: PluginModule, endsAt: number = Number.POSITIVE_INFINITY): Promise<EngineAdmission> {
    return await this.#admissions.run(async () => {
      const { restoreMs: budgetMs, context } = this.#settled;
      if (performance.now() >= endsAt) throw hostError({ kind: 'StartupBudget', budgetMs }, module.id);
      // Before anything is compiled.
      this.#code.check(module.id, module.bytes);
      return await context.metrics.admission(module.generation, () => this.#engine.admit(module));
    });
  }

  /**
   * Starts an admitted plugin, as the engine does.
   *
   * @throws PluginHostError `CodeBytes` or `CannotStart`, in the promise.
   */
  async start(module: PluginModule, admitted: AdmittedPlugin, builds: boolean): Promise<StartedPlugin<Runner>> {
    const giveBack = this.#code.take(module.id, module.bytes);
    const metadata = admitted.kind === 'protocol' ? admitted.record.augmented_metadata : undefined;
    try {
      const runner = await this.#engine.start(module, metadata, builds);
      const dispose = () => runner.dispose().finally(giveBack);
      return { runner, dispose };
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /** Ends everything that the engine runs. */
  async close(): Promise<void> {
    await this.#engine.close();
  }
}

function hostError(failure: PluginHostFailure, { name: subject }: PluginId): PluginHostError {
  return new PluginHostError(failure, { subject });
}
