// Runs commands one after another, as `.ci/run` and `npm run test:all` do, and sums the tests that
// they count. Plain JavaScript, because `.ci/run` uses it before anything is installed.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * A command. `counts`: whether its last line is `N passed, N failed`. Such a lane also runs after
 * another one of its kind has failed, so that all tests are counted. `informs`: whether its failure
 * is shown, and fails nothing.
 * @typedef {object} Lane
 * @property {string} name
 * @property {string} command
 * @property {readonly string[]} args
 * @property {boolean} [counts]
 * @property {boolean} [informs]
 */

/**
 * What became of a lane. `status`: whether it passed; `no result` if it failed and only informs;
 * `not run` because an earlier one failed.
 * @typedef {object} LaneResult
 * @property {string} name
 * @property {'passed' | 'failed' | 'no result' | 'not run'} status
 * @property {number} seconds
 * @property {number} passed
 * @property {number} failed
 */

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * Runs a command and prints what it prints.
 * @param {Lane} lane
 * @returns {Promise<LaneResult>}
 */
async function run({ name, command, args, counts = false, informs = false }) {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', counts ? 'pipe' : 'inherit', 'inherit'],
    shell: process.platform === 'win32', // npm is npm.cmd there
  });
  let end = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    end = (end + text).slice(-1000);
  });
  /** @type {number | null} */
  const code = await new Promise((resolve) => {
    child.on('close', resolve).on('error', (error) => {
      console.log(`${command}: ${error.message}`);
      resolve(null);
    });
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const [, passed = 0, failed = 0] = (/(?:^|\n)(\d+) passed, (\d+) failed\n*$/.exec(end) ?? []).map(Number);
  const isGood = code === 0 && (!counts || (passed > 0 && failed === 0));
  if (informs) return { name, status: code === 0 ? 'passed' : 'no result', seconds, passed: 0, failed: 0 };
  // A lane that fails without a failed test counts as one.
  return { name, status: isGood ? 'passed' : 'failed', seconds, passed, failed: isGood ? 0 : Math.max(failed, 1) };
}

/**
 * Runs lanes one after another. After the first that fails, only lanes that count tests run, and
 * only if the failed one counts tests too.
 * @param {readonly Lane[]} lanes
 * @returns {Promise<LaneResult[]>} one for each lane
 */
export async function runLanes(lanes) {
  /** @type {LaneResult[]} */
  const results = [];
  let stopped = false;
  let failing = false;
  for (const lane of lanes) {
    if (stopped || (failing && !lane.counts)) {
      results.push({ name: lane.name, status: 'not run', seconds: 0, passed: 0, failed: 0 });
      continue;
    }
    console.log(`\n--- ${lane.name}`);
    const result = await run(lane);
    results.push(result);
    if (result.status !== 'failed') continue;
    failing = true;
    if (!lane.counts) stopped = true;
  }
  return results;
}

const endings = { passed: '', failed: '  FAILED', 'no result': '  no result' };

/**
 * The lanes with their minutes, and as the last line the sum of their tests.
 * @param {readonly LaneResult[]} results
 */
export function laneTable(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  const minutes = (/** @type {number} */ seconds) => (seconds / 60).toFixed(1).padStart(7);
  const rows = results.map(({ name, status, seconds }) => {
    const shown = status === 'not run' ? '      -  not run' : `${minutes(seconds)}${endings[status]}`;
    return `${name.padEnd(width)}  ${shown}`;
  });
  const sum = (/** @type {'seconds' | 'passed' | 'failed'} */ key) =>
    results.reduce((total, result) => total + result[key], 0);
  return [
    `${'lane'.padEnd(width)}  minutes`,
    ...rows,
    `${'all'.padEnd(width)}  ${minutes(sum('seconds'))}`,
    '',
    `${sum('passed')} passed, ${sum('failed')} failed`,
  ].join('\n');
}

/**
 * Runs lanes, prints their table, and sets the exit code to 1 if one failed.
 * @param {readonly Lane[]} lanes
 */
export async function runAndPrint(lanes) {
  const results = await runLanes(lanes);
  console.log(`\n${laneTable(results)}`);
  if (results.some(({ status }) => status === 'failed')) process.exitCode = 1;
}
