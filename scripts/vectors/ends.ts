/**
 * Makes the ends of failures in a layer.
 *
 * @param layer as an end names it, such as `self_check`.
 */
export const failuresIn =
  (layer: string) =>
  (kind: string, fields?: object): object => ({ layer, error: { kind, ...(fields && { fields }) } });

/** The end of a text that does not decode. */
export const undecoded = failuresIn('json')('Refused');

/** How a call ends, as a file of vectors has it. */
export type WrittenEnd = object;

/** The end of a call with this output. */
export const says = (output: unknown): WrittenEnd => ({ output });

/** Makes the end of building a plugin that is refused. */
export const refused = failuresIn('build');

/** Makes the end of a call that fails. */
export const fails = failuresIn('call');
