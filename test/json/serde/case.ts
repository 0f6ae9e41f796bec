/** Stands for an answer that is the text itself. */
export const same = Symbol('same');

/**
 * A text, and what comes of it: the value written again with sorted keys, or null when it is refused.
 * The first answer is that of decoding straight into the type, the second that of decoding through a generic value; left off, it is the same.
 */
export type SerdeCase = readonly [
  text: string,
  direct: string | typeof same | null,
  generic?: string | typeof same | null,
];

/**
 * Texts by the name of the type that they are decoded to.
 * The answers are those of serde 1.0.229 and serde_json 1.0.154 for cc-lb-plugin-wire 0.1.1, and for the types of `types.ts`,
 * whose Rust form stands there; the answers for f32 are those after widening, as a dispatch request has them.
 */
export type SerdeCases = Readonly<Record<string, readonly SerdeCase[]>>;
