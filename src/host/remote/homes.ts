import { idOf, type PluginId } from '../key.ts';

/** Where the plugins of a key are, and how many of them serve. */
interface Home {
  readonly place: number;
  plugins: number;
}

/**
 * Decides in which place a plugin runs: where the fewest are; and a plugin that is swapped in,
 * where the one that it replaces runs, since what a plugin stores by host functions is there.
 */
export class RemoteHomes {
  readonly #homes = new Map<string, Home>();
  /** How many plugins each place has. */
  readonly #counts: number[];

  /** @param places how many there are. */
  constructor(places: number) {
    this.#counts = new Array<number>(places).fill(0);
  }

  /** @returns the place of a plugin, and what to call once it is disposed of. */
  enter(id: PluginId): { readonly place: number; readonly leave: () => void } {
    const key = idOf(id);
    const home = this.#homes.get(key) ?? { place: this.#counts.indexOf(Math.min(...this.#counts)), plugins: 0 };
    const { place } = home;
    this.#homes.set(key, home);
    home.plugins++;
    this.#count(place, 1);
    const leave = (): void => {
      home.plugins--;
      this.#count(place, -1);
      if (home.plugins === 0) this.#homes.delete(key);
    };
    return { place, leave };
  }

  #count(place: number, change: number): void {
    this.#counts[place] = (this.#counts[place] ?? 0) + change;
  }
}
