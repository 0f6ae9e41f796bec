import type { ChildReport, PhaseReport } from './run-child.ts';

/** What an accepted module may take at most, in milliseconds and MB. */
export const aims = {
  /** Processor time of compiling and linking; of refusing too. */
  compileMs: 500,
  admitMs: 1_000,
  /** The deadline of calls. */
  wallMs: 50,
  /** How long after its deadline a call may end. */
  lateMs: 100,
  /** The same where the call enters code for the first time, which the engine then compiles. */
  lateFirstMs: 400,
  /** A call of a budget of 100,000 fuel without a deadline. */
  fuelMs: 400,
  /** Reading an answer of 2 MiB at most. */
  readMs: 400,
  peakMb: 256,
  /** Address space: engines reserve 4 to 10 GB for a memory, and a process has 128 TB. */
  spaceGb: 256,
  /** The deadline of the call that is long enough for optimisers. */
  longMs: 400,
  /** The deadline of a call under default budgets. */
  patientMs: 5_000,
  /**
   * What engines take to compile a byte of code when it is first called, in milliseconds, at most.
   */
  firstMsPerByte: 0.002,
  /** Processor time of the engine's own threads for each MB of code. */
  threadsMsPerMb: 2_000,
  /**
   * What these threads may take however short the code is: they collect garbage, and compile the
   * host's own code.
   */
  threadsMsAtLeast: 1_000,
} as const;

/** An aim that was missed. */
export interface Miss {
  /** What was missed, in a word or two: `compile`, `died`, `peak`. */
  readonly aim: string;
  readonly measured: number;
  readonly allowed: number;
  readonly what: string;
}

const thrownIn = ({ end }: PhaseReport) => (typeof end === 'object' && 'thrown' in end ? end : undefined);

const endedIn = ({ end }: PhaseReport) => (typeof end === 'object' && 'ended' in end ? end.ended : undefined);

/**
 * What a phase took: other processes make the clock run on, and engines' threads the processor
 * time.
 */
const took = ({ cpuMs, wallMs }: PhaseReport): number => Math.min(cpuMs, wallMs);

/** Refusals that say what the host can do: a limit of its own, a feature, its memory. */
const refusals: readonly string[] = ['LimitExceeded', 'FeatureRefused', 'OutOfMemory', 'InstantiationFailed'];

/** How a module was refused. */
export interface Refusal {
  readonly kind: string;
  /** The limit that it exceeds, where the project names limits. */
  readonly limit: string | undefined;
  readonly message: string;
}

/**
 * How a module was refused; `undefined` for one that was accepted, and for one whose refusal is
 * itself a fault.
 */
export function refusalOf({ phases }: ChildReport): Refusal | undefined {
  for (const phase of phases) {
    const thrown = phase.name === 'compile' || phase.name === 'link' ? thrownIn(phase) : undefined;
    if (thrown?.kind !== undefined && thrown.name === 'BuildPluginError' && refusals.includes(thrown.kind))
      return { kind: thrown.kind, limit: thrown.limit, message: thrown.thrown };
  }
  return undefined;
}

/**
 * The aims that a run missed.
 *
 * @param bytes of the module: about as many as of its code that ran.
 * @param slack what all aims are multiplied with.
 */
export function missesOf(report: ChildReport, bytes: number, slack: number): readonly Miss[] {
  // An engine that does not take the original refuses it in the project's name.
  if (report.valid === false) return [];
  const misses: Miss[] = [];
  const miss = (aim: string, measured: number, allowed: number, what: string): void => {
    if (measured > allowed * slack) misses.push({ aim, measured: Math.round(measured), allowed, what });
  };
  const broken = (aim: string, what: string): void => void misses.push({ aim, measured: 1, allowed: 0, what });
  if (report.died !== undefined) broken('died', `the process died in ${report.died.phase}: ${report.died.how}`);
  const phase = (name: string): PhaseReport | undefined => report.phases.find((each) => each.name === name);
  const [compile, link] = [phase('compile'), phase('link')];
  for (const each of report.phases) {
    const thrown = thrownIn(each);
    if (thrown === undefined) continue;
    const refused = (each === compile || each === link) && refusals.includes(thrown.kind ?? '');
    if (!refused) broken('error', `${each.name} threw ${thrown.name} ${thrown.kind ?? ''}: ${thrown.thrown}`);
  }
  if (compile !== undefined) {
    miss('compile', took(compile) + (link === undefined ? 0 : took(link)), aims.compileMs, 'compile and link, ms');
  }
  const admit = phase('admit');
  if (admit !== undefined) miss('admit', took(admit), aims.admitMs, 'admit, ms');
  missesOfCalls(report.phases, bytes, miss);
  const [answer, dispatch] = [phase('answer'), phase('dispatch')];
  if (answer !== undefined && dispatch !== undefined)
    miss('answer', took(dispatch) - took(answer), aims.readMs, 'reading the answer, ms');
  const own = report.phases.filter(({ name }) => name !== 'admit' && name !== 'next');
  miss('peak', Math.max(0, ...own.map(({ peakMb }) => peakMb)), aims.peakMb, 'memory, MB');
  miss('space', Math.max(0, ...own.map(({ spaceGb }) => spaceGb)), aims.spaceGb, 'address space, GB');
  const threadsMs = own.reduce((sum, { cpuMs, threadMs }) => sum + cpuMs - (threadMs ?? cpuMs), 0);
  const allowedMs = Math.max(aims.threadsMsAtLeast, (aims.threadsMsPerMb * bytes) / 1e6);
  miss('threads', threadsMs, allowedMs, "the engine's own threads, ms");
  return misses;
}

/**
 * Until a call has returned there may be code that none has entered; after the first, that is
 * bounded by the module's bytes.
 */
function missesOfCalls(
  phases: readonly PhaseReport[],
  bytes: number,
  miss: (aim: string, measured: number, allowed: number, what: string) => void,
): void {
  let late: number = aims.lateFirstMs;
  for (const phase of phases) {
    const { name } = phase;
    const first = late > aims.lateMs;
    if (['first', 'second', 'third'].includes(name) || name.startsWith('hot-')) {
      miss(first ? 'first call' : 'call', took(phase), aims.wallMs + late, `the call ${name}, ms`);
    }
    if (name === 'long') miss('long call', took(phase), aims.longMs + late, 'a call of 400 ms, ms');
    if (name === 'patient') miss('patient call', took(phase), aims.patientMs + late, 'a call of 5 s, ms');
    if (name === 'fuel') miss('fuel', took(phase), first ? late : aims.fuelMs, '100,000 fuel, ms');
    if (name === 'first') late = Math.max(aims.lateMs, Math.min(late, bytes * aims.firstMsPerByte));
    if (endedIn(phase) === 'returned') late = aims.lateMs;
  }
}
