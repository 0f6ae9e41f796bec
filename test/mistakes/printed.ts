import type { Mistake } from './mistake.ts';

/** The name of the file in reports. */
export const FILE = 'plugin.wasm';

/** The arguments of the program that show a mistake. */
export function argumentsOf({ command: [name, ...args] }: Mistake): string[] {
  return [name, FILE, ...args];
}

/** The lines that a command prints about a mistake on V8, without their indentation. */
const lines: Readonly<Record<Mistake['command'][0], (mistake: Mistake) => readonly string[]>> = {
  admit: ({ told: { message, stack, hint, kind, words } }) => [
    `${kind}: ${message}`,
    ...(stack === undefined ? [] : [`in ${stack} (${FILE})`]),
    `hint: ${hint}`,
    ...(words === undefined ? [] : [words]),
  ],
  conformance: ({ told: { check, status = 'fail', message, stack, hint, kind } }) => [
    `${status} ${check}`,
    `found   ${kind === undefined ? '' : `${kind}: `}${message}${stack === undefined ? '' : ` in ${stack}`}`,
    `change  ${hint}`,
  ],
  inspect: ({ told: { message, hint, kind } }) => [`${kind}: ${message}`, `hint: ${hint}`],
  dispatch: ({ told: { message, hint, kind } }) => [`error   ${kind}: ${message}`, `hint    ${hint}`],
};

/** The lines that the program prints about a mistake on V8, without their indentation. */
export function printedLines(mistake: Mistake): readonly string[] {
  return lines[mistake.command[0]](mistake);
}
