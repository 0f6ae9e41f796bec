import type { LocatedLayerReport } from '../inspection/admission-report.ts';
import { failureKind } from '../inspection/failure-report.ts';
import type { LocatedStepReport } from '../inspection/hook-admission-report.ts';
import type { AdmissionLayer } from '../protocol/admit.ts';
import type { AdmissionResult } from './worker/admission.ts';
import type { Exchange } from './worker/admission-exchanges.ts';

/** One layer or step of an admission, for both generations. */
export interface LayerRow {
  readonly title: string;
  /** The section of the contract that states what happens in it. */
  readonly reference: string;
  readonly status: 'pass' | 'fail' | 'skipped';
  readonly statusText: string;
  /** Milliseconds; missing if it was skipped. */
  readonly durationMs?: number;
  readonly fuel?: number;
  readonly error?: {
    readonly kind: string;
    readonly message: string;
    readonly failure: unknown;
    readonly byteOffset?: number | undefined;
    readonly hint?: string | undefined;
  };
  readonly exchange: Exchange;
}

/** What a layer or step is called, and where the contract states it. */
type Heading = Pick<LayerRow, 'title' | 'reference'>;

const LAYERS: Readonly<Record<AdmissionLayer, Heading>> = {
  identity: { title: 'Layer 1: identity', reference: 'abi/PROTOCOL.md#layer-1-identity' },
  handshake: { title: 'Layer 2: handshake', reference: 'abi/PROTOCOL.md#layer-2-handshake' },
  self_check: { title: 'Layer 3: self-check', reference: 'abi/PROTOCOL.md#layer-3-self-check' },
  metadata: { title: 'Layer 4: record', reference: 'abi/PROTOCOL.md#layer-4-the-record' },
};

const STEPS: Readonly<Record<LocatedStepReport['step'], Heading>> = {
  inspect: { title: 'Step 1: inspection', reference: 'abi/HOOKS.md#step-1-inspection' },
  compile: { title: 'Step 2: compiling', reference: 'abi/HOOKS.md#step-2-compiling' },
  probe: { title: 'Step 3: probe', reference: 'abi/HOOKS.md#step-3-probes' },
};

/** The sections of the contract to which layers and steps refer. */
export const layerReferences: readonly string[] = [...Object.values(LAYERS), ...Object.values(STEPS)].map(
  ({ reference }) => reference,
);

const STATUSES = {
  passed: ['pass', 'passed'],
  failed: ['fail', 'failed'],
  skipped: ['skipped', 'not reached'],
} as const;

/** The layers of an admission, or the steps of that of a hook plugin, in their order. */
export function layerRows({ exchanges, ...result }: AdmissionResult): LayerRow[] {
  const rows =
    result.generation === 1
      ? result.report.layers.map((layer) => rowOf(LAYERS[layer.layer], layer))
      : result.report.steps.map((step) => rowOf(headingOf(step), step));
  return rows.map((row, index) => ({ ...row, exchange: exchanges[index] ?? {} }));
}

/** A plugin has a probe for each of its hooks. */
function headingOf({ step, hook }: LocatedStepReport): Heading {
  const { title, reference } = STEPS[step];
  return { title: hook === undefined ? title : `${title} of ${hook}`, reference };
}

function rowOf(
  heading: Heading,
  { status, durationMs, fuel, error }: LocatedLayerReport | LocatedStepReport,
): Omit<LayerRow, 'exchange'> {
  const [mark, statusText] = STATUSES[status];
  return {
    ...heading,
    status: mark,
    statusText,
    ...(status !== 'skipped' && { durationMs }),
    ...(fuel !== undefined && { fuel }),
    ...(error !== undefined && { error: { ...error, kind: failureKind(error.failure) } }),
  };
}

/** Whether a host admits the plugin, and the sentence that says so. */
export function verdictOf(result: AdmissionResult): { readonly passed: boolean; readonly text: string } {
  const { admitted } = result.report;
  if (admitted) return { passed: true, text: 'A host admits this plugin' };
  const failed = layerRows(result).find(({ status }) => status === 'fail');
  return { passed: false, text: `A host rejects this plugin: ${failed?.title ?? 'no layer'} failed` };
}
