import type { LayerVectors } from '../layer-vectors.ts';
import { containerVectors } from './containers.ts';
import { enumVectors } from './enums.ts';
import { numberVectors } from './numbers.ts';
import { structVectors } from './structs.ts';
import { textVectors } from './text.ts';
import { typeVectors } from './types.ts';
import { unionVectors } from './unions.ts';
import { writtenVectors } from './written.ts';

/** JSON on the wire. */
export const json: LayerVectors = {
  layer: 'json',
  about: 'Which texts a decoder accepts as which types, in both ways, and what a writer makes of them.',
  vectors: [
    ...textVectors,
    ...numberVectors,
    ...containerVectors,
    ...structVectors,
    ...unionVectors,
    ...writtenVectors,
    ...enumVectors,
    ...typeVectors,
  ],
};
