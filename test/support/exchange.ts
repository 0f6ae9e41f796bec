import type { Generation } from '../../src/generation/exports.ts';
import type { HookAdmission, HookAdmissionOptions } from '../../src/hooks/admission.ts';
import { hooks } from '../../src/hooks/hook.ts';
import { BuildPluginError } from '../../src/plugin/build-error.ts';
import type { PluginOptions } from '../../src/plugin/options.ts';
import type { Plugin } from '../../src/plugin/plugin.ts';
import type { AdmissionReport } from '../../src/protocol/admission.ts';
import type { AdmissionOptions } from '../../src/protocol/admission-options.ts';
import { dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { HostState, hostFunctions } from '../../src/protocol/host-functions.ts';
import { allWireFunctions, type WireFunction, wire } from '../../src/protocol/messages/index.ts';

/** Admission and calls of a plugin, as plain JSON values. */
export type Exchange = Readonly<Record<string, unknown>>;

/** What an exchange is made with: the functions of the root entry, or those of `./prepared`. */
export interface ExchangeFunctions<Source> {
  readonly generationOf: (wasm: Source) => Generation | undefined;
  readonly admit: (wasm: Source, options: AdmissionOptions) => AdmissionReport;
  readonly buildPlugin: (wasm: Source, options: PluginOptions) => Plugin;
  readonly admitHooks: (wasm: Source, options: HookAdmissionOptions) => HookAdmission;
}

/** The time that the host tells, in milliseconds since 1970. */
const NOW = 1_800_000_000_000;

/** What depends on the machine: an exchange has no times but that of {@link NOW}. */
const unhurried = { wallMs: Number.POSITIVE_INFINITY } as const;
const admitOptions: AdmissionOptions = {
  handshake: unhurried,
  selfCheck: unhurried,
  clock: () => NOW,
  slots: 'all',
  hostFunctions: true,
};
const budget = { fuel: 5_000_000, ...unhurried } as const;
const hookOptions: HookAdmissionOptions = { call: budget, probe: unhurried };

/** What a report says of time, which differs from run to run. */
const times: ReadonlySet<string> = new Set(['durationMs', 'compileMs', 'seconds', 'ms']);

/**
 * Admits a plugin of any generation, and calls each function that it exports and the host knows
 * with its sample: once after admission, and once more, since it may keep a state.
 *
 * All that could differ between machines is given: the time, random bytes, an empty storage. No
 * deadline ends a call, but fuel does.
 *
 * @param wasm the bytes of a module; or the module that the engine made of its prepared form, of
 * which the exchange must be the same.
 */
export function exchangeOf<Source>(functions: ExchangeFunctions<Source>, wasm: Source): Exchange {
  const isOfHooks = functions.generationOf(wasm) === 2;
  const exchange = isOfHooks ? hookExchange(functions, wasm) : protocolExchange(functions, wasm);
  // The cast: an object of plain JSON.
  return JSON.parse(JSON.stringify(exchange, plain)) as Exchange;
}

function protocolExchange<Source>({ admit, buildPlugin }: ExchangeFunctions<Source>, wasm: Source): object {
  const report = admit(wasm, admitOptions);
  const plugin = built((options) => buildPlugin(wasm, options), report.identity?.plugin_name ?? 'unknown');
  if ('failure' in plugin) return { report, plugin };
  const calls = allWireFunctions
    .filter((name) => plugin.functionExists(name))
    .flatMap((name) => [wireFunctions[name], wireFunctions[name]])
    .map((fn) => {
      // The sample is dispatched to plugins that were refused too: they show how calls fail.
      const metadata = report.metadata ?? { negotiated_functions: { [fn.name]: 1 } };
      const { used, ...outcome } = dispatchWireCall(fn, plugin, metadata, fn.dryRunRequest());
      return { function: fn.name, ...outcome, fuel: plugin.fuelConsumed };
    });
  return { report, calls };
}

// The cast: the type of a sample is that of its function's request, which this list forgets.
const wireFunctions = {
  filter: wire.v3.filter,
  shape: wire.v2.shape,
  normalize_error: wire.v1.normalizeError,
  build_signer: wire.v1.buildSigner,
  sign: wire.v1.sign,
  on_unauthorized: wire.v1.onUnauthorized,
  observe: wire.v1.observe,
} as Readonly<Record<(typeof allWireFunctions)[number], WireFunction<unknown, unknown>>>;

/** Builds a plugin with all host functions, or says why it cannot be built. */
function built(build: (options: PluginOptions) => Plugin, pluginName: string) {
  const functions = hostFunctions({
    pluginName,
    storageQuotaBytes: 1_000,
    state: new HostState(),
    clock: () => NOW,
    fillRandom: (bytes) => bytes.fill(7),
  });
  const options: PluginOptions = { ...budget, name: pluginName, functions };
  try {
    return build(options);
  } catch (error) {
    if (!(error instanceof BuildPluginError)) throw error;
    return { failure: error.failure };
  }
}

function hookExchange<Source>({ admitHooks }: ExchangeFunctions<Source>, wasm: Source): object {
  const { report, plugin } = admitHooks(wasm, hookOptions);
  const declared = plugin === undefined ? [] : hooks.filter(({ name }) => name in plugin.metadata.hooks);
  const calls = [...declared, ...declared].map((hook) => {
    const { used, ...outcome } = plugin?.call(hook, hook.sample()) ?? {};
    return { hook: hook.name, ...outcome, fuel: plugin?.fuelConsumed };
  });
  return { report, calls };
}

/** Writes what JSON has not: integers of 64 bits, bytes, and errors. */
function plain(key: string, value: unknown): unknown {
  if (times.has(key)) return undefined;
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return [...value];
  if (value instanceof Error) return { name: value.name, message: value.message };
  return value;
}
