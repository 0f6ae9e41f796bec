import { refuseType } from '../text/decode-refusal.ts';
import { within } from '../text/refusal.ts';
import { sortedEntries } from '../text/write.ts';
import type { Declaration, Decode } from '../type.ts';

/** Decodes a map from strings to an object without a prototype, its keys sorted. */
export function mapDecoder({ decode }: Declaration): Decode {
  return (node, rules) => {
    if (node.kind !== 'object') return refuseType(node, 'an object');
    const sorted = sortedEntries(node);
    const values = new Map<string, unknown>();
    let index = 0;
    try {
      for (const { key, value } of rules.repeats === 'refused' ? node.value : sorted) {
        values.set(key, decode(value, rules));
        index++;
      }
    } catch (thrown) {
      throw within(thrown, `[${index}]`);
    }
    const decoded: Record<string, unknown> = Object.create(null);
    for (const { key } of sorted) decoded[key] = values.get(key);
    return decoded;
  };
}
