import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A shell that completes lines. */
export interface Shell {
  readonly name: 'bash' | 'zsh' | 'fish';
  /** Why this machine cannot have it; `undefined` if it can. */
  missing(): string | undefined;
  /**
   * Completes lines, each at its end.
   *
   * @param script the path of the completion script.
   * @param lines what was typed.
   * @param folder where the shell is. Its home is the folder around that.
   * @returns what the shell would put there, sorted, for each line: whole paths, and only the value
   * after `--name=`.
   */
  complete(script: string, lines: readonly string[], folder: string): string[][];
}

/** The text on standard output of a program that ends with 0. Throws if it does not. */
function printedBy(command: string, args: readonly string[], folder: string): string {
  // No settings of the user. Fish makes folders in the home.
  const home = join(folder, '..');
  const env = { PATH: process.env.PATH ?? '', HOME: home, LC_ALL: 'C.UTF-8', TERM: 'dumb' };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (error !== undefined) throw error;
  if (status !== 0 || stderr !== '') throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

function absence(command: string, condition: string, needed: string): string | undefined {
  if (process.platform === 'win32') return 'not on Windows';
  const { status, error } = spawnSync(command, ['-c', condition]);
  if (error !== undefined) return `there is no ${command}`;
  return status === 0 ? undefined : `this one is not ${needed}`;
}

/** Splits a line as bash does: at spaces, and before and after each run of = or :. */
function bashWords(line: string): string[] {
  const words = line.match(/(?:[^\s=:'"\\]|\\.|'[^']*'?|"[^"]*"?)+|[=:]+/g) ?? [];
  return line.endsWith(' ') && !line.endsWith('\\ ') && !/['"][^'"]* $/.test(line) ? [...words, ''] : words;
}

/** The arguments after the script are, for each line: the line, the number of its words, these. */
const BASH = `
source "$1"
shift
while (($# > 0)); do
  COMP_LINE=$1 COMP_POINT=\${#1} COMP_CWORD=$(($2 - 1)) COMP_WORDS=("\${@:3:$2}")
  shift $(($2 + 2))
  _cc_lb_plugin
  ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"
  echo END
done
`;

const FISH = 'source $argv[1]; for line in $argv[2..]; complete -C $line; echo END; end';

const capture = fileURLToPath(new URL('zsh-capture.zsh', import.meta.url));

/** The shells, each without settings of a user. */
export const shells: readonly Shell[] = [
  {
    name: 'bash',
    missing: () => absence('bash', '((BASH_VERSINFO[0] >= 4))', 'bash 4'),
    complete: (script, lines, folder) => {
      const args = lines.flatMap((line) => {
        const words = bashWords(line);
        return [line, String(words.length), ...words];
      });
      return offers(printedBy('bash', ['--norc', '-c', BASH, 'bash', script, ...args], folder));
    },
  },
  {
    name: 'zsh',
    missing: () => absence('zsh', 'zmodload zsh/zpty && zmodload zsh/complete', 'zsh with zsh/zpty'),
    // zsh offers some of it as it is to be typed.
    complete: (script, lines, folder) =>
      offers(printedBy('zsh', ['-f', capture, script, ...lines], folder).replace(/\\(.)/g, '$1')),
  },
  {
    name: 'fish',
    missing: () => absence('fish', 'true', 'fish'),
    // A directory ends in a slash, and a description follows a tab.
    complete: (script, lines, folder) =>
      offers(printedBy('fish', ['--no-config', '-c', FISH, script, ...lines], folder).replace(/\/?(\t.*)?$/gm, '')).map(
        (words) => words.map((word) => word.replace(/^--[\w-]+=/, '')),
      ),
  },
];

/** What is offered for each line. zsh offers some directories twice. */
function offers(printed: string): string[][] {
  const ofLines = printed.split(/^END\n/m).slice(0, -1);
  return ofLines.map((text) => [...new Set(text.split('\n'))].filter((word) => word !== '').sort());
}
