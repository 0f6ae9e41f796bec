// What metering costs, on the runtime that runs this file. The benchmark starts it, and writes its
// task, as JSON, to its standard input. It prints tables, and last a line with all numbers as JSON.
import { readFileSync } from 'node:fs';
import type * as Library from '../../../src/index.ts';
import { reportLabel } from '../../child-report.ts';
import { geometricMean, type Measuring } from '../alternate.ts';
import { compareDispatches, type DispatchResult } from '../dispatching.ts';
import { compareProgram, type ProgramResult } from '../programs/program-runs.ts';
import { table } from '../table.ts';
import { measureRewriting, type RewritingResult } from './rewriting.ts';

/** What there is to measure. */
export interface MeteringTask extends Measuring {
  /** The package to measure. */
  readonly entry: string;
  /** The programs, their modules in base64. */
  readonly programs: readonly { readonly name: string; readonly wasm: string }[];
  /** Paths of the modules to rewrite. */
  readonly modules: readonly string[];
}

/** What came of it. */
export interface MeteringReport {
  readonly programs: readonly ProgramResult[];
  readonly geometricMean: number;
  readonly dispatches: readonly DispatchResult[];
  readonly rewriting: readonly RewritingResult[];
}

const REWRITING_ROUNDS = 15;

// The process that started this one wrote it.
const task = JSON.parse(readFileSync(0, 'utf8')) as MeteringTask;
// The cast: the module at that address is the root entry.
const library = (await import(task.entry)) as typeof Library;
const programs = measurePrograms(task);
const dispatches = compareDispatches(library, task);
const rewriting = task.modules.map((path) => measureRewriting(library, path, REWRITING_ROUNDS));

function measurePrograms({ programs, ...measuring }: MeteringTask): ProgramResult[] {
  return programs.map(({ name, wasm }) => {
    return compareProgram(
      library,
      { name, wasm: Uint8Array.from(atob(wasm), (char) => char.charCodeAt(0)) },
      measuring,
    );
  });
}

function printPrograms(results: readonly ProgramResult[]): void {
  const rows = results.map(({ name, firstMs, secondMs, ratio, spread, fuel }) => {
    const fuelPerNs = (fuel / secondMs / 1e6).toFixed(2);
    return [name, firstMs.toFixed(2), secondMs.toFixed(2), ratio.toFixed(3), spread.toFixed(3), `${fuel}`, fuelPerNs];
  });
  console.log(table(['program', 'ms', 'metered ms', 'ratio', '+-', 'fuel', 'fuel/ns'], rows));
  const worst = results.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  const mean = geometricMean(results.map(({ ratio }) => ratio));
  console.log(`  geometric mean ${mean.toFixed(3)}, worst ${worst.ratio.toFixed(3)} (${worst.name})\n`);
}

function printDispatches(results: readonly DispatchResult[]): void {
  const rows = results.map(({ name, firstMs, secondMs, ratio, spread }) => {
    return [name, firstMs.toFixed(2), secondMs.toFixed(2), ratio.toFixed(3), spread.toFixed(3)];
  });
  console.log(`${table(['dispatch, 20 times', 'ms', 'metered ms', 'ratio', '+-'], rows)}\n`);
}

function printRewriting(results: readonly RewritingResult[]): void {
  const rows = results.map(({ path, codeBytes, ms, validateMs, megabytesPerSecond, moduleBytes, meteredBytes }) => [
    path.replace(/^.*node_modules\//, ''),
    (codeBytes / 1e6).toFixed(2),
    ms.toFixed(1),
    validateMs.toFixed(1),
    megabytesPerSecond.toFixed(0),
    (meteredBytes / moduleBytes).toFixed(3),
  ]);
  console.log(`${table(['rewriting', 'code MB', 'ms', 'of it validate', 'MB/s', 'size ratio'], rows)}\n`);
}

printPrograms(programs);
printDispatches(dispatches);
if (rewriting.length > 0) printRewriting(rewriting);
const report: MeteringReport = {
  programs,
  geometricMean: geometricMean(programs.map(({ ratio }) => ratio)),
  dispatches,
  rewriting,
};
console.log(reportLabel + JSON.stringify(report));
