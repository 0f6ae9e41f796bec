import type { LayerVectors } from '../layer-vectors.ts';
import { dispatchBudgets } from './budgets.ts';
import { dispatchCalls } from './calls.ts';
import { dispatchCompiling } from './compiling.ts';
import { dispatchProbes } from './probes.ts';

/** Admission and calls of plugins of the hook ABI. */
export const hooksDispatch: LayerVectors = {
  layer: 'hooks-dispatch',
  about: 'Which plugins of the hook ABI are admitted, and how calls of their hooks end.',
  vectors: [...dispatchCompiling, ...dispatchProbes, ...dispatchBudgets, ...dispatchCalls],
};
