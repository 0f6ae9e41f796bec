import type { Principal as HookPrincipal } from 'cc-lb-runtime-protocol/hooks';

/** Who sends a request. Plugins see it as the principal. */
export interface Client {
  readonly id: string;
  /** How it authenticated. */
  readonly kind: 'api_key';
  readonly claims: Readonly<Record<string, string>>;
}

/** Clients by their API keys. */
export type Clients = ReadonlyMap<string, Client>;

/** Returns who sends a request: by `x-api-key`, or by `authorization: Bearer`. */
export function clientOf(headers: Headers, clients: Clients): Client | undefined {
  const bearer = /^bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return clients.get(headers.get('x-api-key') ?? bearer ?? '');
}

/** Writes a client as hook plugins see it: the value of a claim is JSON. */
export function hookPrincipal({ id, kind, claims }: Client): HookPrincipal {
  const value = (text: string): Uint8Array => new TextEncoder().encode(JSON.stringify(text));
  return { id, kind, claims: Object.entries(claims).map(([key, text]) => ({ key, value: value(text) })) };
}
