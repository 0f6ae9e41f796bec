import { reasonOf } from '../../failure.ts';
import { isObject } from '../../option-rules.ts';
import type { AugmentedMetadata } from '../../protocol/messages/index.ts';
import type { EngineAdmission, EngineContext, PluginEngine, PluginModule } from '../engine.ts';
import { PluginHostError } from '../host-error.ts';
import type { PluginId } from '../key.ts';
import { AbandonedRemotes } from './abandoned.ts';
import { RemoteHomes } from './homes.ts';
import { InterruptedCall } from './interrupted-call.ts';
import { restored } from './located.ts';
import type { RemoteHostOptions } from './options.ts';
import { RemotePlace } from './place.ts';
import { type RemoteBounds, type RemoteInstance, RemotePlugin } from './plugin.ts';
import type { RemoteKind } from './remote.ts';
import { RemoteHookRunner, type RemoteRunner, RemoteWireRunner } from './runners.ts';
import type { RemoteSession } from './session.ts';

/** How many remotes an engine has, and what bounds them. */
export interface RemoteSettings extends RemoteBounds {
  /** How many remotes run calls: a whole number from 1 up. */
  readonly count: number;
  /** How many remotes that were given up may still run. */
  readonly abandonedMax: number;
}

/** How long a remote for admissions is kept without work, in milliseconds. */
const ADMISSION_IDLE_MS = 1_000;

/**
 * Runs plugins in threads or processes. Admissions have remotes of their own, so that a module that
 * compiles slowly delays no call.
 */
export class RemoteEngine implements PluginEngine<RemoteRunner> {
  readonly #kind: RemoteKind;
  readonly #context: EngineContext;
  readonly #settings: RemoteSettings;
  readonly #abandoned: AbandonedRemotes;
  readonly #places: readonly RemotePlace[];
  readonly #admitting: readonly RemotePlace[];
  readonly #homes: RemoteHomes;
  /** What admissions compiled, for the start that follows. */
  readonly #compiled = new WeakMap<PluginModule, WebAssembly.Module>();
  #lastNumber = 0;

  constructor(kind: RemoteKind, settings: RemoteSettings, context: EngineContext, options: RemoteHostOptions) {
    this.#kind = kind;
    this.#context = context;
    this.#settings = settings;
    const { telemetry, metrics } = context;
    this.#abandoned = new AbandonedRemotes(kind.noun, settings.abandonedMax, telemetry, metrics);
    const place = (): RemotePlace =>
      new RemotePlace({ kind, options, telemetry, metrics }, settings.startMs, this.#abandoned);
    this.#homes = new RemoteHomes(settings.count);
    this.#places = Array.from({ length: settings.count }, place);
    this.#admitting = Array.from({ length: settings.count }, place);
  }

  /** How many remotes were given up and still run, as far as the runtime says. */
  get abandoned(): number {
    return this.#abandoned.count;
  }

  async admit(module: PluginModule): Promise<EngineAdmission> {
    const place = leastBusy(this.#admitting);
    const { startMs: deadlineMs } = this.#settings;
    try {
      const run = (session: RemoteSession) => session.ask({ kind: 'admit', module });
      const { admission } = await place.run({ run }, { deadlineMs });
      const { compiled, ...outcome } = admission;
      if (compiled !== undefined) this.#compiled.set(module, compiled);
      // The cast: it undoes what the remote did to the report.
      return { ...outcome, report: restored(outcome.report) as EngineAdmission['report'] };
    } catch (error) {
      throw hostErrorOf(error, module.id);
    } finally {
      const timer: unknown = setTimeout(() => (place.load === 0 ? place.end() : undefined), ADMISSION_IDLE_MS);
      // Node and Bun need not wait for it.
      if (isUnrefable(timer)) timer.unref();
    }
  }

  async start(module: PluginModule, metadata: AugmentedMetadata | undefined, builds: boolean): Promise<RemoteRunner> {
    const { id } = module;
    const count = metadata === undefined ? this.#places.length : this.#instancesOf(id);
    const { place, leave } = this.#homes.enter(id);
    const instances = Array.from({ length: count }, (_, index) => this.#instance(place + index));
    const plugin = new RemotePlugin(instances, module, this.#compiled.get(module), metadata, this.#settings);
    try {
      await plugin.start(builds);
    } catch (error) {
      leave();
      throw hostErrorOf(error, id);
    }
    if (metadata === undefined) return new RemoteHookRunner(plugin, leave);
    return new RemoteWireRunner(plugin, metadata, this.#context.telemetry, leave);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#places, ...this.#admitting].map((place) => place.close()));
    this.#kind.close?.();
  }

  /** @throws PluginHostError `CannotStart` if the host's own function fails, as on its thread. */
  #instancesOf(id: PluginId): number {
    try {
      return this.#context.instancesOf(id);
    } catch (cause) {
      const { name: subject } = id;
      throw new PluginHostError({ kind: 'CannotStart', reason: reasonOf(cause) }, { cause, subject });
    }
  }

  /** Makes an instance at a place, counted from the first one and around. */
  #instance(at: number): RemoteInstance {
    const place = this.#places[at % this.#places.length];
    if (place === undefined) throw new Error('an engine needs one place or more');
    this.#lastNumber++;
    return { number: this.#lastNumber, place };
  }
}

function isUnrefable(timer: unknown): timer is { unref(): void } {
  return isObject(timer) && 'unref' in timer && typeof timer.unref === 'function';
}

function leastBusy(places: readonly RemotePlace[]): RemotePlace {
  const [first, ...others] = places;
  if (first === undefined) throw new Error('an engine needs one place or more');
  return others.reduce((best, place) => (place.load < best.load ? place : best), first);
}

/**
 * Says which failure of the host an interrupted admission or start is; other errors are as they
 * are.
 */
function hostErrorOf(error: unknown, { name: subject }: PluginId): unknown {
  if (!(error instanceof InterruptedCall)) return error;
  const { interruption, cause } = error;
  const options = { cause, subject };
  if (interruption.kind === 'DeadlineExceeded') return new PluginHostError(interruption, options);
  const { message: reason } = error;
  if (interruption.kind === 'Aborted') return new PluginHostError({ kind: 'CannotStart', reason }, options);
  const { runner: remote } = interruption;
  return new PluginHostError({ kind: 'RemoteEnded', remote, reason: interruption.reason }, options);
}
