import type { LayerVectors } from '../layer-vectors.ts';
import { archivePointers } from './archive-pointers.ts';
import { archiveRecorded } from './archive-recorded.ts';
import { archiveRequests } from './archive-requests.ts';
import { archiveResponses } from './archive-responses.ts';
import { archiveScalars } from './archive-scalars.ts';

/** Archives of the messages of the hook ABI. */
export const hooksArchives: LayerVectors = {
  layer: 'hooks-archives',
  about: 'Which bytes stand for which value of a message, and which bytes are refused.',
  vectors: [...archiveRequests, ...archiveResponses, ...archiveScalars, ...archivePointers, ...archiveRecorded],
};
