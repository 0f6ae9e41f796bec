import * as util from 'node:util';

/** A stream that a command writes to. */
export interface Output {
  write(content: string | Uint8Array): void;
  /** Whether what is written may be coloured. */
  readonly color: boolean;
  /** Whether it is a terminal, which must get nothing but text. False if missing. */
  readonly isTerminal?: boolean;
  /** Whether it is a terminal on which lines can be overwritten. False if missing. */
  readonly erasesLines?: boolean;
  /** Whether nobody reads it any more. False if missing. */
  readonly isClosed?: boolean;
}

/** A look of text. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Gives text a look, or leaves it plain. */
export type Paint = (style: Style | undefined, text: string) => string;

/**
 * Makes a {@link Paint} for an output.
 *
 * @param color whether the output may be coloured.
 */
export function painter(color: boolean): Paint {
  // Node has styleText from 20.12 on. Before, text stays plain.
  if (!color || !('styleText' in util)) return (_style, text) => text;
  // Without `validateStream: false` styleText would look at the process's standard output.
  return (style, text) =>
    style === undefined || text === '' ? text : util.styleText(style, text, { validateStream: false });
}

/** What decides about colour on a stream. */
export interface ColorCircumstances {
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether to colour a stream. `FORCE_COLOR` decides if it is set: `0` and `false` say no. Then
 * `NO_COLOR` decides if it is not empty (no-color.org). Otherwise only a terminal that is not
 * `dumb` is coloured.
 */
export function wantsColor({ isTerminal, env }: ColorCircumstances): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTerminal && env.TERM !== 'dumb';
}
