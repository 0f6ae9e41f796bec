/** A replaced function of the environment, by the name of its object and its own. */
type Replaced = readonly [target: object, name: string, value: unknown];

/** Runs work while functions of the environment are replaced. */
export function whileReplaced<T>(replaced: readonly Replaced[], work: () => T): T {
  const before = replaced.map(([target, name]) => Object.getOwnPropertyDescriptor(target, name));
  for (const [target, name, value] of replaced)
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
  try {
    return work();
  } finally {
    for (const [index, [target, name]] of replaced.entries()) {
      const descriptor = before[index];
      if (descriptor === undefined) Reflect.deleteProperty(target, name);
      else Object.defineProperty(target, name, descriptor);
    }
  }
}

/** Runs work while the clock of deadlines shows one time only. */
export function whileClockStands<T>(work: () => T, shown = 0): T {
  return whileReplaced([[performance, 'now', () => shown]], work);
}

/** Runs work as an edge worker does while it is loaded: no time, and no random values. */
export function whileLoading<T>(work: () => T): T {
  const refuse = (): never => {
    throw new Error('disallowed operation called within global scope');
  };
  return whileReplaced(
    [
      [performance, 'now', () => 0],
      [Date, 'now', () => 0],
      [crypto, 'getRandomValues', refuse],
    ],
    work,
  );
}
