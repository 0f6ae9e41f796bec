import type { LocatedLayerReport } from '../inspection/admission-report.ts';
import { failureKind } from '../inspection/failure-report.ts';
import type { LocatedStepReport } from '../inspection/hook-admission-report.ts';
import type { AdmissionLayer } from '../protocol/admit.ts';
import type { AdmissionResult } from './worker/admission.ts';
import type { Exchange } from './worker/admission-exchanges.ts';

/** One layer or step of an admission, for both generations. */
export interface LayerRow {
  readonly title: string;
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

const LAYERS: Readonly<Record<AdmissionLayer, string>> = {
  identity: 'Layer 1: identity',
  handshake: 'Layer 2: handshake',
  self_check: 'Layer 3: self-check',
  metadata: 'Layer 4: record',
};

const STEPS: Readonly<Record<LocatedStepReport['step'], string>> = {
  inspect: 'Step 1: inspection',
  compile: 'Step 2: compiling',
  probe: 'Step 3: probe',
};

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
      : result.report.steps.map((step) =>
          rowOf(step.hook === undefined ? STEPS[step.step] : `${STEPS[step.step]} of ${step.hook}`, step),
        );
  return rows.map((row, index) => ({ ...row, exchange: exchanges[index] ?? {} }));
}

function rowOf(
  title: string,
  { status, durationMs, fuel, error }: LocatedLayerReport | LocatedStepReport,
): Omit<LayerRow, 'exchange'> {
  const [mark, statusText] = STATUSES[status];
  return {
    title,
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
