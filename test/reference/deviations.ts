/** A case that the published host answers in another way. */
interface Difference {
  readonly of: unknown;
  readonly there: unknown;
  readonly here: unknown;
}

/** A known deviation from the published host (RATIONALE.md, "Where does it deviate from the reference?"). */
export interface Deviation {
  readonly what: string;
  readonly why: string;
  /** The kinds of cases that show it. */
  readonly kinds: readonly string[];
  readonly isIt: (difference: Difference) => boolean;
  /** Whether the engine can show it; every one can by default. */
  readonly onlyWith?: () => boolean | Promise<boolean>;
}

/** All deviations that cases show. Each must still be shown by one. */
export const deviations: readonly Deviation[] = [];
