/** The looks that text on a terminal may have, each with the codes that turn it on and off (ECMA-48, SGR). */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** A look of text. */
export type Style = keyof typeof CODES;

/** Gives text a look, or leaves it plain. */
export type Paint = (style: Style | undefined, text: string) => string;

/** A {@link Paint} for an output with colours or without. */
export function painter(color: boolean): Paint {
  if (!color) return (_style, text) => text;
  return (style, text) => {
    if (style === undefined || text === '') return text;
    const [on, off] = CODES[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

/** What decides about colour on a stream. */
export interface ColorCircumstances {
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether to colour: `FORCE_COLOR` decides when it is set (0 and false say no), then `NO_COLOR` when it is not empty (no-color.org), then
 * whether the stream is a terminal that is not `dumb`.
 */
export function wantsColor({ isTerminal, env }: ColorCircumstances): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTerminal && env.TERM !== 'dumb';
}
