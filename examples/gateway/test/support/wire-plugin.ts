import { type Behaviour, guest, identityPayload } from '../../../../test/support/guest-wat.ts';

/**
 * Writes a plugin of generation 1 that is admitted.
 *
 * @param functions what its wire functions do.
 */
export function wirePlugin(functions: Readonly<Record<string, Behaviour>>, fields = ''): Promise<Uint8Array> {
  const names = Object.keys(functions);
  const each = (value: unknown): object => Object.fromEntries(names.map((name) => [name, value]));
  const accept = {
    handshake_schema_version: 1,
    envelope_version: 1,
    chosen_versions: each(1),
    plugin_supported: each([1]),
    implemented_functions: names,
    required_capabilities: [],
  };
  const exports = {
    cc_lb_handshake: JSON.stringify(accept),
    cc_lb_self_check: '{"status":"success","failures":[],"completed_at":1}',
    ...functions,
  };
  return guest({ identities: [identityPayload('test')], exports, fields });
}

/** An answer in version 1. */
export const answer = (fields: object): string => JSON.stringify({ _v: 1, ...fields });
