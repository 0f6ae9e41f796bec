// The runtimes that tests run on, except the browser: where each is, and how it runs TypeScript.
// workerd runs no files, but workers that a configuration names.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * A runtime of this machine. `args` precede the file to run; `title` is its name and version.
 * @typedef {object} Runtime
 * @property {string} command
 * @property {readonly string[]} args
 * @property {string} title
 */

const { arch, platform } = process;
const suffix = platform === 'win32' ? '.exe' : '';
const bunPlatform = `${platform === 'win32' ? 'windows' : platform}-${arch === 'arm64' ? 'aarch64' : arch}`;
const denoPlatform = `${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`;

/**
 * A program inside the packages of test/runtimes. The packages hold it ready to run: their install
 * scripts only move it.
 * @param {string} path
 */
const packaged = (path) => fileURLToPath(new URL(`../test/runtimes/node_modules/${path}${suffix}`, import.meta.url));

/** @param {string} version */
const majorOf = (version) => Number.parseInt(version, 10);

/** What a Node needs that cannot strip types by itself. */
const nodeWithLoader = ['--enable-source-maps', '--import', './scripts/typescript.mjs'];

/**
 * A runtime to look for. `candidates` are tried in order: the first that starts and whose version
 * `accepts` takes is used.
 * @typedef {object} Wanted
 * @property {string} name
 * @property {string} title
 * @property {readonly string[]} candidates
 * @property {(version: string) => boolean} accepts
 * @property {readonly string[]} args
 */

/**
 * One row for each runtime that runs scripts.
 * @type {readonly Wanted[]}
 */
const table = [
  {
    name: 'node20',
    title: 'node',
    candidates: [packaged(`node-20-${platform}-${arch}/bin/node`), process.execPath],
    accepts: (version) => majorOf(version) === 20,
    args: nodeWithLoader,
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
    // Nothing is fetched, and Deno writes no lock file: it uses the packages that npm installed.
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

/**
 * The runtime of edge workers. It compiles no TypeScript: its arguments are those of its command.
 * @type {Wanted}
 */
const workerd = {
  name: 'workerd',
  title: 'workerd',
  candidates: [packaged(`workerd-${platform}-${arch}/bin/workerd`), 'workerd'],
  accepts: () => true, // its versions are dates
  args: ['serve'],
};

/**
 * The version that `command --version` prints, such as '26.10.0' or '2026-11-17'.
 * @param {string} command
 * @returns {string | undefined} undefined if it does not start, as on a system it was not built for
 */
function versionOf(command) {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  return status === 0 ? /\d+([.-])\d+\1\d+/.exec(stdout)?.[0] : undefined;
}

/**
 * The names of the runtimes that run scripts, in the order in which they run.
 * @type {readonly string[]}
 */
export const runtimeNames = table.map(({ name }) => name);

/**
 * Looks for a runtime on this machine.
 * @param {string} name one of `runtimeNames`
 * @returns {Runtime | undefined} undefined if this machine has none that starts
 * @throws {Error} if `name` is not one of `runtimeNames`
 */
export function findRuntime(name) {
  const row = table.find((each) => each.name === name);
  if (row === undefined) throw new Error(`there is no runtime ${name}: expected one of ${runtimeNames}`);
  return find(row);
}

/**
 * Looks for workerd on this machine.
 * @returns {Runtime | undefined} undefined if this machine has none that starts
 */
export function findWorkerd() {
  return find(workerd);
}

/**
 * @param {Wanted} wanted
 * @returns {Runtime | undefined}
 */
function find({ title, candidates, accepts, args }) {
  for (const command of candidates) {
    const version = versionOf(command);
    if (version !== undefined && accepts(version)) return { command, args, title: `${title} ${version}` };
  }
  return undefined;
}

/**
 * The Node that runs this program, whatever its version.
 * @returns {Runtime}
 * @throws {Error} if this program runs on another runtime
 */
export function thisNode() {
  if ('Deno' in globalThis || 'Bun' in globalThis) throw new Error('this program does not run on Node');
  const args = process.features.typescript ? [] : nodeWithLoader;
  return { command: process.execPath, args, title: `node ${process.versions.node}` };
}

/**
 * A Node for tests that start one: the Node that runs this program, else one of the packaged ones.
 * @returns {Runtime | undefined} undefined if this machine has none that starts
 */
export function findNode() {
  if (!('Deno' in globalThis) && !('Bun' in globalThis)) return thisNode();
  return findRuntime('node') ?? findRuntime('node20');
}
