/** A service that answers requests. */
export interface Upstream {
  /** A UUID: filters name upstreams by it. */
  readonly id: string;
  readonly name: string;
  /** What filters see, such as `anthropic_api_key`. */
  readonly kind: string;
  readonly baseUrl: string;
  /** Its credential. Clients never see it; of the plugins, only a signer does. */
  readonly apiKey: string;
}

/** The upstreams of a gateway, and how busy each is. */
export class Upstreams {
  readonly all: readonly Upstream[];
  readonly #underWay = new Map<Upstream, number>();

  constructor(all: readonly Upstream[]) {
    this.all = all;
  }

  /** Returns how many requests an upstream has now. */
  underWay(upstream: Upstream): number {
    return this.#underWay.get(upstream) ?? 0;
  }

  /** Returns the one that has the fewest requests; of several, the first. */
  leastBusy(upstreams: readonly Upstream[]): Upstream | undefined {
    return [...upstreams].sort((one, other) => this.underWay(one) - this.underWay(other))[0];
  }

  /**
   * Counts a request as under way.
   *
   * @returns what ends it.
   */
  begin(upstream: Upstream): () => void {
    this.#underWay.set(upstream, this.underWay(upstream) + 1);
    return () => this.#underWay.set(upstream, this.underWay(upstream) - 1);
  }
}
