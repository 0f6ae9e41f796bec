import { printable } from '../../printable.ts';
import { painter } from '../output/terminal.ts';
import type { ExitCode, Io } from './command.ts';
import { CommandLineError } from './command-line-error.ts';
import { STDIN } from './input-file.ts';
import { findPluginFiles } from './plugin-files.ts';

/** The option of each command that can run again. */
export const watchOption = {
  summary: 'run again when a file changes, until Ctrl-C ends it with the exit code 130',
} as const;

/** How long to wait before the files are looked at again, in milliseconds. */
const POLL_MS = 200;

/** How many times as long as looking took, at least: so it needs little of the processor. */
const POLL_FACTOR = 20;

/** How often a file that does not stop changing is looked at before it is taken as it is. */
const LOOKS_MAX = 25;

/** How many changes are named. */
const NAMED = 3;

/** The state of each file by its path. A file that cannot be found is missing. */
type States = ReadonlyMap<string, string>;

/**
 * Runs something, and again whenever a file changes, appears or is removed. A file that is being
 * written is waited for, but not for ever. Ends if nobody can read the output any more; else a
 * signal ends it, which no handler delays, so that it also ends a call of a plugin.
 *
 * The files are looked at again and again. The events of file systems would come sooner, but after
 * a file was replaced, as linkers do, Node 20, Node and Bun report nothing more about its path.
 *
 * @param paths of files and directories.
 * @param run returns the exit code.
 * @returns the exit code of the last run.
 * @throws CommandLineError `StdinWatched`. Whatever `run` throws.
 */
export async function watch(io: Io, paths: readonly string[], run: () => Promise<ExitCode>): Promise<ExitCode> {
  if (paths.includes(STDIN)) throw new CommandLineError({ kind: 'StdinWatched' });
  const note = (text: string): void => io.stderr.write(`${painter(io.stderr.color)('dim', text)}\n`);
  let before = await statesOf(io, paths);
  for (;;) {
    const code = await run();
    note('Waiting for changes. Ctrl-C ends.');
    const now = await nextStates(io, paths, before);
    if (now === undefined) return code;
    if (io.stdout.erasesLines === true) io.stdout.write('\u001b[2J\u001b[H');
    note(changesText(before, now));
    before = now;
  }
}

async function statesOf(io: Io, paths: readonly string[]): Promise<States> {
  const states = new Map<string, string>();
  for (const found of (await findPluginFiles(io, paths)).files) {
    if ('error' in found) continue;
    const { path } = found;
    const state = await io.facts(path).then(
      (facts) => facts.state,
      () => undefined, // It is removed, or cannot be reached: running says why.
    );
    if (state !== undefined) states.set(path, state);
  }
  return states;
}

/**
 * Waits until the states are other ones than before, and stay so for a while.
 *
 * @returns `undefined` if nobody reads the output any more.
 */
async function nextStates(io: Io, paths: readonly string[], before: States): Promise<States | undefined> {
  let last = before;
  let pauseMs = POLL_MS;
  let changing = 0;
  while (io.stdout.isClosed !== true) {
    await io.pause(pauseMs);
    const since = performance.now();
    const now = await statesOf(io, paths);
    pauseMs = Math.max(POLL_MS, POLL_FACTOR * (performance.now() - since));
    const isChanging = changesOf(last, now).length > 0;
    changing = isChanging ? changing + 1 : 0;
    if ((!isChanging || changing === LOOKS_MAX) && changesOf(before, now).length > 0) return now;
    last = now;
  }
  return undefined;
}

function changesOf(before: States, now: States): string[] {
  const changes = [...now].flatMap(([path, state]) => {
    const known = before.get(path);
    return known === state ? [] : [`${known === undefined ? 'new' : 'changed'}: ${printable(path)}`];
  });
  const removed = [...before.keys()].filter((path) => !now.has(path));
  return [...changes, ...removed.map((path) => `removed: ${printable(path)}`)];
}

function changesText(before: States, now: States): string {
  const changes = changesOf(before, now);
  const more = changes.length > NAMED ? `; ${changes.length - NAMED} more` : '';
  return changes.slice(0, NAMED).join('; ') + more;
}
