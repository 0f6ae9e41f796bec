import { PluginHostError } from './host-error.ts';
import { idOf, type PluginId } from './key.ts';
import type { SettledHost } from './options.ts';

type Bounds = Pick<SettledHost, 'pluginsMax' | 'admissionsMax' | 'waitingAdmissionsMax' | 'waitingBytesMax'>;

/** Which keys have a plugin, as text, and how many have. */
type Serving = Pick<ReadonlyMap<string, unknown>, 'has' | 'size'>;

/** Places for plugins, and for registrations that are under way. */
export class Places {
  readonly #bounds: Bounds;
  readonly #served: Serving;
  /** Keys without a plugin, with how many registrations of them are under way. */
  readonly #coming = new Map<string, number>();
  #registering = 0;
  #registeringBytes = 0;

  /** @param served what serves, by key as text. */
  constructor(bounds: Bounds, served: Serving) {
    this.#bounds = bounds;
    this.#served = served;
  }

  /**
   * Checks, before a module is copied, that not too much waits already.
   *
   * @throws PluginHostError `Saturated`.
   */
  checkRoom({ name: subject }: PluginId, bytes: number): void {
    const { admissionsMax, waitingAdmissionsMax, waitingBytesMax: bytesMax } = this.#bounds;
    const max = admissionsMax + waitingAdmissionsMax;
    if (this.#registering >= max)
      throw new PluginHostError({ kind: 'Saturated', full: 'admissions', max }, { subject });
    // One module may always come, whatever its size.
    if (this.#registering > 0 && this.#registeringBytes + bytes > bytesMax)
      throw new PluginHostError({ kind: 'Saturated', full: 'bytes', max: bytesMax }, { subject });
  }

  /**
   * Keeps a place for a registration, until its work ends.
   *
   * @param bytes those of the module.
   * @throws PluginHostError `TooManyPlugins`, or what the work rejects with: in the promise.
   */
  async registering<T>(id: PluginId, bytes: number, work: () => Promise<T>): Promise<T> {
    return await this.starting(id, async () => {
      this.#registering++;
      this.#registeringBytes += bytes;
      try {
        return await work();
      } finally {
        this.#registering--;
        this.#registeringBytes -= bytes;
      }
    });
  }

  /**
   * Keeps a place for a plugin whose key is new, until the work ends.
   *
   * @throws PluginHostError `TooManyPlugins`, or what the work rejects with: in the promise.
   */
  async starting<T>(id: PluginId, work: () => Promise<T>): Promise<T> {
    const giveBack = this.#reserve(id);
    try {
      return await work();
    } finally {
      giveBack();
    }
  }

  /** @returns what gives the place back. */
  #reserve(id: PluginId): () => void {
    const text = idOf(id);
    if (this.#served.has(text)) return () => undefined;
    const { pluginsMax: max } = this.#bounds;
    const others = Array.from(this.#coming.keys()).filter((key) => key !== text && !this.#served.has(key));
    if (this.#served.size + others.length >= max)
      throw new PluginHostError({ kind: 'TooManyPlugins', max }, { subject: id.name });
    this.#coming.set(text, (this.#coming.get(text) ?? 0) + 1);
    return () => {
      const left = (this.#coming.get(text) ?? 1) - 1;
      if (left === 0) this.#coming.delete(text);
      else this.#coming.set(text, left);
    };
  }
}
