// Runs one module in this process, and prints a report as one line of JSON after `report: `.
//   run-module.ts NAME plain             the program
//   run-module.ts NAME metered [needs]   the program, then an endless one until its fuel is used up
//   run-module.ts NAME deadline          an endless program until its time is up
// `needs` checks that the limits which the table lifts are those that refuse the module.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import {
  type Budget,
  exceededLimits,
  type Meter,
  MeteringError,
  type MeteringOptions,
  meterModule,
} from '../../src/metering/index.ts';
import { meterWebAssembly } from './metered-webassembly.ts';
import { compiled, type Interpreter, interpreters } from './modules.ts';
import { type Program, packageFile } from './program.ts';

/**
 * The number of runs. The first half warms up the engine. The fastest run of the other half is
 * reported, because machines are busy.
 */
const RUNS = 24;

/** The budgets of an endless program. Each run has one of them. */
const FUEL = 500_000_000;
const WALL_MS = 300;

/** How an endless program ended. */
interface Ending {
  readonly kind: string;
  readonly milliseconds: number;
  readonly fuel: number;
}

const [name = '', way, needs] = process.argv.slice(2);

async function report(): Promise<object> {
  const { [name]: interpreter } = interpreters;
  if (interpreter !== undefined) return await reportRuns(interpreter);
  const { [name]: module } = compiled;
  if (module === undefined) throw new Error(`no module is named ${name}`);
  const bytes = new Uint8Array(readFileSync(packageFile(module.file)));
  if (way === 'plain') return await reportCompiled(bytes);
  const startedAt = performance.now();
  const metered = meterModule(bytes, module.options).bytes;
  const metering = performance.now() - startedAt;
  const { options } = module;
  return { metering, ...(await reportCompiled(metered)), refusal: needs && refusal([bytes], options) };
}

async function reportRuns({ load, options, hostExceptions }: Interpreter): Promise<object> {
  const { start } = await load();
  if (way === 'plain') return await timed(await start(), (call) => call());
  const metered = meterWebAssembly(options, hostExceptions);
  const { meter } = metered;
  surviveLeftovers(meter);
  const program = await start();
  if (way === 'deadline') return { wallMs: WALL_MS, ending: await end(program, meter, { wallMs: WALL_MS }) };
  return {
    bytes: metered.modules.reduce((sum, { length }) => sum + length, 0),
    metering: metered.milliseconds,
    modules: metered.modules.length,
    ...(await timed(program, (run) => meter.runAsync(async () => run()))),
    fuel: FUEL,
    ending: await end(program, meter, { fuel: FUEL }),
    refusal: needs && refusal(metered.modules, options),
  };
}

/**
 * Once a budget is exhausted, each call of an export traps. Glue code makes some calls that nothing
 * awaits: to finalize objects, or after a promise. These handlers keep such a trap from ending the
 * process. A host needs such handlers too.
 */
function surviveLeftovers(meter: Meter): void {
  const survive = (error: unknown): void => {
    if (meter.failure !== undefined) return;
    console.error(error);
    process.exit(1);
  };
  process.on('unhandledRejection', survive).on('uncaughtException', survive);
}

async function reportCompiled(bytes: Uint8Array<ArrayBuffer>): Promise<object> {
  const startedAt = performance.now();
  await WebAssembly.compile(bytes);
  const milliseconds = performance.now() - startedAt;
  return { bytes: bytes.length, answers: [WebAssembly.validate(bytes) ? 'valid' : 'not valid'], milliseconds };
}

/** The different answers of a program, and its time. */
async function timed({ run }: Program, through: (run: Program['run']) => ReturnType<Program['run']>) {
  const answers: string[] = [];
  const times: number[] = [];
  for (let each = 0; each < RUNS; each++) {
    const startedAt = performance.now();
    answers.push(await through(run));
    times.push(performance.now() - startedAt);
  }
  return { answers: [...new Set(answers)], milliseconds: Math.min(...times.slice(RUNS / 2)) };
}

async function end({ endless }: Program, meter: Meter, budget: Budget): Promise<Ending> {
  const startedAt = performance.now();
  const ended = (kind: string): Ending => ({
    kind,
    milliseconds: performance.now() - startedAt,
    fuel: meter.fuelConsumed,
  });
  try {
    meter.refuel(budget);
    await meter.runAsync(async () => endless());
  } catch (error) {
    return ended(error instanceof MeteringError ? error.failure.kind : String(error));
  }
  return ended('returned');
}

/**
 * Compares the limits that the table lifts with the limits that refuse the modules.
 *
 * @returns `undefined` if they are the same.
 */
function refusal(modules: readonly Uint8Array[], { limits = {} }: MeteringOptions): string | undefined {
  const found = [...new Set(modules.flatMap((bytes) => exceededLimits(bytes)))].sort();
  const lifted = Object.keys(limits).sort();
  return found.join() === lifted.join() ? undefined : `the limits that refuse it are ${found.join(', ')}`;
}

try {
  console.log(`report: ${JSON.stringify(await report())}`);
  // Glue code may keep timers, or threads that wait for work.
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
