import { translate } from '../failure.ts';
import { decodeJsonBytes } from '../json/decode.ts';
import { JsonDecodeError, type JsonDecodeFailure } from '../json/text/decode-error.ts';
import { misspeltName } from '../json/text/names.ts';
import { withoutUnknownFields } from '../json/unknown-fields.ts';
import { type PluginMetadata, pluginMetadata } from './metadata.ts';

/**
 * Decodes metadata as serde does: fields that are not declared are ignored.
 *
 * @param payload of the custom section.
 * @throws JsonDecodeError if the payload is not JSON, or not metadata.
 */
export function decodeMetadata(payload: Uint8Array): PluginMetadata {
  return translate(
    () => decodeJsonBytes(pluginMetadata, withoutUnknownFields(pluginMetadata, payload)),
    JsonDecodeError,
    ({ failure }) => (failure.kind === 'MissingField' ? missingField(failure, payload) : undefined),
  );
}

type MissingField = Extract<JsonDecodeFailure, { readonly kind: 'MissingField' }>;

/** Adds to the failure of a missing field the ignored one that is probably meant. */
function missingField(failure: MissingField, payload: Uint8Array): JsonDecodeError | undefined {
  const ignored: string[] = [];
  withoutUnknownFields(pluginMetadata, payload, (object, key) => {
    if (object === failure.offset) ignored.push(key);
  });
  const misspelt = misspeltName(failure.field, ignored);
  return misspelt === undefined ? undefined : new JsonDecodeError({ ...failure, misspelt });
}
