// The runtimes that the tests run on, apart from the browser: where each is found, and how it runs a TypeScript file.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const { arch, platform } = process;
const suffix = platform === 'win32' ? '.exe' : '';
const bunPlatform = `${platform === 'win32' ? 'windows' : platform}-${arch === 'arm64' ? 'aarch64' : arch}`;
const denoPlatform = `${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`;

/** A program inside the packages of test/runtimes, which hold it ready to run: their install scripts only move it about. */
const packaged = (path) => fileURLToPath(new URL(`../test/runtimes/node_modules/${path}${suffix}`, import.meta.url));

/**
 * One row a runtime. `candidates` are tried in turn: the first that starts and whose version `accepts` takes is the one.
 * `args` stand before the file to run.
 */
const table = [
  {
    name: 'node20',
    title: 'node',
    candidates: [packaged(`node-20-${platform}-${arch}/bin/node`), process.execPath],
    accepts: (version) => majorOf(version) === 20,
    args: ['--enable-source-maps', '--import', './scripts/typescript.mjs'],
  },
  {
    name: 'node',
    title: 'node',
    candidates: [packaged(`node-newest-${platform}-${arch}/bin/node`), process.execPath],
    accepts: (version) => majorOf(version) >= 24, // strips types by itself
    args: [],
  },
  {
    name: 'deno',
    title: 'deno',
    candidates: [packaged(`@deno/${denoPlatform}/deno`), 'deno'],
    accepts: (version) => majorOf(version) >= 2,
    // Nothing is fetched, and no lock file of Deno's own appears: the packages are those that npm installed.
    args: ['run', '--allow-all', '--cached-only', '--no-lock', '--node-modules-dir=manual'],
  },
  {
    name: 'bun',
    title: 'bun',
    candidates: [packaged(`@oven/bun-${bunPlatform}/bin/bun`), 'bun'],
    accepts: (version) => majorOf(version) >= 1,
    args: ['--no-install'],
  },
];

const majorOf = (version) => Number.parseInt(version, 10);

/** What `command --version` says: '26.10.0', or undefined when it does not start, as on a system it was not built for. */
function versionOf(command) {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  return status === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined;
}

/** The names of all rows, in the order in which they run. */
export const runtimeNames = table.map(({ name }) => name);

/**
 * Looks for a runtime.
 * @param {string} name one of `runtimeNames`
 * @returns {{ command: string, args: string[], title: string } | undefined} `title`: name and version, to print;
 *   undefined when this machine has none
 */
export function findRuntime(name) {
  const { candidates, accepts, args, title } = table.find((row) => row.name === name);
  for (const command of candidates) {
    const version = versionOf(command);
    if (version !== undefined && accepts(version)) return { command, args, title: `${title} ${version}` };
  }
  return undefined;
}
