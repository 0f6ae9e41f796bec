/** How much of a JSON text is shown. */
export interface JsonTextLimits {
  /** The most characters of the laid out text. */
  readonly characters: number;
  /** The deepest level that is indented further. */
  readonly depth: number;
}

const LIMITS: JsonTextLimits = { characters: 20_000, depth: 16 };

/** A laid out text, and whether it was cut. */
export interface LaidOutJson {
  readonly text: string;
  readonly isCut: boolean;
}

/**
 * Lays out a JSON text on several lines. It is not parsed, so that numbers keep their digits, and
 * any other text is shown too. The work is bounded by the limits, not by the text.
 */
export function layOutJson(source: string, { characters, depth: deepest }: JsonTextLimits = LIMITS): LaidOutJson {
  let [text, depth, at] = ['', 0, 0];
  const line = (): string => `\n${'  '.repeat(Math.min(Math.max(depth, 0), deepest))}`;
  while (at < source.length && text.length < characters) {
    const character = source[at] ?? '';
    if (character === '"') {
      const end = endOfString(source, at, at + characters);
      text += source.slice(at, end);
      at = end;
      continue;
    }
    at++;
    if (/\s/.test(character)) continue;
    if (character === ':') text += ': ';
    else if (character === ',') text += `,${line()}`;
    else if (character === '{' || character === '[') {
      const closing = character === '{' ? '}' : ']';
      const next = skipSpace(source, at, at + characters);
      if (source[next] === closing) {
        text += character + closing;
        at = next + 1;
      } else {
        depth++;
        text += character + line();
      }
    } else if (character === '}' || character === ']') {
      depth--;
      text += line() + character;
    } else text += character;
  }
  const isCut = at < source.length || text.length > characters;
  return { text: text.slice(0, characters), isCut };
}

function endOfString(source: string, start: number, limit: number): number {
  let at = start + 1;
  while (at < source.length && at < limit && source[at] !== '"') at += source[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, source.length);
}

function skipSpace(source: string, start: number, limit: number): number {
  let at = start;
  while (at < source.length && at < limit && /\s/.test(source[at] ?? '')) at++;
  return at;
}
