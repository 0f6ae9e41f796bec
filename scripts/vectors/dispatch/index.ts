import type { LayerVectors } from '../layer-vectors.ts';
import { answerVectors } from './answers.ts';
import { callVectors } from './calls.ts';
import { functionVectors } from './functions.ts';
import { hostFunctionVectors } from './host-functions.ts';

/** Dispatch. */
export const dispatch: LayerVectors = {
  layer: 'dispatch',
  about: 'Calls of wire functions: responses, each stage of failure, policies, and what is left after a failure.',
  vectors: [...functionVectors, ...answerVectors, ...callVectors, ...hostFunctionVectors],
};
