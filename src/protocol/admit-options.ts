import type { Clock } from '../clock.ts';
import { type ModuleLimits, moduleLimitRules } from '../metering/limits.ts';
import { adviceOn, isBytes, MODULE_BYTES, type ModuleSource } from '../module-source.ts';
import {
  checkArgument,
  checkOptions,
  collectionRule,
  functionRule,
  type OptionRules,
  oneOfRule,
  optionsRule,
  telemetryRule,
} from '../option-rules.ts';
import { CompiledPlugin } from '../plugin/compiled-plugin.ts';
import type { Telemetry } from '../telemetry.ts';
import { type LayerBudget, layerBudgetRules } from './layer-call.ts';
import type { HandshakeOffer } from './messages/index.ts';
import { offerRule } from './offer.ts';

/**
 * A plugin that asks for admission: the bytes of its module; a `WebAssembly.Module` made from what
 * `preparePlugin` returned; or the compiled plugin.
 */
export type Candidate = ModuleSource | CompiledPlugin;

/** How a plugin is admitted. Missing or `undefined` means the default. */
export interface AdmitOptions {
  /** What the built-in offer says that the host can do. Nothing by default. */
  readonly hostCapabilities?: Iterable<string> | undefined;
  /** Replaces the built-in offer. Cannot be combined with `hostCapabilities`. */
  readonly offer?: HandshakeOffer | undefined;
  /** Gives the times of the self-check and of the record; the machine's clock by default. */
  readonly clock?: Clock | undefined;
  /** Gets the counter of handshakes, and what the plugin logs. */
  readonly telemetry?: Telemetry | undefined;
  /**
   * What the module may contain, when it is given as bytes: see `MODULE_LIMITS` for the names and
   * defaults.
   */
  readonly limits?: ModuleLimits | undefined;
  /** For how many seconds the record is good: a whole number, a week by default. */
  readonly ttlSecs?: number | undefined;
  /** What the handshake may use. */
  readonly handshake?: LayerBudget | undefined;
  /** What the self-check may use. */
  readonly selfCheck?: LayerBudget | undefined;
  /**
   * What the self-check tests: the functions of the slots that the plugin `supported` (default), or
   * `all` wire functions.
   */
  readonly slots?: 'supported' | 'all' | undefined;
}

const rules: OptionRules<AdmitOptions> = {
  hostCapabilities: collectionRule,
  offer: offerRule,
  clock: functionRule,
  telemetry: telemetryRule,
  limits: optionsRule(moduleLimitRules),
  ttlSecs: { expected: 'a whole number', holds: Number.isSafeInteger },
  handshake: optionsRule(layerBudgetRules),
  selfCheck: optionsRule(layerBudgetRules),
  slots: oneOfRule(['supported', 'all']),
};

/** @throws TypeError that names the first argument or option that is not what it must be. */
export function checkAdmission(wasm: unknown, options: AdmitOptions): void {
  const isModule = wasm instanceof WebAssembly.Module || wasm instanceof CompiledPlugin;
  const expected = `${MODULE_BYTES}, a WebAssembly.Module or a CompiledPlugin${adviceOn(wasm)}`;
  checkArgument('wasm', isModule || isBytes(wasm), expected);
  checkOptions(options, rules);
  const isOneOffer = options.offer === undefined || options.hostCapabilities === undefined;
  checkArgument('options.hostCapabilities', isOneOffer, 'left out: options.offer has its own');
}
