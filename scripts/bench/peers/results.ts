import type { CodecReport } from '../codec/codec.ts';
import type { Metering } from '../metering/measure-metering.ts';
import type { Result } from './workloads.ts';

/** An aim, and what was measured. */
export interface FoundTarget {
  readonly what: string;
  /** The command that measures it. */
  readonly where: string;
  /** The limit, to print; undefined where there is none. */
  readonly target?: string;
  readonly value: number;
  /** The value, to print. */
  readonly shown: string;
  /** The value of the revision that was compared, to print. */
  readonly before?: string;
  readonly met: boolean;
}

/** What plugins of one host take that are loaded at the same time. */
export interface ManyPlugins {
  readonly host: string;
  readonly results: readonly PluginsAtOnce[];
}

/** What each of a number of plugins takes. */
export interface PluginsAtOnce {
  readonly count: number;
  readonly bytesEach: number;
  /** Microseconds of loading one and calling it. */
  readonly microsecondsEach: number;
  /** Microseconds of admitting another one, beside them. */
  readonly admission?: number | undefined;
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
  readonly metering?: Metering | undefined;
  readonly codec?: CodecReport | undefined;
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
  /** The revision that was measured before. */
  readonly against?: string | undefined;
  readonly rounds: number;
  readonly budgetMs: number;
  /** Titles of the hosts, by their names. */
  readonly titles: Readonly<Record<string, string>>;
  readonly runtimes: readonly MeasuredRuntime[];
  readonly reference: readonly Result[];
}
