/**
 * An object with the properties of two; where both have one, the second's counts. The same as `{ ...base, ...more }`, but marked as
 * without side effects: for fear of getters, a bundler keeps every spread, even where nothing uses the object that it makes.
 */
/* @__NO_SIDE_EFFECTS__ */
export function extend<const Base extends object, const More extends object>(
  base: Base,
  more: More,
): Omit<Base, keyof More> & More {
  return { ...base, ...more };
}
