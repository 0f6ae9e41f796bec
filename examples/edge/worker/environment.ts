/** An upstream of the worker. */
export interface Upstream {
  /** A UUID, by which plugins name it. */
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly baseUrl: string;
  /** The credential of the worker there. No plugin sees it. */
  readonly apiKey: string;
}

/** Who sent a request, as plugins see it. */
export interface Client {
  readonly id: string;
  readonly kind: string;
  readonly claims: Readonly<Record<string, never>>;
}

/** The bindings of the worker: `config.capnp` has them. */
export interface Environment {
  readonly UPSTREAMS: readonly Upstream[];
  /** The ids of clients by their keys. A real worker has a table of hashes of keys. */
  readonly CLIENTS: Readonly<Record<string, string>>;
  /** The most bytes of a request's body. */
  readonly BODY_MAX_BYTES: number;
  /** The most fuel of one call of a plugin. */
  readonly PLUGIN_FUEL: number;
  /** The most bytes that each plugin may store. */
  readonly STORAGE_QUOTA_BYTES: number;
}

/** Returns the client whose key a request has. */
export function clientOf({ headers }: Request, { CLIENTS }: Environment): Client | undefined {
  const key = headers.get('x-api-key') ?? '';
  const id = Object.hasOwn(CLIENTS, key) ? CLIENTS[key] : undefined;
  return id === undefined ? undefined : { id, kind: 'api_key', claims: {} };
}
