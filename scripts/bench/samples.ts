/**
 * A base64 string of a length, flat in memory: engines put a slice of repeats together only when
 * they need to.
 */
export function base64(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const codes = new Uint8Array(length);
  let seed = 1;
  for (let at = 0; at < length; at++) {
    seed = (seed * 48_271) % 0x7fff_ffff;
    codes[at] = alphabet.charCodeAt(seed % 64);
  }
  return new TextDecoder().decode(codes);
}

/** Headers as a client sends them. */
export const headers = ['content-type', 'anthropic-version', 'x-request-id', 'user-agent'].map((name) => {
  return { name, value_base64: base64(24) };
});

/** Candidates as a host describes those that it has watched. */
export function candidates(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    upstream_id: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
    name: `upstream ${index}`,
    kind: 'anthropic_api_key',
    observed_rate_limits: ['requests', 'input_tokens'].map((kind) => ({
      kind,
      window: '1m',
      limit: 400_000,
      remaining: 399_000 - index,
      reset: null,
    })),
    subscription_quotas: [],
    observed_at_unix_secs: 1_750_000_000,
  }));
}
