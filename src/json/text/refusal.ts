/** Thrown inside the codec where a value is refused; on its way out it gathers the path, which only then is worked out. */
export class Refusal<Kind extends string, Place> {
  readonly kind: Kind;
  readonly expected: string;
  readonly found: string;
  readonly place: Place;
  path: string;

  constructor(kind: Kind, expected: string, found: string, place: Place, path = '') {
    this.kind = kind;
    this.expected = expected;
    this.found = found;
    this.place = place;
    this.path = path;
  }
}

/** What was thrown, with the path to the value that it was thrown from put before it. */
export function within(thrown: unknown, step: string): unknown {
  if (thrown instanceof Refusal) thrown.path = step + thrown.path;
  return thrown;
}
