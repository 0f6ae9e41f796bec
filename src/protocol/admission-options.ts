import type { Clock } from '../clock.ts';
import {
  checkArgument,
  checkOptions,
  collectionRule,
  flagRule,
  functionRule,
  type OptionRules,
  oneOfRule,
  optionsRule,
  telemetryRule,
  textRecordRule,
} from '../option-rules.ts';
import type { Telemetry } from '../telemetry.ts';
import { type LayerBudget, layerBudgetRules } from './layer-call.ts';
import type { HandshakeOffer } from './messages/index.ts';
import { offerRule } from './offer.ts';
import type { PluginStorage } from './plugin-storage.ts';

/** How to admit a plugin. Missing or `undefined` means the default. */
export interface AdmissionOptions {
  /** The capabilities in the built-in offer; none by default. */
  readonly hostCapabilities?: Iterable<string> | undefined;
  /** Replaces the built-in offer. Cannot be combined with `hostCapabilities`. */
  readonly offer?: HandshakeOffer | undefined;
  /** Supplies the times of the self-check and the record; the machine's clock by default. */
  readonly clock?: Clock | undefined;
  /** Receives the counter of handshakes, and what the plugin logs. */
  readonly telemetry?: Telemetry | undefined;
  /**
   * Whether the plugin may import the six host functions (abi/PROTOCOL.md, "Host functions"): false
   * by default, as in the protocol. In each layer they then have an empty storage, which ends with
   * the layer. Logs go to `telemetry`; what the plugin counts is not reported.
   */
  readonly hostFunctions?: boolean | undefined;
  /**
   * Returns where a plugin stores during its admission, by the name in its identity, instead of the
   * empty storage. It is called once for each layer. Until a plugin is admitted, its name is only a
   * claim: return nothing that belongs to the plugin of that name. Needs `hostFunctions: true`.
   */
  readonly storage?: ((pluginName: string) => PluginStorage) | undefined;
  /**
   * Fills what `cc_lb_random_bytes` returns in each layer, as in `hostFunctions`. Needs
   * `hostFunctions: true`.
   */
  readonly fillRandom?: ((bytes: Uint8Array<ArrayBuffer>) => unknown) | undefined;
  /** What `config_get` finds in each layer; no entries by default, as in the protocol. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  /** How long the record is valid, in seconds: a whole number, a week by default. */
  readonly ttlSecs?: number | undefined;
  /** The limits of the handshake. */
  readonly handshake?: LayerBudget | undefined;
  /** The limits of the self-check. */
  readonly selfCheck?: LayerBudget | undefined;
  /**
   * Which functions the self-check tests: those of the plugin's slots (`supported`, the default),
   * or `all` wire functions.
   */
  readonly slots?: 'supported' | 'all' | undefined;
}

/** The rules of {@link AdmissionOptions}. */
export const admissionRules: OptionRules<AdmissionOptions> = {
  hostCapabilities: collectionRule,
  offer: offerRule,
  clock: functionRule,
  telemetry: telemetryRule,
  hostFunctions: flagRule,
  storage: functionRule,
  fillRandom: functionRule,
  config: textRecordRule,
  ttlSecs: { expected: 'a whole number', holds: Number.isSafeInteger },
  handshake: optionsRule(layerBudgetRules),
  selfCheck: optionsRule(layerBudgetRules),
  slots: oneOfRule(['supported', 'all']),
};

/**
 * Checks the options of an admission.
 *
 * @param rules of all its options.
 * @throws TypeError that names the first option that is malformed.
 */
export function checkAdmissionOptions<Options extends AdmissionOptions>(
  options: Options,
  rules: OptionRules<Options>,
): void {
  checkOptions(options, rules);
  const isOneOffer = options.offer === undefined || options.hostCapabilities === undefined;
  checkArgument('options.hostCapabilities', isOneOffer, 'left out: options.offer has its own');
  const isAsked = options.storage === undefined || options.hostFunctions === true;
  checkArgument('options.storage', isAsked, 'left out: without options.hostFunctions nothing stores');
  const isFilled = options.fillRandom === undefined || options.hostFunctions === true;
  checkArgument('options.fillRandom', isFilled, 'left out: without options.hostFunctions nothing asks for it');
}
