import { decodeJsonBytes, decodeNode, parseEnvelope } from '../../../json/decode.ts';
import { encodeJson } from '../../../json/encode.ts';
import { JsonDecodeError } from '../../../json/text/decode-error.ts';
import { decodeUtf8 } from '../../../json/text/utf8.ts';
import type { End } from '../end.ts';
import type { Vector } from '../vector.ts';
import { typesByName } from './wire-type-names.ts';

/** Decodes a text, and ends with the value as this package writes it. */
export function jsonEnds({ type, way, json }: Vector<'json'>): readonly End[] {
  const named = typesByName.get(type);
  if (named === undefined) throw new Error(`no wire type is named ${type}`);
  try {
    const value = way === 'direct' ? decodeJsonBytes(named, json) : decodeNode(named, parseEnvelope(decodeUtf8(json)));
    return [{ response: encodeJson(named, value, 'declared') }];
  } catch (error) {
    // For a host, all reasons to refuse a text are the same.
    if (error instanceof JsonDecodeError) return [{ layer: 'json', error: { kind: 'Refused' } }];
    throw error;
  }
}
