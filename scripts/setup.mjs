// Installs what the project's commands need, or nothing if it is installed already:
//   node scripts/setup.mjs              the development packages
//   node scripts/setup.mjs --runtimes   also the runtimes that the tests run on (test/runtimes)
//   node scripts/setup.mjs --modules    also the modules that test:modules runs (test/modules)
//   node scripts/setup.mjs --docs       also what npm run docs renders with (scripts/docs/html)
//   node scripts/setup.mjs --gateway    also the packages of the example (examples/gateway)
// Plain JavaScript on Node's own modules, because it runs in a fresh clone, before anything is
// installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);

/** Holds the hash of the lock file from which the packages beside it were installed. */
const stampName = 'node_modules/.installed-lock';

/**
 * Runs `npm ci` in a folder if its packages are missing or were installed from another lock file.
 * @param {URL} folder a folder with package.json and package-lock.json
 * @param {string} what what is installed, for the line that says so
 * @param {NodeJS.WritableStream} output where that line goes
 * @throws {Error} if npm fails; npm has printed the reason on stderr
 */
function install(folder, what, output) {
  const stamp = new URL(stampName, folder);
  const lock = createHash('sha256')
    .update(readFileSync(new URL('package-lock.json', folder)))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;

  output.write(`Installing ${what} (npm ci in ${fileURLToPath(folder)})\n`);
  // No package needs its install script here, and npm 11 does not run them anyway.
  const flags = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { error, status } = spawnSync('npm', flags, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32', // npm is npm.cmd there
  });
  if (error) throw new Error(`npm could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`npm ci failed with exit code ${status} in ${fileURLToPath(folder)}`);
  writeFileSync(stamp, lock);
}

/**
 * Makes the working copy ready.
 * @param {{ runtimes?: boolean, modules?: boolean, docs?: boolean, gateway?: boolean,
 *   output?: NodeJS.WritableStream }} [options] `runtimes`: also the runtimes of tests;
 *   `modules`: also the modules of test:modules; `docs`: also what npm run docs renders with;
 *   `gateway`: also the packages of examples/gateway; `output`: where progress is written, stdout
 *   by default
 * @throws {Error} if npm fails
 */
export function setUp({
  runtimes = false,
  modules = false,
  docs = false,
  gateway = false,
  output = process.stdout,
} = {}) {
  install(root, 'the development packages', output);
  if (runtimes) install(new URL('test/runtimes/', root), 'the runtimes that the tests run on', output);
  if (modules) install(new URL('test/modules/', root), 'the modules that are metered', output);
  if (docs) install(new URL('scripts/docs/html/', root), 'what renders the documents', output);
  if (gateway) install(new URL('examples/gateway/', root), 'the packages of the example gateway', output);
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  try {
    const asks = (/** @type {string} */ flag) => process.argv.includes(flag);
    setUp({
      runtimes: asks('--runtimes'),
      modules: asks('--modules'),
      docs: asks('--docs'),
      gateway: asks('--gateway'),
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
