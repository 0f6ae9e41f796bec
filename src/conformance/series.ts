import type { VerifyReport } from './report.ts';

/** The version of {@link SeriesReport}. It rises if a field changes its meaning or is removed. */
export const SERIES_VERSION = 1;

/** A file of a series, and what its verification found. */
export interface VerifiedFile {
  /** How the file is named. */
  readonly file: string;
  readonly report: VerifyReport;
}

/** A file or folder of a series of which there is no report. */
export interface UnverifiedFile {
  readonly file: string;
  /** Why: it cannot be read, for example. */
  readonly error: { readonly kind: string; readonly message: string };
}

/** One entry of a series. */
export type SeriesEntry = VerifiedFile | UnverifiedFile;

/** How many entries of a series ended in each way. */
export interface SeriesCounts {
  /** The plugins that conform, also those with warnings. */
  readonly conforming: number;
  readonly nonconforming: number;
  /** The files and folders of which there is no report. */
  readonly unverified: number;
}

/** The verifications of several plugins, in plain JSON values. */
export interface SeriesReport {
  readonly version: typeof SERIES_VERSION;
  /** `fail` if one plugin does not conform or has no report, else `warn` if one warned. */
  readonly verdict: VerifyReport['verdict'];
  readonly counts: SeriesCounts;
  /** Milliseconds of all verifications. */
  readonly durationMs: number;
  /** In the order in which they were verified. */
  readonly files: readonly SeriesEntry[];
}

/**
 * Makes the report of a series.
 *
 * @param files in the order in which they were verified.
 */
export function reportSeries(files: readonly SeriesEntry[]): SeriesReport {
  const reports = files.flatMap((entry) => ('report' in entry ? [entry.report] : []));
  const nonconforming = reports.filter(({ verdict }) => verdict === 'fail').length;
  const unverified = files.length - reports.length;
  const warned = reports.some(({ verdict }) => verdict === 'warn');
  return {
    version: SERIES_VERSION,
    verdict: nonconforming + unverified > 0 ? 'fail' : warned ? 'warn' : 'pass',
    counts: { conforming: reports.length - nonconforming, nonconforming, unverified },
    durationMs: reports.reduce((sum, { durationMs }) => sum + durationMs, 0),
    files,
  };
}

/** Counts the plugins of a series: `12 plugins: 10 conform, 2 do not`. */
export function seriesText({ conforming, nonconforming, unverified }: SeriesCounts): string {
  const plugins = conforming + nonconforming;
  const one = plugins === 1;
  const words = [
    ...(conforming > 0 ? [`${conforming} ${conforming === 1 ? 'conforms' : 'conform'}`] : []),
    ...(nonconforming > 0 ? [`${nonconforming} ${nonconforming === 1 ? 'does' : 'do'} not`] : []),
  ];
  const verified = `${plugins} ${one ? 'plugin' : 'plugins'}${words.length === 0 ? '' : `: ${words.join(', ')}`}`;
  return unverified === 0 ? verified : `${verified}; ${unverified} could not be verified`;
}
