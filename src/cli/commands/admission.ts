import { reportFailure } from '../../inspection/failure-report.ts';
import { compilePlugin } from '../../plugin/index.ts';
import {
  type AdmissionReport,
  type AdmitOptions,
  admit,
  type LayerError,
  type LayerReport,
} from '../../protocol/admit.ts';
import { inputName } from '../program/input-file.ts';

/** The report of an admission, with the file that it is about. */
export type FileAdmission = Omit<AdmissionReport, 'layers'> & {
  readonly file: string;
  /** The length of the file. */
  readonly bytes: number;
  readonly layers: readonly LocatedLayerReport[];
};

/** How one layer went; its error tells the place in the module, in bytes, when the fault is in its bytes. */
export type LocatedLayerReport = Omit<LayerReport, 'error'> & {
  readonly error?: LayerError & { readonly byteOffset?: number };
};

/** Takes the bytes of a file through the layers of admission. */
export function admitFile(
  path: string,
  wasm: Uint8Array,
  options: Pick<AdmitOptions, 'hostCapabilities' | 'limits' | 'telemetry'>,
): FileAdmission {
  const { layers, ...report } = admit(wasm, options);
  const located = layers.map((layer) => locate(layer, wasm, options.limits));
  return { file: inputName(path), bytes: wasm.length, ...report, layers: located };
}

function locate(
  { error, ...layer }: LayerReport,
  wasm: Uint8Array,
  limits: AdmitOptions['limits'],
): LocatedLayerReport {
  if (error === undefined) return layer;
  const byteOffset = offsetOf(error, wasm, limits);
  return { ...layer, error: byteOffset === undefined ? error : { ...error, byteOffset } };
}

function offsetOf({ failure }: LayerError, wasm: Uint8Array, limits: AdmitOptions['limits']): number | undefined {
  if (failure.kind === 'WasmParseError') return failure.offset;
  // What the layer says of a plugin that cannot be built has no place; whoever could not compile it knows one.
  return failure.kind === 'Instantiate' ? compileFaultOffset(wasm, limits) : undefined;
}

function compileFaultOffset(wasm: Uint8Array, limits: AdmitOptions['limits']): number | undefined {
  try {
    compilePlugin(wasm, { limits });
    return undefined;
  } catch (error) {
    return reportFailure(error).byteOffset;
  }
}
