/**
 * Runs something for which a second passes after it reads the clock for the first time. That is
 * when a progress line begins, if nothing else reads the clock before.
 */
export async function withSlowStart<Result>(work: () => Promise<Result>): Promise<Result> {
  const now = performance.now.bind(performance);
  const startedAt = now();
  let isStarted = false;
  performance.now = () => {
    const late = isStarted ? now() + 1000 : startedAt;
    isStarted = true;
    return late;
  };
  try {
    return await work();
  } finally {
    performance.now = now;
  }
}
