import { describe, oneOf, refuse, refuseLength, refuseType } from '../text/decode-refusal.ts';
import type { ArrayNode, JsonNode, ObjectNode } from '../text/node.ts';
import type { Decode, DecodeRules, Variant } from '../type.ts';
import { type Decoded, decodeElements, decodeEntries } from './struct.ts';

/** A union as its decoders need it. */
interface Union {
  readonly name: string;
  readonly tag: string;
  readonly variants: readonly Variant[];
}

/** Decodes a tagged union: an object with its tag, or an array that begins with it. */
export function taggedUnionDecoder(union: Union): Decode {
  return (node, rules) => {
    if (node.kind === 'object') return decodeTaggedObject(union, node, rules);
    if (node.kind === 'array') return decodeTaggedArray(union, node, rules);
    return refuseType(node, `an object (${union.name})`);
  };
}

function decodeTaggedObject(union: Union, node: ObjectNode, rules: DecodeRules): Decoded {
  const tags = node.value.filter(({ key }) => key === union.tag);
  const step = `.${union.tag}`;
  const tag = tags.at(-1)?.value;
  if (tag === undefined) return refuse('MissingField', node, 'it', 'nothing', step);
  if (tags.length > 1 && rules.repeats === 'refused') return refuse('RepeatedField', tag, 'it once', 'it again', step);
  const { name, fields } = variantOf(union, tag, rules);
  const decoded: Decoded = { [union.tag]: name };
  if (fields === null) return decoded;
  const others = node.value.filter(({ key }) => key !== union.tag);
  return decodeEntries(decoded, fields, node, others, { ...rules, buffered: true });
}

function decodeTaggedArray(union: Union, node: ArrayNode, rules: DecodeRules): Decoded {
  const [tag] = node.value;
  if (tag === undefined) return refuseLength(node, 'an array that begins with a name');
  const { name, fields } = variantOf(union, tag, rules);
  return decodeElements({ [union.tag]: name }, fields ?? [], node, 1, { ...rules, buffered: true });
}

function variantOf({ tag, variants }: Union, node: JsonNode, { buffered }: DecodeRules): Variant {
  const byIndex = buffered && node.kind === 'integer' && node.value >= 0;
  const variant = byIndex ? variants[Number(node.value)] : variants.find(({ name }) => name === node.value);
  if (variant !== undefined) return variant;
  const kind = byIndex || node.kind === 'string' ? 'UnknownVariant' : 'WrongType';
  return refuse(kind, node, oneOf(variants.map(({ name }) => name)), describe(node), `.${tag}`);
}
