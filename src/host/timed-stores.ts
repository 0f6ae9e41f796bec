import type { ByteStore, RecordStore } from './stores.ts';

/** Makes a store whose functions reject if those of another one take longer than `storeMs`. */
export function timedRecords(records: RecordStore, storeMs: number): RecordStore {
  return {
    get: (id) => inTime(storeMs, () => records.get(id)),
    put: (id, record) => inTime(storeMs, () => records.put(id, record)),
    replace: (id, before, record) => inTime(storeMs, () => records.replace(id, before, record)),
    delete: (id) => inTime(storeMs, () => records.delete(id)),
    entries: () => inTime(storeMs, () => records.entries()),
  };
}

/** {@link timedRecords} for bytes. */
export function timedBytes(bytes: ByteStore, storeMs: number): ByteStore {
  return {
    get: (name) => inTime(storeMs, () => bytes.get(name)),
    put: (name, given) => inTime(storeMs, () => bytes.put(name, given)),
  };
}

/** The longest time of a timer. A longer one would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

async function inTime<T>(storeMs: number, work: () => Promise<T>): Promise<T> {
  if (storeMs > TIMER_MS_MAX) return await work();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const refuse = (): void => reject(new Error(`it did not answer within ${storeMs} ms (option storeMs)`));
    timer = setTimeout(refuse, storeMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
