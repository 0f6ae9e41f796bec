/**
 * Makes a value when it is first asked for, so that importing a module does not compute it.
 *
 * @param make makes the value. It is called once, unless it throws: then the next call tries again.
 * @returns a function that returns the value, always the same one.
 */
/* @__NO_SIDE_EFFECTS__ */
export function onFirstUse<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
