import { layerHint } from '../hints/index.ts';
import { compilePlugin } from '../plugin/index.ts';
import {
  type AdmissionReport,
  type AdmitOptions,
  admit,
  type LayerError,
  type LayerReport,
} from '../protocol/admit.ts';
import { type FailureReport, reportedResult, reportStack } from './failure-report.ts';

/** The report of an admission, and the file that it is about. */
export type FileAdmission = Omit<AdmissionReport, 'layers'> & {
  readonly file: string;
  /** The length of the file, in bytes. */
  readonly bytes: number;
  readonly layers: readonly LocatedLayerReport[];
};

/**
 * The outcome of one layer. Its error has a byte offset if the fault is in the module's bytes, a
 * stack if the plugin trapped and the engine tells where, and a hint if the author can help it.
 */
export type LocatedLayerReport = Omit<LayerReport, 'error'> & {
  readonly error?: LayerError & Pick<FailureReport, 'byteOffset' | 'stack' | 'said' | 'hint'>;
};

/**
 * Takes a plugin through the layers of admission.
 *
 * @param file the name of the file, for the report.
 * @param wasm the bytes of the plugin's module.
 * @param prepared the module that they became, if they are prepared and are believed.
 * @throws whatever `telemetry` throws.
 */
export function reportAdmission(
  file: string,
  wasm: Uint8Array,
  options: Pick<AdmitOptions, 'hostCapabilities' | 'hostFunctions' | 'config' | 'limits' | 'telemetry' | 'clock'>,
  prepared?: WebAssembly.Module | undefined,
): FileAdmission {
  const { layers, ...report } = admit(prepared ?? wasm, options);
  const located = layers.map((layer) => locate(layer, wasm, options.limits));
  return { file, bytes: wasm.length, ...report, layers: located };
}

function locate(
  { error, ...layer }: LayerReport,
  wasm: Uint8Array,
  limits: AdmitOptions['limits'],
): LocatedLayerReport {
  if (error === undefined) return layer;
  const byteOffset = offsetOf(error, wasm, limits);
  const hint = layerHint({ layer: layer.layer, error });
  const located = {
    ...error,
    ...(byteOffset !== undefined && { byteOffset }),
    ...reportStack(error.failure),
    ...(hint !== undefined && { hint }),
  };
  return { ...layer, error: located };
}

function offsetOf({ failure }: LayerError, wasm: Uint8Array, limits: AdmitOptions['limits']): number | undefined {
  if (failure.kind === 'WasmParseError') return failure.offset;
  if (failure.kind !== 'Instantiate') return undefined;
  // The layer's failure has no offset, but that of compiling has.
  const compiled = reportedResult(() => compilePlugin(wasm, { limits }));
  return compiled.ok ? undefined : compiled.error.byteOffset;
}
