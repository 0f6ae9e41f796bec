import { type Clock, systemClock, unixMilliseconds } from '../clock.ts';
import { reasonOf } from '../failure.ts';
import { type HostFunction, hostFunction } from '../kernel/index.ts';
import {
  checkArgument,
  checkOptions,
  functionRule,
  limitRule,
  type OptionRules,
  telemetryRule,
  textRule,
} from '../option-rules.ts';
import { isPromise, silence } from '../realms.ts';
import { type LogLevel, noTelemetry, type Telemetry } from '../telemetry.ts';
import { HostFunctionError } from './host-function-error.ts';
import { RANDOM_BYTES_MAX } from './messages/index.ts';
import { type PluginStorage, storageRule } from './plugin-storage.ts';

export type { Clock } from '../clock.ts';
export {
  HostFunctionError,
  type HostFunctionFailure,
  HostState,
  type PluginStorage,
  type SavedHostState,
} from './host-state.ts';

/** The target of what `cc_lb_log` reports, and of what the kernel's own log functions report. */
const LOG_TARGET = 'cc_lb_plugin.log';

/** What the host functions of one plugin work with. */
export interface HostFunctionsContext {
  /**
   * The plugin's name as in its identity. It is the scope of its storage, and the field or label
   * `plugin` in what it reports.
   */
  readonly pluginName: string;
  /**
   * How many bytes the plugin may store, keys and values together; `Infinity` means unlimited. The
   * cc-lb host allows 1 MiB.
   */
  readonly storageQuotaBytes: number;
  /**
   * Where the plugin stores: a `HostState`, or a storage of the host's own. Pass the same object to
   * instances that share their storage.
   */
  readonly state: PluginStorage;
  /** What `cc_lb_now_unix_ms` returns; the machine's clock by default. */
  readonly clock?: Clock | undefined;
  /**
   * Receives what the plugin logs and counts; nothing is reported by default. If it throws, the
   * plugin's call ends.
   */
  readonly telemetry?: Telemetry | undefined;
  /**
   * Fills at most 65536 bytes with unpredictable values, synchronously; `crypto.getRandomValues` by
   * default, which edge workers refuse while they are loaded. If it returns a promise, the plugin's
   * call ends.
   */
  readonly fillRandom?: ((bytes: Uint8Array<ArrayBuffer>) => unknown) | undefined;
}

const contextRules: OptionRules<HostFunctionsContext> = {
  pluginName: textRule,
  storageQuotaBytes: limitRule,
  state: storageRule,
  clock: functionRule,
  telemetry: telemetryRule,
  fillRandom: functionRule,
};

/**
 * Makes the six functions of `extism:host/user` that a cc-lb host provides to a dispatching plugin
 * (abi/PROTOCOL.md, "Host functions").
 *
 * @returns the functions, for the option `functions` of `buildPlugin`.
 * @throws TypeError that names the first field of `context` that is missing, unknown or malformed.
 */
export function hostFunctions(context: HostFunctionsContext): HostFunction[] {
  checkOptions(context, contextRules, 'context');
  for (const name of ['pluginName', 'storageQuotaBytes', 'state'] as const) {
    checkArgument(`context.${name}`, context[name] !== undefined, contextRules[name].expected);
  }
  const { pluginName, storageQuotaBytes, state } = context;
  const { clock = systemClock, telemetry = noTelemetry, fillRandom = fillFromCrypto } = context;
  return [
    hostFunction('cc_lb_log', ['text', 'text'], [], (level, message) => {
      telemetry.log({ level: logLevel(level), target: LOG_TARGET, message, fields: { plugin: pluginName } });
    }),
    hostFunction('cc_lb_metric_incr', ['text', 'u64le'], [], (name, value) => {
      telemetry.counter(name, value, { plugin: pluginName });
    }),
    hostFunction('cc_lb_storage_get', ['text'], ['bytes'], (key) => state.get(pluginName, key) ?? new Uint8Array()),
    hostFunction('cc_lb_storage_put', ['text', 'bytes'], [], (key, value) => {
      state.put(pluginName, key, value, storageQuotaBytes);
    }),
    hostFunction('cc_lb_now_unix_ms', [], ['i64le'], () => unixMilliseconds(clock)),
    hostFunction('cc_lb_random_bytes', ['u64le'], ['bytes'], (count) => randomBytes(count, fillRandom)),
  ];
}

/** The levels by the names that a plugin may pass. Any other name means `info`. */
const logLevels: readonly LogLevel[] = ['trace', 'debug', 'warn', 'error'];

function logLevel(name: string): LogLevel {
  return logLevels.find((level) => level === name) ?? 'info';
}

function fillFromCrypto(bytes: Uint8Array<ArrayBuffer>): void {
  try {
    crypto.getRandomValues(bytes);
  } catch (cause) {
    throw new HostFunctionError({ kind: 'NoRandomValues', reason: reasonOf(cause) }, { cause });
  }
}

function randomBytes(count: bigint, fillRandom: (bytes: Uint8Array<ArrayBuffer>) => unknown): Uint8Array {
  const max = RANDOM_BYTES_MAX;
  if (count > BigInt(max)) throw new HostFunctionError({ kind: 'RandomBytesExceeded', bytes: count, max });
  const bytes = new Uint8Array(Number(count));
  const filled = fillRandom(bytes);
  if (isPromise(filled)) {
    silence(filled);
    throw new TypeError('fillRandom returned a promise: it must be synchronous');
  }
  return bytes;
}
