/** The outcome is the text itself. */
export const same = Symbol('same');

/**
 * A text and its outcome: the value written again with sorted keys, or null if it is refused. The
 * first outcome is that of decoding straight into the type. The second is that of decoding through
 * a generic value; if left out, it is the same.
 */
export type SerdeCase = readonly [
  text: string,
  direct: string | typeof same | null,
  generic?: string | typeof same | null,
];

/**
 * Texts by the name of the type that they decode to. The outcomes are those of serde 1.0.229 and
 * serde_json 1.0.154 for cc-lb-plugin-wire 0.1.1 and for the types of `types.ts`, which shows their
 * Rust form. The outcomes of f32 are those after widening, as in a dispatch request.
 */
export type SerdeCases = Readonly<Record<string, readonly SerdeCase[]>>;
