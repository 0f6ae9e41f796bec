import type { LayerVectors } from '../layer-vectors.ts';
import { dispatchBudgets } from './dispatch-budgets.ts';
import { dispatchCalls } from './dispatch-calls.ts';
import { dispatchCompiling } from './dispatch-compiling.ts';
import { dispatchProbes } from './dispatch-probes.ts';

/** Admission and calls of plugins of the hook ABI. */
export const hooksDispatch: LayerVectors = {
  layer: 'hooks-dispatch',
  about: 'Which plugins of the hook ABI are admitted, and how calls of their hooks end.',
  vectors: [...dispatchCompiling, ...dispatchProbes, ...dispatchBudgets, ...dispatchCalls],
};
