import { decodeJsonBytes, decodeNode, parseEnvelope } from '../../../json/decode.ts';
import { encodeJson } from '../../../json/encode.ts';
import { decodeUtf8 } from '../../../json/text/utf8.ts';
import type { End } from '../end.ts';
import type { Vector } from '../vector.ts';
import { endOfGivenJson } from './given-json.ts';
import { typesByName } from './wire-type-names.ts';

/** Decodes a text, and ends with the value as this package writes it. */
export async function jsonEnds({ type, way, json }: Vector<'json'>): Promise<readonly End[]> {
  const named = typesByName.get(type);
  if (named === undefined) throw new Error(`no wire type is named ${type}`);
  const end = await endOfGivenJson(() => {
    const value = way === 'direct' ? decodeJsonBytes(named, json) : decodeNode(named, parseEnvelope(decodeUtf8(json)));
    return { response: encodeJson(named, value, 'declared') };
  });
  return [end];
}
