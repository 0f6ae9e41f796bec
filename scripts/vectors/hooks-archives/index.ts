import type { LayerVectors } from '../layer-vectors.ts';
import { archivePointers } from './pointers.ts';
import { archiveRecorded } from './recorded.ts';
import { archiveRequests } from './requests.ts';
import { archiveResponses } from './responses.ts';
import { archiveScalars } from './scalars.ts';

/** Archives of the messages of the hook ABI. */
export const hooksArchives: LayerVectors = {
  layer: 'hooks-archives',
  about: 'Which bytes stand for which value of a message, and which bytes are refused.',
  vectors: [...archiveRequests, ...archiveResponses, ...archiveScalars, ...archivePointers, ...archiveRecorded],
};
