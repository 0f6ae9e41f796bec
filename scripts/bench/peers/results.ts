import type { BundleSize } from './bundles.ts';
import type { Result } from './workloads.ts';

/** A target, and what was measured. */
export interface FoundTarget {
  readonly what: string;
  /** The limit, to print. */
  readonly target: string;
  readonly value: number;
  /** The value, to print. */
  readonly shown: string;
  readonly met: boolean;
}

/** What plugins of one host take that are loaded at the same time. */
export interface ManyPlugins {
  readonly host: string;
  readonly results: readonly {
    readonly count: number;
    readonly bytesEach: number;
    readonly microsecondsEach: number;
  }[];
}

/** How long a host takes to start. */
export interface StartUp {
  readonly host: string;
  /** Milliseconds of the import. */
  readonly importMs: number;
  /** Milliseconds from the import to the first dispatch. */
  readonly ms: number;
}

/** What was measured on one runtime. */
export interface MeasuredRuntime {
  /** Its name among `runtimeNames`. */
  readonly name: string;
  /** Its name and version. */
  readonly runtime: string;
  /** Titles of the hosts, by their names. */
  readonly titles: Readonly<Record<string, string>>;
  readonly results: readonly Result[];
  readonly many: readonly ManyPlugins[];
  readonly startUp: readonly StartUp[];
  readonly targets: readonly FoundTarget[];
}

/**
 * Everything that a run of `npm run bench` has measured; scripts/bench/results/latest.json holds
 * one.
 */
export interface BenchRun {
  readonly machine: string;
  /** The peers, by name and version. */
  readonly versions: readonly string[];
  readonly rounds: number;
  readonly budgetMs: number;
  /** Titles of the hosts, by their names. */
  readonly titles: Readonly<Record<string, string>>;
  readonly runtimes: readonly MeasuredRuntime[];
  readonly reference: readonly Result[];
  readonly bundles: readonly BundleSize[];
  readonly sizes: readonly FoundTarget[];
}
