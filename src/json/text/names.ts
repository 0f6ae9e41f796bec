import { nearest } from '../../nearest.ts';
import { UNPRINTABLE } from '../../printable.ts';

/** How many characters of a name are shown. */
const SHOWN_MAX = 64;

/** How many names of an object are compared with a missing one. */
const COMPARED_MAX = 64;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Shows a name that a text chose: a field, a key of a map or the name of a variant. It cannot drive
 * a terminal, fake a line, or fill a log.
 *
 * @returns the name if it is an identifier of at most 64 characters. Else it is quoted as in JSON,
 * with escapes also for what would not be seen, and `…` after it if it was cut.
 */
export function shownName(name: string): string {
  if (name.length <= SHOWN_MAX && IDENTIFIER.test(name)) return name;
  const cut = Array.from(name.slice(0, 2 * SHOWN_MAX))
    .slice(0, SHOWN_MAX)
    .join('');
  const quoted = JSON.stringify(cut).replace(UNPRINTABLE, escapeUnits);
  return cut === name ? quoted : `${quoted}…`;
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** Makes the step of a path for a key of a map: `.filter`, or `["a b"]`. */
export function keyStep(key: string): string {
  const shown = shownName(key);
  return shown === key ? `.${shown}` : `[${shown}]`;
}

/** Finds the known name that a given one probably stands for; none for a very long name. */
export function meantName(given: string, known: readonly string[]): string | undefined {
  return given.length <= SHOWN_MAX ? nearest(given, known) : undefined;
}

/** Finds the key of an object that probably stands for a missing field, as it is shown. */
export function misspeltName(missing: string, keys: readonly string[]): string | undefined {
  const short = keys.slice(0, COMPARED_MAX).filter((key) => key.length <= SHOWN_MAX);
  const key = nearest(missing, short);
  return key === undefined ? undefined : shownName(key);
}
