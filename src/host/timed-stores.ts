import type { ByteStore, RecordStore } from './stores.ts';
import { timer } from './timer.ts';

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

async function inTime<T>(storeMs: number, work: () => Promise<T>): Promise<T> {
  let stop: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    stop = timer(storeMs, () => reject(new Error(`it did not answer within ${storeMs} ms (option storeMs)`)));
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    stop();
  }
}
