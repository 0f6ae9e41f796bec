import { JsonDecodeError } from '../../../json/text/decode-error.ts';
import type { End } from '../end.ts';

/**
 * Runs what a host does with JSON texts of a vector.
 *
 * @param run decodes them, and does the rest.
 * @returns the end of `run`, or a refusal by the layer `json` if a text does not decode. For a
 * vector, all reasons to refuse a text are the same.
 */
export async function endOfGivenJson(run: () => End | Promise<End>): Promise<End> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof JsonDecodeError) return { layer: 'json', error: { kind: 'Refused' } };
    throw error;
  }
}
