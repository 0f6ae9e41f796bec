const LACKS = 'skipped: this engine has no ';

/**
 * Collects why tests were skipped.
 *
 * @param outputs what tests printed. A reason is the part of a line from `skipped: ` on.
 * @returns each reason once, sorted. What this engine lacks is one reason.
 */
export function skippedReasons(outputs: readonly string[]): string[] {
  const reasons = [...new Set(outputs.flatMap((output) => output.match(/skipped: .*/g) ?? []))].sort();
  const lacking = reasons.filter((reason) => reason.startsWith(LACKS)).map((reason) => reason.slice(LACKS.length));
  const others = reasons.filter((reason) => !reason.startsWith(LACKS));
  return lacking.length === 0 ? others : [`${LACKS}${lacking.join(', ')}`, ...others];
}
