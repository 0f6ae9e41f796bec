import { decodeJson } from '../../json/decode.ts';
import { type FindModule, moduleType } from './bytes.ts';
import { type Layer, type Vector, vectorFileType } from './vector.ts';

/**
 * Reads a file of vectors.
 *
 * @param layer whose file it is.
 * @param text the file.
 * @param find finds the modules that vectors use.
 * @returns its vectors.
 * @throws JsonDecodeError if the text is not a file of vectors of this layer.
 */
export function readVectors<L extends Layer>(layer: L, text: string, find: FindModule): readonly Vector<L>[] {
  const { vectors } = decodeJson(vectorFileType(layer, moduleType(find)), text);
  return vectors.map((vector) => ({ ...vector, layer }));
}
