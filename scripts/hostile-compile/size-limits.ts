/**
 * What a module or a function may have, by the names of the limits of the project under test.
 * Missing: as much as engines take.
 */
export type SizeLimits = Readonly<Record<string, number>>;
