import type { Layer } from '../../src/conformance/vectors/vector.ts';

/** A vector as its file has it (abi/vectors/README.md). Reading the file checks all fields. */
export interface WrittenVector {
  readonly id: string;
  readonly rule: string;
  readonly about?: string;
  readonly flags?: readonly string[];
  readonly deviation?: string;
  readonly [field: string]: unknown;
}

/** The vectors of one layer. */
export interface LayerVectors {
  readonly layer: Layer;
  /** What they test, in a sentence. */
  readonly about: string;
  readonly vectors: readonly WrittenVector[];
}
