import { isRecord, refuseValue, refuseValueType, within } from '../text/refusal.ts';
import { sortedSet } from '../text/utf8.ts';
import { writeRecord } from '../text/write-value.ts';
import type { ComposeEncoder, Encodable, Encode } from './encoder.ts';
import { encodeString } from './scalars.ts';

/** Makes an encoder for lists. */
export function listEncoder(of: Encodable): ComposeEncoder {
  return (before, order) => itemsEncoder(of.encoder('', order), before, 'an array');
}

/** Makes an encoder for lists of a fixed length. */
export function fixedArrayEncoder(of: Encodable, length: number): ComposeEncoder {
  return (before, order) => {
    const encode = itemsEncoder(of.encoder('', order), before, 'an array');
    return (text, value, unchecked) => {
      if (!Array.isArray(value) || value.length === length) return encode(text, value, unchecked);
      return refuseValue('WrongLength', `an array of ${length}`, `an array of ${value.length}`);
    };
  };
}

/** Makes an encoder for maps with string keys. */
export function mapEncoder(of: Encodable): ComposeEncoder {
  return (before = '', order) => {
    const encode = of.encoder('', order);
    return (text, value, unchecked) => {
      if (!isRecord(value)) return refuseValueType(value, 'an object');
      return text + before + writeRecord(value, (item) => encode('', item, unchecked));
    };
  };
}

/** Encodes a set of strings. */
export const encodeSet: ComposeEncoder = (before, order) => {
  const encode = itemsEncoder(encodeString('', order), before, 'an array of strings');
  return (text, value, unchecked) => {
    // Write the items in the given order first, so that an error names the right one.
    encode(text, value, unchecked);
    return encode(text, sortedSet(value as readonly string[]), unchecked);
  };
};

/** Makes an encoder for a value or null. */
export function optionEncoder(of: Encodable): ComposeEncoder {
  return (before = '', order) => {
    const encode = of.encoder(before, order);
    const none = `${before}null`;
    return (text, value, unchecked) => (value === null ? text + none : encode(text, value, unchecked));
  };
}

function itemsEncoder(encode: Encode, before = '', expected: string): Encode {
  const opening = `${before}[`;
  return (text, value, unchecked) => {
    if (!Array.isArray(value)) return refuseValueType(value, expected);
    let written = text + opening;
    let index = 0;
    try {
      for (; index < value.length; index++)
        written = encode(index === 0 ? written : `${written},`, value[index], unchecked);
    } catch (thrown) {
      throw within(thrown, `[${index}]`);
    }
    return `${written}]`;
  };
}
