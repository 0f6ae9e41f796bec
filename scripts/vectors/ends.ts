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
