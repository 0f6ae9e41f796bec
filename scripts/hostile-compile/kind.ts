import type { Fragment, KernelName, ModuleDraft } from './module-draft.ts';

/** A way in which a module can be dear to compile or to run. */
export interface Kind {
  readonly name: string;
  /** Of today's faults, the one that it can show; or what it tries. */
  readonly about: string;
  /** The limit that bounds the size parameter; `undefined` when none does. */
  readonly limit: string | undefined;
  /** The largest size that is tried where the limit allows it. */
  readonly max: number;
  /** The smallest size. 1 by default. */
  readonly min?: number;
  /** Forms of the same; one is drawn. */
  readonly variants?: readonly string[];
  /** Which instructions for exceptions it uses: engines refuse modules that use both sets. */
  readonly exceptions?: 'legacy' | 'standard';
  /**
   * Whether it takes time that is charged apart from fuel, so that only a deadline bounds it. It is
   * not run under a budget of fuel alone.
   */
  readonly needsDeadline?: true;
  /** The kernel functions that it calls. */
  readonly imports?: readonly KernelName[];
  /**
   * Adds it to a module once, whatever it needs besides code, and gives its code: a fragment that
   * can be part of any function. `undefined` for a kind that has no code.
   */
  readonly add: (draft: ModuleDraft, size: number, variant: string) => Fragment | undefined;
}

/** Locals and instructions, of which none needs locals. */
export const codeOnly = (write: Fragment['write']): Fragment => ({ locals: [], write });
