import { type Clock, systemClock } from '../clock.ts';
import { hookLimitRules } from '../hooks/budget.ts';
import type { HookLimits } from '../hooks/index.ts';
import { stackSlotsRule } from '../metering/layout.ts';
import { type ModuleLimits, moduleLimitRules } from '../metering/limits.ts';
import {
  checkArgument,
  checkOptions,
  collectionRule,
  flagRule,
  functionRule,
  isObject,
  limitRule,
  type OptionRule,
  type OptionRules,
  optionsRule,
  telemetryRule,
} from '../option-rules.ts';
import { hostFunctions } from '../protocol/host-functions.ts';
import { HostState, type PluginStorage, STORAGE_QUOTA_BYTES } from '../protocol/host-state.ts';
import { type LayerBudget, layerBudgetRules } from '../protocol/layer-call.ts';
import {
  type HandshakeOffer,
  REGISTRY_ROW_COUNT_HARD_REJECT,
  REGISTRY_ROW_COUNT_SOFT_WARN,
  STARTUP_HANDSHAKE_PARALLEL_MAX,
  STARTUP_HANDSHAKE_TOTAL_BUDGET_MS,
} from '../protocol/messages/index.ts';
import { buildOffer, offerRule } from '../protocol/offer.ts';
import { noTelemetry, type Telemetry } from '../telemetry.ts';
import { containedTelemetry, firstToConsole, telemetryOfPlugin } from './contained-telemetry.ts';
import type { CallBudgets, EngineContext } from './engine.ts';
import { HostMetrics } from './host-metrics.ts';
import { idOf, type PluginId } from './key.ts';
import { PluginRegistry } from './registry.ts';
import { type ByteStore, MemoryBytes, MemoryRecords, type RecordStore } from './stores.ts';

/** How a host runs its plugins. Missing or `undefined` means the default. */
export interface PluginHostOptions {
  /** Where the records of plugins are kept; in memory by default. */
  readonly records?: RecordStore | undefined;
  /** Where the bytes of modules are kept, by their SHA-256; in memory by default. */
  readonly modules?: ByteStore | undefined;
  /**
   * Where prepared modules are kept, by their SHA-256, so that a start or another process need not
   * write budgets into the originals again; by default they are not kept. What has the hash that is
   * in a record runs as it is, without another check of its budgets. So who may write records and
   * this store can run code without budgets in the sandbox. Who may write only this store cannot.
   */
  readonly prepared?: ByteStore | undefined;
  /** The capabilities in the built-in offer; none by default. */
  readonly hostCapabilities?: Iterable<string> | undefined;
  /** Replaces the built-in offer. Cannot be combined with `hostCapabilities`. */
  readonly offer?: HandshakeOffer | undefined;
  /** Supplies the times of records, and what plugins see as the time; the machine's by default. */
  readonly clock?: Clock | undefined;
  /** Receives what the host and its plugins report; nothing is reported by default. */
  readonly telemetry?: Telemetry | undefined;
  /**
   * Gets what `telemetry` throws, or rejects with if it is asynchronous. That changes nothing else:
   * no call and no swap. By default the first error is written to the console. What this function
   * throws becomes an uncaught exception.
   */
  readonly onTelemetryError?: ((error: unknown) => void) | undefined;
  /** What a module may contain. `MODULE_LIMITS` has the names and defaults. */
  readonly limits?: ModuleLimits | undefined;
  /** The limits of the handshake of a plugin of generation 1. */
  readonly handshake?: LayerBudget | undefined;
  /** The limits of its self-check. */
  readonly selfCheck?: LayerBudget | undefined;
  /** The budgets of each of its calls. */
  readonly calls?: CallBudgets | undefined;
  /** The budgets of the probes and calls of a hook plugin. */
  readonly hooks?: HookLimits | undefined;
  /** How long a record is fresh, in seconds: a whole number, a week by default. */
  readonly ttlSecs?: number | undefined;
  /**
   * How many instances each plugin of generation 1 has at most, or what returns it for a plugin: 1
   * by default, up to 1,024. Each instance has its own memory, globals and variables, so a plugin
   * that counts or takes turns does so once in each. What it stores by host functions is shared.
   */
  readonly instances?: number | ((id: PluginId) => number) | undefined;
  /**
   * Whether an instance that was stopped in the middle of a call is replaced by a new one: false by
   * default, as in the protocol. A trap, a used-up budget or a host function that throws stops a
   * call; an error that the plugin answers does not. What the instance kept is lost.
   */
  readonly replaceAfterTrap?: boolean | undefined;
  /** Whether plugins may import the six host functions: true by default. */
  readonly hostFunctions?: boolean | undefined;
  /**
   * Returns where a plugin stores; by default a `HostState` for each key, which lives as long as
   * the host. It is asked once for each instance.
   */
  readonly storage?: ((id: PluginId) => PluginStorage) | undefined;
  /**
   * Returns where a plugin of generation 1 stores while it is admitted: by default an empty storage
   * for each layer. Its name is only a claim, and its key may have another plugin: return nothing
   * that belongs to either. Needs that `hostFunctions` is not false.
   */
  readonly admissionStorage?: ((id: PluginId) => PluginStorage) | undefined;
  /**
   * Fills what `cc_lb_random_bytes` returns, in admissions and in calls;
   * `crypto.getRandomValues` by default, which edge platforms refuse at module scope. Needs that
   * `hostFunctions` is not false.
   */
  readonly fillRandom?: ((bytes: Uint8Array<ArrayBuffer>) => unknown) | undefined;
  /** How many bytes each plugin may store, keys and values together: 1 MiB by default. */
  readonly storageQuotaBytes?: number | undefined;
  /** Returns what a plugin finds as its configuration; nothing by default. */
  readonly config?: ((id: PluginId) => Readonly<Record<string, string>>) | undefined;
  /** The most plugins: 10,000 by default, as in the protocol. */
  readonly pluginsMax?: number | undefined;
  /**
   * How many bytes of machine code all plugins may have together: 2 GiB by default. Each counts 160
   * KiB, and 10 bytes for each byte of its code. That is more than V8 and JavaScriptCore needed for
   * all functions of the plugins that were measured. V8 compiles only those that are called, and
   * ends the process at 4 GiB. A swap needs room for both plugins until the last call of the old
   * one has ended.
   */
  readonly codeBytesMax?: number | undefined;
  /** How many plugins are worth a warning: 1,000 by default, as in the protocol. */
  readonly pluginsSoftMax?: number | undefined;
  /**
   * How many admissions may run at once: as many as there are cores by default, and at most 8, as
   * in the protocol.
   */
  readonly admissionsMax?: number | undefined;
  /** How many admissions may wait for others: 64 by default. Each holds a copy of its module. */
  readonly waitingAdmissionsMax?: number | undefined;
  /**
   * How many bytes the modules may have that are admitted or wait for it, all together: 256 MiB by
   * default. A single one may have more.
   */
  readonly waitingBytesMax?: number | undefined;
  /** How long a store may take to answer, in milliseconds: 30,000 by default. */
  readonly storeMs?: number | undefined;
  /**
   * How long all admissions of {@link PluginHost.restore} together may take, in milliseconds:
   * 60,000 by default, as in the protocol.
   */
  readonly restoreMs?: number | undefined;
}

const storeRule = (names: readonly string[]): OptionRule => ({
  expected: `an object with the functions ${names.join(', ')}`,
  holds: (value) => isObject(value) && names.every((name) => typeof Reflect.get(value, name) === 'function'),
});

export const countRule: OptionRule = {
  expected: 'a whole number from 1 up',
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
};

const INSTANCES_MAX = 1024;

const instancesRule: OptionRule = {
  expected: `a whole number from 1 to ${INSTANCES_MAX}`,
  holds: (value) => countRule.holds(value) && Number(value) <= INSTANCES_MAX,
};

const rules: OptionRules<PluginHostOptions> = {
  records: storeRule(['get', 'put', 'replace', 'delete', 'entries']),
  modules: storeRule(['get', 'put']),
  prepared: storeRule(['get', 'put']),
  hostCapabilities: collectionRule,
  offer: offerRule,
  clock: functionRule,
  telemetry: telemetryRule,
  onTelemetryError: functionRule,
  limits: optionsRule(moduleLimitRules),
  handshake: optionsRule(layerBudgetRules),
  selfCheck: optionsRule(layerBudgetRules),
  calls: optionsRule({
    wallMs: limitRule,
    fuel: limitRule,
    memoryMaxPages: limitRule,
    initialMemoryMaxPages: limitRule,
    tableMaxEntries: limitRule,
    stackSlots: stackSlotsRule,
    maxVarBytes: limitRule,
  } satisfies OptionRules<CallBudgets>),
  hooks: optionsRule(hookLimitRules),
  ttlSecs: { expected: 'a whole number', holds: Number.isSafeInteger },
  instances: {
    expected: `${instancesRule.expected}, or a function that returns one`,
    holds: (value) => instancesRule.holds(value) || functionRule.holds(value),
  },
  replaceAfterTrap: flagRule,
  hostFunctions: flagRule,
  storage: functionRule,
  admissionStorage: functionRule,
  fillRandom: functionRule,
  storageQuotaBytes: limitRule,
  config: functionRule,
  pluginsMax: limitRule,
  codeBytesMax: limitRule,
  pluginsSoftMax: limitRule,
  admissionsMax: countRule,
  waitingAdmissionsMax: limitRule,
  waitingBytesMax: limitRule,
  storeMs: limitRule,
  restoreMs: limitRule,
};

/** {@link PluginHostOptions} with the defaults. */
export interface SettledHost {
  readonly registry: PluginRegistry;
  readonly pluginsMax: number;
  readonly codeBytesMax: number;
  readonly pluginsSoftMax: number;
  readonly admissionsMax: number;
  readonly waitingAdmissionsMax: number;
  readonly waitingBytesMax: number;
  readonly restoreMs: number;
  readonly context: EngineContext;
}

const WAITING_ADMISSIONS_MAX = 64;
const CODE_BYTES_MAX = 2 * 1024 * 1024 * 1024;
const WAITING_BYTES_MAX = 256 * 1024 * 1024;
const STORE_MS = 30_000;

/**
 * Checks the options of a host, and reads them.
 *
 * @throws TypeError that names the first option that is unknown or malformed.
 */
export function settleHost(options: PluginHostOptions): SettledHost {
  checkOptions(options, rules);
  const isOneOffer = options.offer === undefined || options.hostCapabilities === undefined;
  checkArgument('options.hostCapabilities', isOneOffer, 'left out: options.offer has its own');
  for (const name of ['admissionStorage', 'fillRandom'] as const) {
    const isAsked = options[name] === undefined || options.hostFunctions !== false;
    checkArgument(`options.${name}`, isAsked, 'left out: options.hostFunctions is false');
  }
  const { fillRandom } = options;
  const { clock = systemClock, hostFunctions: mayImport = true } = options;
  const telemetry = telemetryOf(options);
  const { storage = storageOfKeys(), storageQuotaBytes = STORAGE_QUOTA_BYTES, config = () => ({}) } = options;
  const context: EngineContext = {
    offer: options.offer ?? buildOffer(options.hostCapabilities),
    clock,
    telemetry,
    metrics: new HostMetrics(telemetry),
    limits: { ...options.limits },
    admission: { handshake: options.handshake, selfCheck: options.selfCheck, ttlSecs: options.ttlSecs },
    calls: { ...options.calls },
    hooks: { ...options.hooks },
    hostFunctions: mayImport,
    admissionStorage: options.admissionStorage,
    fillRandom,
    instancesOf: instancesBy(options.instances ?? 1),
    replaceAfterTrap: options.replaceAfterTrap ?? false,
    functionsOf: (id, pluginName) => {
      const reports = { clock, telemetry: telemetryOfPlugin(telemetry, id.name) };
      const given = { pluginName, storageQuotaBytes, fillRandom, ...reports };
      return mayImport ? hostFunctions({ ...given, state: storage(id) }) : [];
    },
    configOf: config,
  };
  return {
    registry: new PluginRegistry({
      records: options.records ?? new MemoryRecords(),
      modules: options.modules ?? new MemoryBytes(),
      prepared: options.prepared,
      limits: context.limits,
      storeMs: options.storeMs ?? STORE_MS,
    }),
    pluginsMax: options.pluginsMax ?? REGISTRY_ROW_COUNT_HARD_REJECT,
    codeBytesMax: options.codeBytesMax ?? CODE_BYTES_MAX,
    pluginsSoftMax: options.pluginsSoftMax ?? REGISTRY_ROW_COUNT_SOFT_WARN,
    admissionsMax: options.admissionsMax ?? Math.min(STARTUP_HANDSHAKE_PARALLEL_MAX, cores()),
    waitingAdmissionsMax: options.waitingAdmissionsMax ?? WAITING_ADMISSIONS_MAX,
    waitingBytesMax: options.waitingBytesMax ?? WAITING_BYTES_MAX,
    restoreMs: options.restoreMs ?? STARTUP_HANDSHAKE_TOTAL_BUDGET_MS,
    context,
  };
}

/** @returns what throws TypeError if the host's function returns anything but a number in range. */
function instancesBy(instances: number | ((id: PluginId) => number)): (id: PluginId) => number {
  if (typeof instances === 'number') return () => instances;
  return (id) => {
    const count = instances(id);
    checkArgument(`options.instances(${idOf(id)})`, instancesRule.holds(count), instancesRule.expected);
    return count;
  };
}

function telemetryOf({ telemetry = noTelemetry, onTelemetryError = firstToConsole() }: PluginHostOptions): Telemetry {
  return telemetry === noTelemetry ? noTelemetry : containedTelemetry(telemetry, onTelemetryError);
}

/** Makes a storage for each key: a plugin's name is its author's choice, and two may choose one. */
function storageOfKeys(): (id: PluginId) => PluginStorage {
  const storages = new Map<string, HostState>();
  return (id) => {
    const key = idOf(id);
    const storage = storages.get(key) ?? new HostState();
    storages.set(key, storage);
    return storage;
  };
}

/**
 * Returns how many threads the machine runs at once; 1 where nothing says so. Node 20 has no
 * `navigator`, and its own module is not imported, so that this package loads in browsers.
 */
export function cores(): number {
  const { navigator, process } = globalThis;
  const count = navigator?.hardwareConcurrency ?? process?.getBuiltinModule?.('node:os').availableParallelism() ?? 1;
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}
