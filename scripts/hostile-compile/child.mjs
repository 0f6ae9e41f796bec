// Measures what one module does to the process that compiles and runs it. Started by run-child.ts,
// in a process of its own, on any runtime:
//   child.mjs '{"entries": {...}, "module": ..., "admitted": ..., "next": ..., "compile": {...},
//     "phases": [...], "idleMs": ...}'
// Prints a line of JSON when a phase begins and one when it ends, so that the parent knows the
// phase in which the process died.
// Plain JavaScript, so that each runtime starts at once.
import { readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import process from 'node:process';

const job = JSON.parse(process.argv[2]);
const load = (entry) => import(job.entries[entry]);

/** Writes a line at once: what an aborted process has not written is lost. */
function tell(line) {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

/** Processor time of this process, in milliseconds. */
const processMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Processor time of the thread that runs JavaScript, in milliseconds; `undefined` where the system
 * does not tell.
 */
function threadMs() {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return undefined;
  }
}

const kilobytes = (field) =>
  Number(new RegExp(`${field}:\\s*(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

/**
 * The most memory that the process has had since `forgetPeak`, in MB; where the system cannot
 * forget, since its beginning.
 */
function peakMb() {
  try {
    return kilobytes('VmHWM') / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

function forgetPeak() {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Only Linux can. Elsewhere the report has the peak since the beginning.
  }
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Address space, in GB; 0 where the system does not tell. */
function spaceGb() {
  try {
    return kilobytes('VmSize') / 1024 ** 2;
  } catch {
    return 0;
  }
}

let baselineMb = 0;
let baselineGb = 0;
const total = { process: 0, thread: 0 };

/** Runs a phase and prints what it took. */
async function phase(name, work) {
  tell({ begins: name });
  const before = { wall: performance.now(), process: processMs(), thread: threadMs() };
  let end;
  try {
    end = (await work()) ?? 'done';
  } catch (error) {
    const { kind, limit } = error?.failure ?? {};
    end = { thrown: String(error).slice(0, 300), name: error?.name, kind, limit };
  }
  const after = { wall: performance.now(), process: processMs(), thread: threadMs() };
  const took = {
    wallMs: after.wall - before.wall,
    cpuMs: after.process - before.process,
    threadMs: before.thread === undefined ? undefined : after.thread - before.thread,
  };
  total.process += took.cpuMs;
  total.thread += took.threadMs ?? Math.min(took.wallMs, took.cpuMs);
  tell({ ends: name, ...took, peakMb: peakMb() - baselineMb, spaceGb: spaceGb() - baselineGb, end });
  return end;
}

const failed = (end) => typeof end === 'object' && end !== null && 'thrown' in end;

const { buildPlugin, compilePlugin } = await load('./plugin');
const { admit } = await load('./admit');
const { dispatchWireCall } = await load('./dispatch');
const { wire } = await load('./wire');

const wasm = new Uint8Array(readFileSync(job.module));
const admitted = new Uint8Array(readFileSync(job.admitted));
const next = new Uint8Array(readFileSync(job.next));
const wants = (name) => job.phases.includes(name);
/** For the plugin that is to be admitted whatever else the machine does. */
const patience = { wallMs: 20_000 };
const telemetry = { log: () => undefined, counter: () => undefined };

// The first plugins of a process are compiled by a library that is itself not compiled yet.
for (let turn = 0; turn < job.warmUp; turn++) {
  try {
    buildPlugin(compilePlugin(next)).dispose();
    admit(next);
  } catch (error) {
    tell({ broken: `the plugin to warm up with: ${error}` });
  }
}

/** A call under budgets, and how it ended. */
function call(plugin, name) {
  try {
    plugin.call(name);
    return { ended: 'returned', fuel: plugin.fuelConsumed };
  } catch (error) {
    if (error?.name !== 'PluginCallError') throw error;
    return { ended: error.failure.kind, fuel: plugin.fuelConsumed };
  }
}

/**
 * Whether a thread beside this one would run if the machine let it; false where the system does not
 * tell.
 */
function othersRun() {
  try {
    const states = readdirSync('/proc/self/task').map((id) => {
      const text = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
      return text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3);
    });
    return states.filter((state) => state === 'R').length > 1;
  } catch {
    // A thread may have ended meanwhile.
    return false;
  }
}

/** Waits until the engine's own threads have nothing to do, or for as long as allowed. */
async function idle() {
  const until = performance.now() + job.idleMs;
  let quiet = 0;
  while (performance.now() < until && quiet < 3) {
    const before = processMs();
    await sleep(200);
    quiet = processMs() - before < 20 && !othersRun() ? quiet + 1 : 0;
  }
  return quiet < 3 ? { ended: 'busy' } : { ended: 'quiet' };
}

async function run() {
  globalThis.gc?.();
  forgetPeak();
  baselineMb = peakMb();
  baselineGb = spaceGb();
  if (wants('compile') && !(await compileAndCall())) return;
  if (wants('admit')) {
    await sleep(50);
    forgetPeak();
    baselineMb = peakMb();
    await phase('admit', () => {
      const { layers, admitted: isAdmitted } = admit(admitted, job.admit);
      const error = layers.find(({ status }) => status === 'failed')?.error;
      return { ended: isAdmitted ? 'admitted' : String(error?.kind), message: error?.message?.slice(0, 300) };
    });
  }
  if (wants('next')) {
    await phase('next', () => {
      const report = admit(next, { handshake: patience, selfCheck: patience });
      if (!report.admitted) throw new Error(`the next plugin is not admitted: ${JSON.stringify(report.layers)}`);
    });
  }
}

/** The plugin lives on while others are admitted. */
let plugin;

/** Builds the plugin once more with other budgets; `undefined` when there is no memory for it. */
function another(compiled, options) {
  try {
    return buildPlugin(compiled, { ...options, telemetry, logLevel: 'info' });
  } catch (error) {
    if (error?.name !== 'BuildPluginError') throw error;
    return undefined;
  }
}

/** Goes through the life of a plugin; says whether the engine takes the original at all. */
async function compileAndCall() {
  let compiled;
  const compiling = await phase('compile', () => {
    compiled = compilePlugin(wasm, job.compile);
  });
  if (failed(compiling)) {
    // Only of a module that the engine takes the refusal is the project's.
    const valid = compiling.kind !== 'InvalidModule' || WebAssembly.validate(wasm);
    tell({ valid });
    return valid;
  }
  tell({ valid: true });
  await linkAndCall(compiled);
  return true;
}

async function linkAndCall(compiled) {
  const linking = await phase('link', () => {
    plugin = buildPlugin(compiled, { wallMs: 50, telemetry, logLevel: 'info' });
  });
  if (failed(linking)) return;
  if (wants('calls')) {
    let ended;
    for (const name of ['first', 'second', 'third']) ended = (await phase(name, () => call(plugin, 'run'))).ended;
    // The default deadline shows what takes longer than the short one.
    if (ended === 'Timeout') {
      const patient = another(compiled, {});
      if (patient !== undefined) await phase('patient', () => call(patient, 'run'));
      patient?.dispose();
    }
  }
  if (wants('hot')) {
    for (let turn = 1; turn <= 4; turn++) {
      await phase(`hot-${turn}`, () => call(plugin, 'hot'));
      await sleep(100);
    }
    // Long enough for the last optimiser of an engine to begin, on a busy machine too.
    const long = another(compiled, { wallMs: 400 });
    if (long !== undefined) await phase('long', () => call(long, 'hot'));
    await phase('idle', idle);
    long?.dispose();
    await phase('hot-5', () => call(plugin, 'hot'));
  }
  if (wants('fuel')) {
    const small = another(compiled, { wallMs: Number.POSITIVE_INFINITY, fuel: 100_000 });
    if (small !== undefined) {
      call(small, 'run');
      await phase('fuel', () => call(small, 'run'));
      small.dispose();
    }
  }
  if (wants('dispatch') && plugin.functionExists('build_signer')) await answerAndDispatch(compiled);
}

/**
 * Calls the export that gives an answer alone, and then by a dispatch, which reads the answer too.
 */
async function answerAndDispatch(compiled) {
  const patient = another(compiled, {});
  if (patient === undefined) return;
  const answering = await phase('answer', () => call(patient, 'build_signer'));
  if (!failed(answering)) {
    await phase('dispatch', () => {
      const fn = wire.v1.buildSigner;
      const metadata = { negotiated_functions: { build_signer: 1 } };
      const { kind, error } = dispatchWireCall(fn, patient, metadata, fn.dryRunRequest());
      return { ended: kind, message: error?.message?.slice(0, 200) };
    });
  }
  patient.dispose();
}

await run();
plugin?.dispose();
tell({ total });
process.exit(0);
