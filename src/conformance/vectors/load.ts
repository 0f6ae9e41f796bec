import { JsonDecodeError } from '../../json/text/decode-error.ts';
import { decodeUtf8 } from '../../json/text/utf8.ts';
import { printable } from '../../printable.ts';
import type { FindModule } from './bytes.ts';
import type { ExpectedEnd } from './end.ts';
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
    const first = decode((name) => {
      const module = modules.get(name);
      if (module === undefined) missing.add(name);
      return module ?? new Uint8Array();
    });
    for (const name of missing) modules.set(name, await read(`modules/${name}.wasm`));
    for (const vector of missing.size === 0 ? first : decode((name) => modules.get(name))) {
      checkVector(path, vector, ids);
      vectors.push(vector);
    }
  }
  return vectors;
}

/** Fields of which a vector of a layer has exactly one. */
const ONE_OF: Readonly<Partial<Record<Layer, readonly string[]>>> = {
  record: ['make', 'metadata', 'record'],
  'hooks-archives': ['archive', 'value'],
};

/** Checks what the declaration of a file does not say. */
function checkVector(path: string, vector: Vector, ids: Set<string>): void {
  const { id, layer, ends, steps } = vector;
  const refuse = (reason: string): never => {
    throw new VectorFileError(path, `${printable(id)}: ${reason}`);
  };
  if (!id.startsWith(`${layer}/`)) refuse(`the id must begin with ${layer}/`);
  if (ids.has(id)) refuse('the id occurs twice');
  ids.add(id);
  const names = ONE_OF[layer];
  const given = new Map<string, unknown>(Object.entries(vector));
  if (names !== undefined && names.filter((name) => (given.get(name) ?? null) !== null).length !== 1)
    refuse(`it must have one of ${names.join(', ')}`);
  const isSteps = steps !== null && steps !== undefined;
  if (isSteps === (ends !== null && ends !== undefined)) refuse('it must have either ends or steps');
  if (isSteps && steps.length === 0) refuse('steps must not be empty');
  for (const end of steps?.map((step) => step.ends) ?? [ends ?? {}]) checkEnd(end, refuse);
}

/** Refuses an end that every host would meet, or that says two things. */
function checkEnd({ oneOf, ...only }: ExpectedEnd, refuse: (reason: string) => never): void {
  const isEmpty = (end: object): boolean => Object.values(end).every((value) => value === undefined || value === null);
  if (oneOf === undefined || oneOf === null) {
    if (isEmpty(only)) refuse('an end must have a field');
  } else if (!isEmpty(only)) refuse('an end with oneOf must not have other fields');
  else if (oneOf.length === 0 || oneOf.some(isEmpty)) refuse('oneOf must have ends, each with a field');
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
