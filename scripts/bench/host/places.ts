/** A place where plugins run. */
export type Place = 'direct' | 'worker' | 'process';

/** What is measured, in the order of the columns. */
export const places: readonly Place[] = ['direct', 'worker', 'process'];

/** The sizes of requests, in bytes. */
export const sizes: readonly (readonly [title: string, bytes: number])[] = [
  ['300 B', 300],
  ['3 KB', 3_000],
  ['64 KB', 64_000],
  ['1 MB', 1_000_000],
];

/** What is measured on a runtime. */
export interface PlacesTask {
  /** The URLs of the entries `./host` and `./wire` of the package that is measured. */
  readonly host: string;
  readonly wire: string;
  /** How often each place is measured for each size, and for how long each time. */
  readonly rounds: number;
  readonly turnMs: number;
}

/** The median of a call, in microseconds, by size and place. */
export interface PlacesReport {
  readonly medians: Readonly<Record<string, Readonly<Record<Place, number>>>>;
}

/** A run of `npm run bench -- --only places`. */
export interface PlacesRun {
  readonly machine: string;
  readonly rounds: number;
  readonly turnMs: number;
  readonly runtimes: readonly (PlacesReport & { readonly runtime: string })[];
}
