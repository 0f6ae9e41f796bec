import type { Layer } from '../../src/conformance/index.ts';

/** A host in another language, on which CI runs the vectors. */
export interface Host {
  /** The folder in `examples/` that holds it. */
  readonly folder: string;
  /** The layers of vectors that it answers. */
  readonly layers: readonly Layer[];
  /** The part of the vectors of each of these layers that it must pass, from 0 to 1. */
  readonly share: number;
  /**
   * Installs what it needs if that is missing, and builds it.
   *
   * @returns the command of its driver, for a shell in the root of the project; or why this machine
   * cannot have it.
   * @throws Error if it does not build.
   */
  prepare(): { readonly command: string } | { readonly missing: string };
}
