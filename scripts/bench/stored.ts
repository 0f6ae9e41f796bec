/**
 * Rounds measurements for a file: digits beyond the fourth are noise.
 *
 * @param exact plain JSON.
 * @returns the text of the file, and the value that is in it. Tables and pictures are drawn from
 * that.
 */
export function stored<T>(exact: T): { readonly text: string; readonly value: T } {
  const digits = (_: string, value: unknown): unknown =>
    typeof value !== 'number' || Number.isInteger(value) ? value : Number(value.toPrecision(4));
  const text = `${JSON.stringify(exact, digits, 2)}\n`;
  // The cast: it is the same value, rounded.
  return { text, value: JSON.parse(text) as T };
}
