import { JsonDecodeError } from '../../json/text/decode-error.ts';
import { decodeUtf8 } from '../../json/text/utf8.ts';
import type { FindModule } from './bytes.ts';
import { readVectors } from './read.ts';
import { LAYERS, type Layer, type Vector } from './vector.ts';

/**
 * Reads a file of a folder of vectors.
 *
 * @param path from the folder on, such as `kernel.json` or `modules/answer.wasm`.
 * @returns its bytes. A promise that rejects is passed on.
 */
export type ReadVectorFile = (path: string) => Promise<Uint8Array>;

/**
 * Loads vectors and the modules that they use: from a folder, or with `fetch`.
 *
 * @param read reads the files.
 * @param layers which vectors to load; all by default.
 * @returns the vectors, layer by layer.
 * @throws VectorFileError if a file does not hold vectors of its layer; and what `read` throws.
 */
export async function loadVectors(read: ReadVectorFile, layers: readonly Layer[] = LAYERS): Promise<readonly Vector[]> {
  const modules = new Map<string, Uint8Array>();
  const vectors: Vector[] = [];
  const ids = new Set<string>();
  for (const layer of layers) {
    const path = `${layer}.json`;
    const bytes = await read(path);
    const decode = (find: FindModule): readonly Vector[] => {
      try {
        return readVectors(layer, decodeUtf8(bytes), find);
      } catch (error) {
        throw error instanceof JsonDecodeError ? new VectorFileError(path, error.message, { cause: error }) : error;
      }
    };
    // A first reading collects the names of the modules: reading a file is asynchronous.
    const missing = new Set<string>();
    decode((name) => {
      if (!modules.has(name)) missing.add(name);
      return new Uint8Array();
    });
    for (const name of missing) modules.set(name, await read(`modules/${name}.wasm`));
    for (const vector of decode((name) => modules.get(name))) {
      checkVector(path, vector, ids);
      vectors.push(vector);
    }
  }
  return vectors;
}

/** Checks what the declaration of a file does not say. */
function checkVector(path: string, { id, layer, ends, steps }: Vector, ids: Set<string>): void {
  const refuse = (reason: string): never => {
    throw new VectorFileError(path, `${id}: ${reason}`);
  };
  if (!id.startsWith(`${layer}/`)) refuse(`the id must begin with ${layer}/`);
  if (ids.has(id)) refuse('the id occurs twice');
  ids.add(id);
  const isSteps = steps !== null && steps !== undefined;
  if (isSteps === (ends !== null && ends !== undefined)) refuse('it must have either ends or steps');
  if (isSteps && steps.length === 0) refuse('steps must not be empty');
}

/** A file that is not one of vectors. The message names it, and the place in it. */
export class VectorFileError extends Error {
  /** The path of the file from the folder on. */
  readonly path: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path} is not a file of vectors: ${reason}`, options);
    this.name = 'VectorFileError';
    this.path = path;
  }
}
