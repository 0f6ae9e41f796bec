// Runs interpreters and databases from npm (test/modules) plain and metered, on every runtime of
// this machine, and compares:
//   npm run test:modules
//   npm run test:modules -- --runtime node,bun --module sqlite,php --timeout 120
// --runtime: some of node20, node, deno, bun; --module: some of the names in
// test/modules/modules.ts; --timeout: a process is ended when it prints nothing for this many
// seconds, 120 by default. A runtime on which a module does not run plain is left out, and the
// reason printed. A module that runs nowhere fails. The last line is `N passed, N failed`. The exit
// code is 1 if something failed or nothing ran.
import { parseArgs } from 'node:util';
import { compiled, interpreters } from '../test/modules/modules.ts';
import { chosen } from './bench/start-on-runtime.ts';
import { reportOfChild } from './child-report.ts';
import { findRuntime, type Runtime, runtimeNames } from './runtimes.mjs';
import { setUp } from './setup.mjs';

const moduleNames = [...Object.keys(interpreters), ...Object.keys(compiled)];
const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', default: runtimeNames.join() },
    module: { type: 'string', default: moduleNames.join() },
    timeout: { type: 'string', default: '120' },
  },
});

/** Modules that are only compiled are left out here: the engine is that of the newest Node. */
const RUNS_ONLY = 'deno';

/**
 * Where the lifted limits are compared with those that refuse the module: where its newest build
 * runs, since PHP has two builds.
 */
const CHECKS_LIMITS = 'node';

/**
 * How long an endless program may run on after its deadline: less is usual, but the machine may be
 * busy.
 */
const OVERRUN_MS = 1000;

/** The columns of the table, and their widths. */
const columns = {
  module: 20,
  runtime: 14,
  answers: 8,
  byFuel: 22,
  byTime: 22,
  plain: 10,
  metered: 10,
  ratio: 7,
  size: 0,
};
type Cells = Readonly<Partial<Record<keyof typeof columns, string>>>;

const titles: Cells = {
  module: 'module',
  runtime: 'runtime',
  answers: 'answers',
  byFuel: 'endless, by fuel',
  byTime: 'endless, by time',
  plain: 'plain',
  metered: 'metered',
  ratio: 'ratio',
  size: 'rewritten',
};

// The cast: an object literal has the keys of its type.
const columnNames = Object.keys(columns) as (keyof typeof columns)[];
const line = (cells: Cells): string =>
  columnNames
    .map((name) => (cells[name] ?? '').padEnd(columns[name]))
    .join('')
    .trimEnd();
const ms = (milliseconds: number): string => `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const totals = { passed: 0, failed: 0 };
const skipped: string[] = [];
const faults: string[] = [];

/** How an endless program ended, and the fuel that it had used. */
interface Ending {
  readonly kind: string;
  readonly milliseconds: number;
  readonly fuel: number;
}

/** What test/modules/run-module.ts reports of a plain run. */
interface PlainReport {
  readonly answers: readonly string[];
  readonly milliseconds: number;
  readonly bytes: number;
}

/** What it reports of a metered run. `fuel` and `ending` belong to an endless program. */
interface MeteredReport extends PlainReport {
  readonly metering: number;
  readonly modules?: number;
  readonly refusal?: string;
  readonly fuel: number;
  readonly ending: Ending;
}

/** What it reports of an endless program that had a deadline. */
interface DeadlineReport {
  readonly wallMs: number;
  readonly ending: Ending;
}

/** A report, or why there is none. */
interface Ran<Report> {
  readonly report?: Report;
  readonly crash?: string;
  readonly output?: string;
}

/** Runs one module in a process of its own. */
async function runModule<Report>(runtime: Runtime, ...parameters: readonly string[]): Promise<Ran<Report>> {
  const silenceMs = Number(options.timeout) * 1000;
  const child = await reportOfChild(runtime, 'test/modules/run-module.ts', parameters, silenceMs);
  const { code, ending, silent, output, reportText } = child;
  if (silent) return { crash: `printed nothing for ${options.timeout} s; --timeout sets the limit` };
  // The cast: the parameters decide which report the script prints.
  if (code === 0 && reportText !== undefined) return { report: JSON.parse(reportText) as Report };
  return { crash: `${ending}: ${errorIn(output)}`, output };
}

/** The line of an output that names an error, else its last lines. */
function errorIn(output: string): string {
  const lines = output.split('\n').map((text) => text.trim());
  const named = lines.find((text) => /^(Uncaught )?(error|\w*Error)\b/.test(text));
  return (
    named ??
    lines
      .filter((text) => text !== '')
      .slice(-3)
      .join(' | ')
  );
}

/** What is wrong with the ending of an endless program that had this much fuel. */
function faultOfFuel({ fuel, ending }: MeteredReport): string | undefined {
  if (ending.kind !== 'OutOfFuel') return `the endless program ended with ${ending.kind}, not OutOfFuel`;
  return ending.fuel === fuel ? undefined : `${ending.fuel} fuel was used, not ${fuel}`;
}

/** What is wrong with the ending of an endless program that had this much time. */
function faultOfTime({ wallMs, ending }: DeadlineReport): string | undefined {
  if (ending.kind !== 'Timeout') return `the endless program ended with ${ending.kind}, not Timeout`;
  const over = ending.milliseconds - wallMs;
  return over < 0 || over > OVERRUN_MS ? `it ended ${ms(over)} after its time was up` : undefined;
}

/** What is wrong with a metered run. */
function faultOf(plain: PlainReport, metered: MeteredReport, deadline: DeadlineReport | undefined): string | undefined {
  if (plain.answers.length !== 1) return `plain answers differ from each other: ${plain.answers.join(' | ')}`;
  if (metered.answers.join() !== plain.answers.join()) {
    return `metered: ${metered.answers.join(' | ')}\n    plain: ${plain.answers.join(' | ')}`;
  }
  if (metered.refusal !== undefined) return `test/modules/modules.ts has other limits: ${metered.refusal}`;
  if (deadline === undefined) return plain.answers[0] === 'valid' ? undefined : 'the module itself is not valid';
  return faultOfFuel(metered) ?? faultOfTime(deadline);
}

/** Prints one row: a module on a runtime. Returns whether the module ran. */
async function row(name: string, runtime: Runtime, checkNeeds: boolean): Promise<boolean> {
  const { title } = moduleOf(name);
  const where = `${title} on ${runtime.title}`;
  const plain = await runModule<PlainReport>(runtime, name, 'plain');
  if (plain.report === undefined) {
    skipped.push(`skipped: ${where}: it does not run plain: ${plain.crash}`);
    console.log(line({ module: title, runtime: runtime.title, answers: 'skipped' }));
    return false;
  }
  const metered = await runModule<MeteredReport>(runtime, name, 'metered', ...(checkNeeds ? ['needs'] : []));
  const deadline = name in interpreters ? await runModule<DeadlineReport>(runtime, name, 'deadline') : {};
  const crashed = [metered, deadline].find(({ crash }) => crash !== undefined);
  const fault = crashed?.crash ?? (metered.report && faultOf(plain.report, metered.report, deadline.report));
  totals[fault === undefined ? 'passed' : 'failed']++;
  if (fault !== undefined) faults.push(`${where}: ${fault}${crashed?.output ? `\n${tail(crashed.output)}` : ''}`);
  const { report } = metered;
  console.log(line(cells(title, runtime.title, plain.report, report, deadline.report, fault)));
  return true;
}

const tail = (output: string): string => output.trimEnd().split('\n').slice(-20).join('\n');

function cells(
  title: string,
  runtime: string,
  plain: PlainReport,
  metered: MeteredReport | undefined,
  deadline: DeadlineReport | undefined,
  fault: string | undefined,
): Cells {
  const answers = deadline === undefined ? 'valid' : 'equal';
  const shown = { module: title, runtime, answers: fault === undefined ? answers : 'FAILED' };
  if (metered === undefined) return shown;
  const ended = (report: { readonly ending: Ending } | undefined): string =>
    report === undefined ? '–' : `${report.ending.kind}, ${ms(report.ending.milliseconds)}`;
  const { bytes, metering, modules = 1 } = metered;
  return {
    ...shown,
    byFuel: ended(deadline && metered),
    byTime: ended(deadline),
    plain: ms(plain.milliseconds),
    metered: ms(metered.milliseconds),
    ratio: (metered.milliseconds / plain.milliseconds).toFixed(2),
    size: `${modules > 1 ? `${modules} modules, ` : ''}${mb(deadline ? bytes : plain.bytes)} in ${ms(metering)}`,
  };
}

/** The limits that the table lifts for a module, in words. */
function liftedText({ options: { limits = {} }, hostExceptions }: ReturnType<typeof moduleOf>): string {
  const names = Object.keys(limits);
  const text = names.length === 0 ? 'default limits' : `without ${names.join(', ')}`;
  return hostExceptions === undefined ? text : `${text}; hostExceptions ${hostExceptions}`;
}

/** The row of the table of modules that has a name. */
function moduleOf(name: string) {
  const module = interpreters[name] ?? compiled[name];
  if (module === undefined) throw new Error(`no module is named ${name}`);
  return module;
}

const runtimes = chosen('runtime', options.runtime, runtimeNames).flatMap((name) => {
  const found = findRuntime(name);
  if (found === undefined) skipped.push(`skipped: ${name}: none on this machine that starts`);
  return found === undefined ? [] : { name, ...found };
});
const names = chosen('module', options.module, moduleNames);
setUp({ runtimes: true, modules: true });
const startedAt = performance.now();
console.log(line(titles));
for (const name of names) {
  let ran = 0;
  for (const runtime of runtimes) {
    if (name in compiled && runtime.name === RUNS_ONLY) continue;
    if (await row(name, runtime, runtime.name === CHECKS_LIMITS)) ran++;
  }
  if (ran > 0) continue;
  totals.failed++;
  faults.push(`${name}: ran on no runtime`);
}
console.log('\nLimits that are lifted, all of which refuse the module:');
for (const name of names) {
  const module = moduleOf(name);
  console.log(`  ${module.title}: ${liftedText(module)}`);
}
console.log(`\nModules that are only compiled are left out on ${RUNS_ONLY}: its engine is that of node.`);
for (const reason of skipped) console.log(reason);
for (const fault of faults) console.log(`\nFAIL  ${fault}`);
if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1;
console.log(`\nin ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
