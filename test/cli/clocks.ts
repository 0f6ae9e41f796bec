/**
 * Runs something for which a second passes after it reads the clock for the first time. That is
 * when a progress line begins, if nothing else reads the clock before.
 */
export async function withSlowStart<Result>(work: () => Promise<Result>): Promise<Result> {
  let isStarted = false;
  return await withClock((elapsedMs) => {
    const late = isStarted ? elapsedMs + 1000 : 0;
    isStarted = true;
    return late;
  }, work);
}

/** Runs something for which a thousandth of the time passes, so that it takes no second. */
export async function withSlowClock<Result>(work: () => Promise<Result>): Promise<Result> {
  return await withClock((elapsedMs) => elapsedMs / 1000, work);
}

async function withClock<Result>(shown: (elapsedMs: number) => number, work: () => Promise<Result>): Promise<Result> {
  const now = performance.now.bind(performance);
  const startedAt = now();
  performance.now = () => startedAt + shown(now() - startedAt);
  try {
    return await work();
  } finally {
    performance.now = now;
  }
}
