import type { Layer } from '../../src/conformance/vectors/vector.ts';

/** A vector without its id, as its file has it. Reading the file checks all fields. */
export interface Row {
  readonly rule: string;
  readonly about?: string;
  readonly flags?: readonly string[];
  readonly deviation?: string;
  readonly [field: string]: unknown;
}

/** A vector as its file has it (abi/vectors/README.md). */
export interface WrittenVector extends Row {
  readonly id: string;
}

/** The vectors of one layer. */
export interface LayerVectors {
  readonly layer: Layer;
  /** What they test, in a sentence. */
  readonly about: string;
  readonly vectors: readonly WrittenVector[];
}

/** The vectors of a table of rows. Each key is an id without the layer. */
export function vectorsOf(layer: Layer, rows: Readonly<Record<string, Row>>): readonly WrittenVector[] {
  return Object.entries(rows).map(([name, row]) => ({ id: `${layer}/${name}`, ...row }));
}
