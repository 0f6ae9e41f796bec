import { type Miss, missesOf, type Refusal, refusalOf } from './aims.ts';
import { buildModule, type Recipe } from './build-module.ts';
import { smaller } from './draw.ts';
import { kindNamed } from './kinds/index.ts';
import type { Project } from './project.ts';
import { type ChildReport, type Runtime, runChild } from './run-child.ts';

/** Where and how modules are tried. */
export interface Trial {
  readonly project: Project;
  readonly runtime: Runtime;
  /** What all aims are multiplied with. */
  readonly slack: number;
  /** How long the engine's threads may go on before that is given up, in milliseconds. */
  readonly idleMs: number;
  readonly timeoutMs: number;
}

/** What became of a module. */
export interface Outcome {
  readonly recipe: Recipe;
  readonly bytes: number;
  readonly kind: 'accepted' | 'refused' | 'unsupported';
  /** The refusal of a refused one. */
  readonly refusal: string | undefined;
  readonly misses: readonly Miss[];
  readonly report: ChildReport;
}

const ALL_PHASES = ['compile', 'calls', 'hot', 'fuel', 'dispatch', 'admit', 'next'];

/**
 * What happens to a module that is refused: it is refused in an admission too, and the next plugin
 * is admitted.
 */
const PROBE_PHASES = ['compile', 'admit', 'next'];

/** What aims are multiplied with besides where the library is not compiled itself yet. */
const COLD_SLACK = 3;

/** How often a module that was refused for a limit is made smaller. */
const SMALLER_TIMES = 12;

/** Runs a module once. */
export async function tryOnce(recipe: Recipe, trial: Trial, phases: readonly string[] = ALL_PHASES): Promise<Outcome> {
  const { project, runtime, slack, idleMs, timeoutMs } = trial;
  const wasm = buildModule(recipe, 'hostile-a', project.limits);
  const admitted = buildModule(recipe, 'hostile-b', project.limits);
  const warm = phases === ALL_PHASES;
  const needsDeadline = recipe.parts.some(({ kind }) => kindNamed(kind).needsDeadline === true);
  const run = needsDeadline ? phases.filter((phase) => phase !== 'fuel') : phases;
  const job = { project, wasm, admitted, compile: {}, admit: {}, phases: run, warm, idleMs, timeoutMs };
  const report = await runChild(runtime, job);
  const refusal = refusalOf(report);
  const kind = report.valid === false ? 'unsupported' : refusal === undefined ? 'accepted' : 'refused';
  const misses = missesOf(report, wasm.length, warm ? slack : slack * COLD_SLACK);
  return {
    recipe,
    bytes: wasm.length,
    kind,
    refusal: refusal === undefined ? undefined : reasonOf(refusal),
    misses,
    report,
  };
}

/**
 * What refused a module: the name of a limit, or the refusal without what differs from one to the
 * next of the same limit.
 */
function reasonOf({ kind, limit, message }: Refusal): string {
  if (kind !== 'LimitExceeded') return kind;
  return (
    limit ??
    message
      .replace(/^\w+: |\(at byte.*/g, '')
      .replace(/\d[\d,]*/g, 'N')
      .trim()
  );
}

/** What was tried for one recipe: the refused ones, and the one that was accepted, if any. */
export interface Fitted {
  readonly refused: readonly Outcome[];
  readonly last: Outcome;
}

/**
 * Runs a module, and smaller ones of the same kinds until one is accepted: so modules come to stand
 * at the limits.
 */
export async function tryFitted(recipe: Recipe, trial: Trial): Promise<Fitted> {
  const refused: Outcome[] = [];
  for (let tried = recipe; ; ) {
    const probe = await tryOnce(tried, trial, PROBE_PHASES);
    if (probe.misses.length > 0 || probe.kind === 'unsupported') return { refused, last: probe };
    if (probe.kind === 'accepted') return { refused, last: await tryOnce(tried, trial) };
    if (refused.length === SMALLER_TIMES) return { refused, last: probe };
    refused.push(probe);
    tried = smaller(tried, probe.refusal);
  }
}

/** How often a finding is run again. */
const CONFIRMATIONS = 2;

/** What misses an aim by so much is run again once. */
const CLEARLY = 3;

/**
 * Runs a module that missed aims again; gives what it missed each time, with the least that was
 * measured.
 */
export async function confirm(found: Outcome, trial: Trial): Promise<Outcome> {
  let { misses } = found;
  for (let turn = 0; turn < CONFIRMATIONS && misses.length > 0; turn++) {
    const again = await tryOnce(found.recipe, trial);
    misses = misses.flatMap((miss) => {
      const same = again.misses.find(({ aim }) => aim === miss.aim);
      return same === undefined ? [] : [same.measured < miss.measured ? same : miss];
    });
    if (misses.every(({ measured, allowed }) => measured > CLEARLY * allowed)) break;
  }
  return { ...found, misses };
}
