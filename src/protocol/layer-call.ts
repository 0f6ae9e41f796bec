import { type Result, resultOf, translate } from '../failure.ts';
import type { HostFunction } from '../kernel/index.ts';
import { adviceOn } from '../module-source.ts';
import {
  checkArgument,
  isObject,
  limitRule,
  type OptionRules,
  telemetryRule,
  textRecordRule,
  withDefaults,
} from '../option-rules.ts';
import { type BuildFailure, BuildPluginError } from '../plugin/build-error.ts';
import type { CallFailure, PluginCallError } from '../plugin/call-error.ts';
import { type CompiledPlugin, isCompiledPlugin } from '../plugin/compiled-plugin.ts';
import { hostFunctionsRule, type PluginOptions } from '../plugin/options.ts';
import { Plugin } from '../plugin/plugin.ts';
import type { Telemetry } from '../telemetry.ts';
import { decodeJson, JsonDecodeError, type ReadableType, utf8Length } from './messages/index.ts';
import { type Undecoded, undecoded } from './undecoded.ts';

/**
 * The plugin of a layer: compiled, or the result of compiling it. If that is an error, the layer
 * fails with it.
 */
export type PluginSource = CompiledPlugin | Result<CompiledPlugin>;

/** The limits of a layer's call. For a missing or `undefined` limit the protocol's applies. */
export interface LayerBudget {
  /** The time, in milliseconds. */
  readonly wallMs?: number | undefined;
  /** The fuel, in instructions as abi/KERNEL.md ("Fuel") counts them. */
  readonly fuel?: number | undefined;
  /**
   * By how many pages of 64 KiB the memories of plugin and kernel together may grow: 1,024 by
   * default. The protocol has no limit.
   */
  readonly memoryMaxPages?: number | undefined;
  /**
   * How many pages of 64 KiB the plugin's memories together may have initially: 1,024 by default.
   * The protocol has no limit.
   */
  readonly initialMemoryMaxPages?: number | undefined;
  /**
   * How many entries the plugin's tables together may have, initially and by growth: 1,000,000 by
   * default. The protocol has no limit.
   */
  readonly tableMaxEntries?: number | undefined;
}

/** How to build and call the plugin of a layer. */
export interface LayerOptions extends LayerBudget {
  /** Receives what the plugin logs. */
  readonly telemetry?: Telemetry | undefined;
  /**
   * The functions that the plugin may import from the host. None by default, as in the protocol: a
   * plugin that imports any then fails with `Instantiate`. Give them a storage of their own: before
   * it is admitted, a plugin may use the name of another.
   */
  readonly functions?: readonly HostFunction[] | undefined;
  /** What `config_get` finds; nothing by default, as in the protocol. */
  readonly config?: Readonly<Record<string, string>> | undefined;
}

/** The rules of a {@link LayerBudget}. */
export const layerBudgetRules: OptionRules<LayerBudget> = {
  wallMs: limitRule,
  fuel: limitRule,
  memoryMaxPages: limitRule,
  initialMemoryMaxPages: limitRule,
  tableMaxEntries: limitRule,
};

/** The rules of {@link LayerOptions}. */
export const layerOptionRules: OptionRules<LayerOptions> = {
  ...layerBudgetRules,
  telemetry: telemetryRule,
  functions: hostFunctionsRule,
  config: textRecordRule,
};

/**
 * The default memory of a layer's call: 64 MiB initially, and 64 MiB by growth. The layer frees it
 * when it ends.
 */
const LAYER_MEMORY = { memoryMaxPages: 1_024, initialMemoryMaxPages: 1_024, tableMaxEntries: 1_000_000 } as const;

/**
 * Returns the options of a layer's plugin.
 *
 * @param limits the protocol's time and fuel for the layer.
 */
export function pluginOptions(
  options: LayerOptions,
  limits: { readonly wallMs: number; readonly fuel: number },
): PluginOptions {
  return {
    ...withDefaults<Required<LayerBudget>>(options, { ...LAYER_MEMORY, ...limits }),
    telemetry: options.telemetry,
    functions: options.functions,
    config: options.config,
  };
}

/** The outcome of a layer, and the fuel that its call burnt. */
export type LayerResult<T> = Result<T> & {
  /** Missing if the plugin was not built, or is not metered. */
  readonly fuel?: number;
};

/**
 * Checks the plugin that a layer is given.
 *
 * @throws TypeError if it is not compiled.
 */
export function checkSource(plugin: unknown): void {
  const holds = isCompiledPlugin(plugin) || isCompiling(plugin);
  checkArgument('plugin', holds, `a CompiledPlugin, as compilePlugin and loadPlugin return it${adviceOn(plugin)}`);
}

/** Whether a value is the result of compiling. A `Response` has a field `ok` too. */
function isCompiling(value: unknown): boolean {
  if (!isObject(value) || !('ok' in value)) return false;
  return value.ok === true ? 'value' in value && isCompiledPlugin(value.value) : 'error' in value;
}

/**
 * Returns the compiled plugin of a source.
 *
 * @throws the error of compiling it, if the source is a failed result.
 */
export function compiledOf(source: PluginSource): CompiledPlugin {
  if (isCompiledPlugin(source)) return source;
  if (source.ok) return source.value;
  throw source.error;
}

/**
 * Builds a plugin, uses it, and disposes of it.
 *
 * @param refuse makes the error if the plugin cannot be compiled or built. Errors of the host pass
 * unchanged: a BuildPluginError `InvalidArgument`, `NotPrepared` or `CompilationRefused`, and any
 * error of another class.
 * @returns the outcome of `use`, with the fuel even if it failed.
 */
export function withFreshPlugin<T>(
  source: PluginSource,
  options: PluginOptions,
  refuse: (error: BuildPluginError) => Error,
  use: (plugin: Plugin) => T,
): LayerResult<T> {
  const built = resultOf(() => new Plugin(compiledOf(source), options));
  if (!built.ok) {
    const { error } = built;
    return error instanceof BuildPluginError && !isOfHost(error) ? { ok: false, error: refuse(error) } : built;
  }
  const plugin = built.value;
  const result = resultOf(() => use(plugin));
  const fuel = plugin.fuelConsumed;
  plugin.dispose();
  return Number.isNaN(fuel) ? result : { ...result, fuel };
}

/** Whether a plugin was not built for a reason that says nothing about the plugin. */
export function isOfHost(error: unknown): boolean {
  return error instanceof BuildPluginError && ofHost.includes(error.failure.kind);
}

const ofHost: readonly BuildFailure['kind'][] = ['InvalidArgument', 'NotPrepared', 'CompilationRefused'];

/** What a layer says of a call that failed. The text of a plugin's error is shortened in both. */
export function reportedCall({ message, failure }: PluginCallError): {
  readonly reason: string;
  readonly call: CallFailure;
} {
  return { reason: message, call: failure.kind === 'PluginError' ? { ...failure, message } : failure };
}

/** What an answer must be, and the failure of one that is something else. */
interface AnswerRules<T, Kind extends string> {
  readonly type: ReadableType<T>;
  /** The most bytes that it may have. */
  readonly max: number;
  readonly kind: Kind;
}

/** Why an answer is not taken. */
type AnswerFailure<Kind extends string> =
  | { readonly kind: 'OutputTooLarge'; readonly bytes: number; readonly max: number }
  | ({ readonly kind: Kind } & Undecoded);

/**
 * Decodes the answer of a layer's call.
 *
 * @param failed makes the error of the layer.
 */
export function decodeAnswer<T, Kind extends string>(
  answer: string,
  { type, max, kind }: AnswerRules<T, Kind>,
  failed: (failure: AnswerFailure<Kind>, options?: ErrorOptions) => Error,
): T {
  const bytes = utf8Length(answer);
  if (bytes > max) throw failed({ kind: 'OutputTooLarge', bytes, max });
  return translate(
    () => decodeJson(type, answer),
    JsonDecodeError,
    (error, options) => failed({ kind, ...undecoded(error) }, options),
  );
}
