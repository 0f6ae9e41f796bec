/**
 * Replaces the generated part of a text: what stands between `<!-- NAME:begin -->` and `<!--
 * NAME:end -->`.
 *
 * @param text the whole text.
 * @param name the name in the markers.
 * @param part the new part.
 * @returns the text with the new part.
 * @throws {Error} if the text lacks the markers, or has them in another order.
 */
export function replaceGenerated(text: string, name: string, part: string): string {
  const [beginMarker, endMarker] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [begin, end] = [text.indexOf(beginMarker), text.indexOf(endMarker)];
  if (begin < 0 || end < begin) throw new Error(`the text needs ${beginMarker} and ${endMarker}, in this order`);
  return `${text.slice(0, begin + beginMarker.length)}\n\n${part}\n\n${text.slice(end)}`;
}
