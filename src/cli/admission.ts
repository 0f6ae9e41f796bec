import { type AdmissionReport, admit, type LayerError, type LayerReport } from '../admit.ts';
import { compilePlugin } from '../plugin/index.ts';
import type { Telemetry } from '../telemetry.ts';
import { reportFailure } from './failure-report.ts';
import { inputName } from './input-file.ts';

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
  hostCapabilities: readonly string[],
  telemetry: Telemetry,
): FileAdmission {
  const { layers, ...report } = admit(wasm, { hostCapabilities, telemetry });
  return { file: inputName(path), bytes: wasm.length, ...report, layers: layers.map((layer) => locate(layer, wasm)) };
}

function locate({ error, ...layer }: LayerReport, wasm: Uint8Array): LocatedLayerReport {
  if (error === undefined) return layer;
  const byteOffset = offsetOf(error, wasm);
  return { ...layer, error: byteOffset === undefined ? error : { ...error, byteOffset } };
}

function offsetOf({ failure }: LayerError, wasm: Uint8Array): number | undefined {
  if (failure.kind === 'WasmParseError') return failure.offset;
  // What the layer says of a plugin that cannot be built has no place; whoever could not compile it knows one.
  return failure.kind === 'Instantiate' ? compileFaultOffset(wasm) : undefined;
}

function compileFaultOffset(wasm: Uint8Array): number | undefined {
  try {
    compilePlugin(wasm);
    return undefined;
  } catch (error) {
    return reportFailure(error).byteOffset;
  }
}
