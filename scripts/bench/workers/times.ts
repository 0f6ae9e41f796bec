/** Bytes of a request and its answer together. */
export const SIZES: readonly number[] = [300, 3_000, 64_000, 1_000_000];

/** Medians of one size, in microseconds. */
export interface WorkerTimes {
  readonly bytes: number;
  /** A call on the thread of the host. */
  readonly direct: number;
  /** The same call in a worker. */
  readonly worker: number;
  /** The difference of two neighbouring calls. */
  readonly beyond: number;
}
