/**
 * Reads entries of a configuration, `KEY=VALUE` on each line. A value may be empty or have an `=`.
 *
 * @returns `undefined` if a line has no key or no `=`, or repeats a key.
 */
export function configOf(text: string): Readonly<Record<string, string>> | undefined {
  const entries = new Map<string, string>();
  for (const line of linesOf(text)) {
    const equals = line.indexOf('=');
    const key = line.slice(0, equals);
    if (equals < 1 || entries.has(key)) return undefined;
    entries.set(key, line.slice(equals + 1));
  }
  return Object.fromEntries(entries);
}

/** Reads names, one on each line, each once. */
export function namesOf(text: string): readonly string[] {
  return [...new Set(linesOf(text).map((line) => line.trim()))];
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}
