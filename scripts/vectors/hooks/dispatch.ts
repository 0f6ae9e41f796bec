import type { LayerVectors } from '../layer-vectors.ts';
import { dispatchAdmission } from './dispatch-admission.ts';
import { dispatchCalls } from './dispatch-calls.ts';

/** Admission and calls of plugins of the hook ABI. */
export const hooksDispatch: LayerVectors = {
  layer: 'hooks-dispatch',
  about: 'Which plugins of the hook ABI are admitted, and how calls of their hooks end.',
  vectors: [...dispatchAdmission, ...dispatchCalls],
};
