import { printable } from '../../printable.ts';
import { readableName } from './readable-name.ts';
import { type StackFrame, trapOf } from './trap-stack.ts';

/** The most frames, and the most characters of a name and of what a plugin said, in a text. */
const SHOWN = { frames: 8, characters: 100, said: 300 } as const;

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
 * Returns the error text that the plugin set before it trapped, in quotes and safe to print.
 *
 * @param failure of a call, or one that holds it.
 * @returns `undefined` if it set none.
 */
export function saidText(failure: unknown): string | undefined {
  const said = trapOf(failure)?.said;
  return said === undefined ? undefined : `"${printable(said, SHOWN.said)}"`;
}

/**
 * Adds to a message what the plugin said, and where it trapped.
 *
 * @param message what is known of the failure.
 * @param failure of a call, or one that holds it.
 * @returns such as ``wasm trap: unreachable in `panic_fmt` ← `filter` ``; the message if nothing
 * trapped.
 */
export function withStackText(message: string, failure: unknown): string {
  const text = stackText(failure);
  if (text === undefined) return message;
  const said = saidText(failure);
  const start = said === undefined ? message : `${message}: ${said}`;
  return text === NO_STACK ? `${start} (${text})` : `${start} ${text}`;
}

function frameText({ function: name, index }: StackFrame): string {
  return name === undefined ? `function ${index}` : `\`${printable(readableName(name), SHOWN.characters)}\``;
}
