import { printable } from '../../printable.ts';
import { type StackFrame, trapOf } from './trap-stack.ts';

/** The most frames, and the most characters of a name, in a text. */
const SHOWN = { frames: 8, characters: 100 } as const;

const NO_STACK = 'this engine gives no stack of the plugin';

/**
 * Says on one line where a plugin trapped.
 *
 * @param failure of a call, or one that holds it.
 * @param file the name of the plugin's file.
 * @returns such as ``in `panic_fmt` ← `filter` (router.wasm)``, or that the engine tells none;
 * `undefined` if nothing trapped.
 */
export function stackText(failure: unknown, file?: string): string | undefined {
  const trap = trapOf(failure);
  if (trap === undefined) return undefined;
  const { stack } = trap;
  if (stack === undefined) return NO_STACK;
  const shown = stack.slice(0, SHOWN.frames).map(frameText);
  const more = stack.length - shown.length;
  const calls = [...shown, ...(more > 0 ? [`${more} more`] : [])].join(' ← ');
  return file === undefined ? `in ${calls}` : `in ${calls} (${printable(file)})`;
}

/**
 * Adds to a message where the plugin trapped.
 *
 * @param message what is known of the failure.
 * @param failure of a call, or one that holds it.
 * @returns such as ``wasm trap: unreachable in `panic_fmt` ← `filter` ``; the message if nothing
 * trapped.
 */
export function withStackText(message: string, failure: unknown): string {
  const text = stackText(failure);
  if (text === undefined) return message;
  return text === NO_STACK ? `${message} (${text})` : `${message} ${text}`;
}

function frameText({ function: name, index }: StackFrame): string {
  return name === undefined ? `function ${index}` : `\`${printable(name, SHOWN.characters)}\``;
}
