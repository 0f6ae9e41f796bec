import { wordVectors } from '../words.ts';

/** Vectors of the module `words`. */
export const { phrases, words } = wordVectors('kernel', 'words');
