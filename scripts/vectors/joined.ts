/** A text that is too long for a line. */
export function joined(...texts: readonly string[]): string {
  return texts.join('');
}
