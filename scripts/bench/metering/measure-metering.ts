import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportOfChild } from '../../child-report.ts';
import type { Runtime } from '../../runtimes.mjs';
import { median } from '../alternate.ts';
import { compilePrograms, programNames } from '../programs/compile.ts';
import { reportOf } from '../start-on-runtime.ts';
import { table } from '../table.ts';
import { OURS, type Version } from '../versions.ts';
import type { MeteringReport, MeteringTask } from './metering.ts';

/** A real module that runs a program, plain and metered. */
export interface InterpreterResult {
  readonly name: string;
  readonly plainMs: number;
  readonly meteredMs: number;
  readonly ratio: number;
}

/** What metering costs on a runtime. */
export interface Metering extends MeteringReport {
  readonly interpreters: readonly InterpreterResult[];
}

const ROUNDS = { rounds: 31, warmUpRounds: 40 };
/** Modules larger than this are rewritten, in bytes. */
const LARGE_MODULE = 1_000_000;
/** The modules of test/modules that run: a recursive query, and `fib` and an object. */
const interpreters = ['sqlite', 'quickjs'];
const PAIRS = 3;
const SILENCE_MS = 60_000;

let programs: MeteringTask['programs'] | undefined;

/**
 * Measures what metering costs on a runtime, and prints it.
 *
 * @param runtime what `findRuntime` returns.
 * @param version the package.
 * @returns the results; undefined, after printing why, if the process ended early.
 */
export async function measureMetering(runtime: Runtime, version: Version): Promise<Metering | undefined> {
  programs ??= await compilePrograms(programNames);
  const task: MeteringTask = { entry: version.entry(OURS), programs, modules: await largeModules(), ...ROUNDS };
  const { report, text, code } = await reportOf<MeteringReport>(runtime, 'scripts/bench/metering/metering.ts', task);
  console.log(text);
  if (report === undefined) console.log(`${runtime.title}: metering: exit code ${code}\n`);
  if (report === undefined) return undefined;
  const results: InterpreterResult[] = [];
  for (const name of interpreters) results.push(...(await measureInterpreter(runtime, version, name)));
  const rows = results.map(({ name, plainMs, meteredMs, ratio }) => {
    return [name, plainMs.toFixed(1), meteredMs.toFixed(1), ratio.toFixed(2)];
  });
  if (rows.length > 0) console.log(`${table(['real module', 'ms', 'metered ms', 'ratio'], rows)}\n`);
  return { ...report, interpreters: results };
}

/** Plain and metered in processes of their own, in turn. */
async function measureInterpreter(runtime: Runtime, { root }: Version, name: string): Promise<InterpreterResult[]> {
  const script = join(root, 'test/modules/run-module.ts');
  const times: Record<string, number[]> = { plain: [], metered: [] };
  for (let turn = 0; turn < PAIRS; turn++) {
    for (const [way, own] of Object.entries(times)) {
      const { reportText, ending } = await reportOfChild(runtime, script, [name, way], SILENCE_MS);
      if (reportText === undefined) {
        console.log(`skipped: ${name}, ${way}: ${ending}; \`npm run test:modules\` installs the modules\n`);
        return [];
      }
      own.push(JSON.parse(reportText).milliseconds);
    }
  }
  const [plainMs, meteredMs] = [median(times.plain ?? []), median(times.metered ?? [])];
  return [{ name, plainMs, meteredMs, ratio: meteredMs / plainMs }];
}

/** The core modules over 1 MB among the packages that are installed. */
async function largeModules(): Promise<string[]> {
  const folder = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
  const paths = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.core.wasm'));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(join(folder, path))).size));
  return paths
    .filter((_, index) => (sizes[index] ?? 0) > LARGE_MODULE)
    .map((path) => join(folder, path))
    .sort();
}
