import { resultOf } from '../../failure.ts';
import { type FileAdmission, reportAdmission } from '../../inspection/admission-report.ts';
import { reportFailure } from '../../inspection/failure-report.ts';
import type { ModuleSource } from '../../module-source.ts';
import { BuildPluginError, buildPlugin, compilePlugin, type Plugin } from '../../plugin/index.ts';
import { type DispatchOutcome, dispatchWireCall } from '../../protocol/dispatch.ts';
import { type AugmentedMetadata, encodeJson, utf8Length } from '../../protocol/messages/index.ts';
import { type AnyWireFunction, functionOf, wireVersions } from '../../protocol/messages/wire-versions.ts';
import { dispatchRemoteCall } from '../../protocol/remote-dispatch.ts';
import type { Telemetry } from '../../telemetry.ts';
import { cutText } from '../call/cut-text.ts';
import { faultOf } from '../call/failure-details.ts';
import type { CallCost, CallOutcome, CallReport, RawMessage, SeriesSlice } from '../call/report.ts';
import { admitOptionsOf, type CallSettings, compileOptionsOf, pluginOptionsOf } from '../call/settings.ts';
import type { CallTarget } from '../request/callables.ts';
import { LiveHost } from './live-host.ts';
import { Recording } from './recording.ts';
import { callsUntil, MESSAGE_CHARACTERS, prettyText, type Session } from './session.ts';
import { decodeWireRequest } from './wire-request.ts';
import { wireSamplesFor } from './wire-samples.ts';

/** A plugin that can be called, or why there is none. */
type Built =
  | { readonly plugin: Plugin; readonly metadata: AugmentedMetadata }
  | { readonly refused: CallOutcome & { readonly kind: 'refused' } };

/** The session of a plugin of generation 1: one instance, and the storage of its host. */
export class WireSession implements Session {
  readonly #source: ModuleSource;
  readonly #settings: CallSettings;
  readonly #admission: FileAdmission;
  readonly #host: LiveHost;
  #built: Built | undefined;
  #recording = new Recording();
  #calls = 0;

  /**
   * Admits a plugin.
   *
   * @param prepared the module that the bytes became, if they are prepared.
   */
  constructor(file: string, bytes: Uint8Array, prepared: WebAssembly.Module | undefined, settings: CallSettings) {
    this.#source = prepared ?? bytes;
    this.#settings = settings;
    this.#admission = reportAdmission(file, bytes, admitOptionsOf(settings), prepared);
    this.#host = new LiveHost(this.#admission.identity?.plugin_name ?? '', settings);
  }

  get implemented(): readonly string[] {
    return Object.keys(this.#admission.accept?.chosen_versions ?? {});
  }

  async call(target: CallTarget, request: string): Promise<CallReport> {
    const fn = findFunction(target);
    const decoded = decodeWireRequest(fn, request);
    const built = this.#begin();
    if ('refused' in built) return this.#report(fn, built.refused);
    const { plugin, metadata } = built;
    const messages: { sent?: RawMessage; answered?: RawMessage } = {};
    const call = (text: string) => {
      messages.sent = rawText(text);
      const output = resultOf(() => plugin.callText(fn.name, text));
      if (output.ok) messages.answered = rawText(output.value);
      return Promise.resolve({ ...output, used: plugin.lastUse });
    };
    const startedAt = performance.now();
    const outcome = await dispatchRemoteCall(fn, call, metadata, decoded, { telemetry: this.#telemetry });
    const cost = costOf(plugin, startedAt);
    return this.#report(fn, outcomeOf(fn, outcome), { ...messages, ...(messages.sent !== undefined && { cost }) });
  }

  repeat(target: CallTarget, request: string, count: number, sliceMs: number): SeriesSlice {
    const fn = findFunction(target);
    const decoded = decodeWireRequest(fn, request);
    const built = this.#begin();
    if ('refused' in built) return { costs: [], failed: this.#report(fn, built.refused) };
    const { plugin, metadata } = built;
    return callsUntil(count, sliceMs, () => {
      this.#recording = new Recording();
      const startedAt = performance.now();
      const outcome = dispatchWireCall(fn, plugin, metadata, decoded, { telemetry: this.#telemetry });
      const cost = costOf(plugin, startedAt);
      if (outcome.kind === 'fallback') return { cost, failed: this.#report(fn, outcomeOf(fn, outcome), { cost }) };
      this.#calls++;
      return { cost };
    });
  }

  reset(): void {
    if (this.#built !== undefined && 'plugin' in this.#built) this.#built.plugin.dispose();
    this.#built = undefined;
    this.#calls = 0;
  }

  clearStorage(): void {
    this.#host.clear();
  }

  samples(target: CallTarget): ReadonlyMap<string, () => string> {
    const { metadata } = this.#admission;
    return wireSamplesFor(findFunction(target), metadata, () => {
      // An instance of its own: a sample must not change the one that is called.
      const options = { ...pluginOptionsOf(this.#settings), name: this.#host.pluginName };
      const functions = new LiveHost(this.#host.pluginName, this.#settings).functions(new Recording());
      return buildPlugin(compilePlugin(this.#source, compileOptionsOf(this.#settings)), { ...options, functions });
    });
  }

  /** What the plugin reports goes to the recording of the call that runs. */
  readonly #telemetry: Telemetry = {
    log: (event) => this.#recording.log(event),
    counter: (name, value, labels) => this.#recording.counter(name, value, labels),
  };

  #begin(): Built {
    this.#recording = new Recording();
    this.#host.beginCall();
    this.#built ??= this.#build();
    return this.#built;
  }

  #build(): Built {
    const { metadata, layers } = this.#admission;
    const failed = layers.find(({ error }) => error !== undefined);
    if (metadata === undefined || failed?.error !== undefined) {
      const error = failed?.error ?? { kind: 'Unknown', message: 'the plugin was not admitted', failure: undefined };
      return {
        refused: {
          kind: 'refused',
          stage: failed?.layer ?? 'admission',
          fault: faultOf({ error: 'Admission', ...error }),
        },
      };
    }
    const telemetry = this.#telemetry;
    const functions = this.#host.functions(telemetry);
    const options = { ...pluginOptionsOf(this.#settings), name: metadata.identity.plugin_name, functions, telemetry };
    try {
      return { metadata, plugin: buildPlugin(compilePlugin(this.#source, compileOptionsOf(this.#settings)), options) };
    } catch (error) {
      if (!(error instanceof BuildPluginError)) throw error;
      return { refused: { kind: 'refused', stage: 'build', fault: faultOf(reportFailure(error)) } };
    }
  }

  #report(
    { name }: AnyWireFunction,
    outcome: CallOutcome,
    made: Pick<CallReport, 'cost' | 'sent' | 'answered'> = {},
  ): CallReport {
    const remark = this.#remark(name);
    const callsBefore = this.#calls;
    if (outcome.kind !== 'refused') this.#calls++;
    return {
      name,
      outcome,
      ...made,
      recorded: this.#recording.report(),
      host: this.#host.contents(),
      callsBefore,
      ...(remark !== undefined && { remark }),
    };
  }

  #remark(name: string): string | undefined {
    const { implemented } = this;
    if (implemented.length === 0 || implemented.includes(name)) return undefined;
    return `The plugin does not implement ${name}. It implements ${implemented.join(', ')}.`;
  }
}

function findFunction({ name, version }: CallTarget): AnyWireFunction {
  const known = wireVersions.find((each) => each === version);
  const found = known && functionOf(known, name);
  if (found === undefined) throw new TypeError(`no version of the wire declares ${name} in ${version}`);
  return found;
}

function outcomeOf({ schemas }: AnyWireFunction, outcome: DispatchOutcome<unknown>): CallOutcome {
  if (outcome.kind === 'ok')
    return { kind: 'ok', response: prettyText(encodeJson(schemas.response, outcome.response, 'declared')) };
  const { policy, error } = outcome;
  return { kind: 'fallback', policy, stage: error.stage, fault: faultOf(reportFailure(error)) };
}

function costOf({ fuelConsumed: fuel, memoryPages }: Plugin, startedAt: number): CallCost {
  return { durationMs: performance.now() - startedAt, fuel, memoryPages };
}

function rawText(text: string): RawMessage {
  return { bytes: utf8Length(text), content: cutText(text, MESSAGE_CHARACTERS), unit: 'characters' };
}
