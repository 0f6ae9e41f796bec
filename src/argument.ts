/** Whether a value can have fields. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/**
 * Checks what a host gives, where its compiler may not have.
 *
 * @param expected in words, after "must be".
 * @throws TypeError that names the argument.
 */
export function checkArgument(name: string, holds: boolean, expected: string): void {
  if (!holds) throw new TypeError(`${name} must be ${expected}`);
}
