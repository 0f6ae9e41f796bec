import type { VectorResult } from './run.ts';
import { LAYERS, type Layer } from './vector.ts';

/** The version of {@link VectorsReport}. It rises if a field changes its meaning or is removed. */
export const VECTORS_REPORT_VERSION = 1;

/** How many vectors ended in each way. */
export interface VectorCounts {
  readonly passed: number;
  readonly failed: number;
  /** The host lacks what they need. */
  readonly unsupported: number;
}

/** One vector and its result. */
export interface VectorReport {
  readonly id: string;
  readonly layer: Layer;
  /** The anchor of the rule that it tests. */
  readonly rule: string;
  readonly status: VectorResult['status'];
  /** Why it failed, or what the host lacks. */
  readonly reason?: string;
}

/** The results of vectors on a host, in plain JSON values. */
export interface VectorsReport extends VectorCounts {
  readonly version: typeof VECTORS_REPORT_VERSION;
  /** The counts of each layer that has vectors, in the order of the layers. */
  readonly layers: readonly (VectorCounts & { readonly layer: Layer })[];
  readonly vectors: readonly VectorReport[];
}

/**
 * Makes the report of results.
 *
 * @param results of vectors on one host.
 * @param repeated the ids of vectors that the host answered more than once: they fail.
 */
export function reportVectors(
  results: readonly VectorResult[],
  repeated: ReadonlySet<string> = new Set(),
): VectorsReport {
  const vectors = results.map((result): VectorReport => {
    const { id, layer, rule } = result.vector;
    if (repeated.has(id)) return { id, layer, rule, status: 'failed', reason: 'the driver answered more than once' };
    return { id, layer, rule, status: result.status, ...('reason' in result && { reason: result.reason }) };
  });
  const layers = LAYERS.map((layer) => ({ layer, own: vectors.filter((vector) => vector.layer === layer) }));
  return {
    version: VECTORS_REPORT_VERSION,
    ...countsOf(vectors),
    layers: layers.filter(({ own }) => own.length > 0).map(({ layer, own }) => ({ layer, ...countsOf(own) })),
    vectors,
  };
}

function countsOf(vectors: readonly VectorReport[]): VectorCounts {
  const count = (wanted: VectorResult['status']): number => vectors.filter(({ status }) => status === wanted).length;
  return { passed: count('passed'), failed: count('failed'), unsupported: count('unsupported') };
}
