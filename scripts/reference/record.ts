// Started by scripts/reference/record.mjs, which tells what it does.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { kinds } from '../../test/reference/kinds/index.ts';
import { fixturePaths } from '../../test/support/fixtures-list.ts';
import { buildReference, type ReferenceProgram } from './build.ts';
import { fuelModules } from './fuel-modules.ts';
import { probeModules } from './probe-modules.ts';
import { answersToVectors } from './vector-answers.ts';

const USAGE = `Asks the published host in Rust for its answers, and writes them to fixtures/reference/. Needs cargo.

  npm run test:reference                     all records
  npm run test:reference -- --only kernel    the record of one kind; conformance and vectors are two of them
  npm run test:reference -- --seed 7         other cases
`;

/** The records that there are. */
const names = [...kinds.map(({ name }) => name), 'conformance', 'vectors'];

/** What the arguments ask for. The process ends if `--only` does not name a record. */
function readArguments(): { readonly seed: number; readonly only: string | undefined } {
  try {
    const { seed, only, help } = parseArgs({
      options: {
        seed: { type: 'string', default: '20261128' },
        only: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
    if (help) {
      process.stdout.write(USAGE);
      return process.exit(0);
    }
    if (!/^\d{1,9}$/.test(seed)) throw new Error(`--seed must be a number of at most nine digits, not ${seed}`);
    if (only !== undefined && !names.includes(only)) throw new Error(`--only must be one of ${names.join(', ')}`);
    return { seed: Number(seed), only };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return process.exit(2);
  }
}

const { seed, only } = readArguments();
const root = new URL('../../', import.meta.url);
const folder = new URL('fixtures/reference/', root);

/** The program of a member of the workspace; the process ends where it cannot be built. */
async function built(name: ReferenceProgram): Promise<string> {
  const found = await buildReference(name);
  if ('program' in found) return found.program;
  console.error(`The records cannot be made anew: ${found.reason}`);
  return process.exit(1);
}

/** The lines that a program prints. */
async function linesOf(program: string, args: readonly string[], input = ''): Promise<string[]> {
  const child = spawn(program, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`${program} ended with exit code ${code}`);
  return output.trimEnd().split('\n');
}

/** The versions of crates that answer, from the lock file. */
async function versions(...crates: readonly string[]): Promise<string> {
  const lock = await readFile(new URL('Cargo.lock', import.meta.url), 'utf8');
  return crates
    .map((name) => `${name} ${new RegExp(`name = "${name}"\\nversion = "(.*)"`).exec(lock)?.[1]}`)
    .join(', ');
}

/** One case a line, so that a change shows which. The cases are JSON. */
async function write(name: string, head: object, cases: readonly string[]): Promise<void> {
  const text = `${JSON.stringify(head).slice(0, -1)},"cases":[\n${cases.join(',\n')}\n]}\n`;
  await writeFile(new URL(`${name}.json`, folder), text);
  console.log(`fixtures/reference/${name}.json: ${cases.length} cases, ${text.length} bytes`);
}

await mkdir(folder, { recursive: true });
/** Cases whose modules are written as text. */
const byHand: Readonly<Record<string, () => Promise<readonly unknown[]>>> = { fuel: fuelModules, probes: probeModules };

const answeredBy = await versions(
  'cc-lb-runtime-protocol',
  'cc-lb-plugin-conformance',
  'extism',
  'wasmtime',
  'serde_json',
);
for (const kind of kinds.filter(({ name }) => only === undefined || name === only)) {
  const cases = [...((await byHand[kind.name]?.()) ?? []), ...kind.generate(seed)];
  const questions = cases.map((of) => `${JSON.stringify(kind.question(of))}\n`).join('');
  const answers = await linesOf(await built('answers'), [], questions);
  if (answers.length !== cases.length)
    throw new Error(`${cases.length} cases of ${kind.name}, ${answers.length} answers`);
  await write(
    kind.name,
    { seed, answeredBy },
    cases.map((of, at) => JSON.stringify([of, JSON.parse(answers[at] ?? '')])),
  );
}

if (only === undefined || only === 'conformance') {
  const paths = fixturePaths
    // The suite is that of the older protocol.
    .filter((path) => !path.startsWith('hooks/'))
    .map((path) => `fixtures/${path}`)
    .sort();
  const verdicts = await linesOf(await built('conformance'), paths);
  const cases = await Promise.all(
    verdicts.map(async (line, at) => {
      const { path, ...verdict } = JSON.parse(line);
      if (path !== paths[at]) throw new Error(`the verdict on ${paths[at]} is one on ${path}`);
      const wasm = await readFile(new URL(path, root));
      return JSON.stringify({
        path: path.replace('fixtures/', ''),
        sha256: createHash('sha256').update(wasm).digest('hex'),
        ...verdict,
      });
    }),
  );
  await write('conformance', { answeredBy }, cases);
}

if (only === undefined || only === 'vectors') {
  const crates = await versions('cc-lb-runtime-protocol', 'cc-lb-runtime-wasmtime', 'extism', 'wasmtime', 'rkyv');
  await write('vectors', { answeredBy: crates }, await answersToVectors(await built('vectors')));
}
