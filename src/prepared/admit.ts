import { resultOf } from '../failure.ts';
import { checkArgument } from '../option-rules.ts';
import { isCompiledPlugin } from '../plugin/compiled-plugin.ts';
import { loadPlugin } from '../plugin/load.ts';
import { type AdmissionReport, finishAdmission, Layers } from '../protocol/admission.ts';
import { type AdmissionOptions, admissionRules, checkAdmissionOptions } from '../protocol/admission-options.ts';
import { isOfHost } from '../protocol/layer-call.ts';
import { readModuleIdentity } from '../protocol/module-identity.ts';
import { PREPARED_PLUGIN, type PreparedPlugin } from './plugin.ts';
import { sourceFault } from './source.ts';

/**
 * Takes a prepared plugin through the layers up to its record: identity, handshake, self-check,
 * metadata (abi/PROTOCOL.md). The report is that of `admit` for the bytes that were prepared.
 *
 * Never throws for a bad plugin: check the report.
 *
 * @param wasm its module, or what `loadPlugin` returned.
 * @returns the outcome of each layer.
 * @throws TypeError if an argument is malformed, such as bytes. BuildPluginError `NotPrepared` if
 * the module is not prepared, or by another version of this package, or with `kernel: 'instance'`:
 * that says nothing about the plugin. Exceptions from `telemetry` propagate.
 */
export function admit(wasm: PreparedPlugin, options: AdmissionOptions = {}): AdmissionReport {
  const fault = isCompiledPlugin(wasm) ? undefined : sourceFault(wasm, PREPARED_PLUGIN);
  checkArgument('wasm', fault === undefined, fault ?? '');
  checkAdmissionOptions(options, admissionRules);
  const layers = new Layers();
  const module = isCompiledPlugin(wasm) ? wasm.module : wasm;
  const loaded = resultOf(() => (isCompiledPlugin(wasm) ? wasm : loadPlugin(wasm)));
  if (!loaded.ok && isOfHost(loaded.error)) throw loaded.error;
  const identity = layers.run('identity', module, () => resultOf(() => readModuleIdentity(module)));
  return finishAdmission(layers, identity, { plugin: identity && loaded }, options);
}
