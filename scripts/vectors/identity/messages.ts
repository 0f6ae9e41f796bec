/** The first field of every identity. */
export const MAGIC = [204, 27, 112, 16, 0, 1, 0, 0];

/** A valid identity. */
export const identity = { magic: MAGIC, abi_envelope: 1, plugin_name: 'vector', plugin_version: '1.0.0' };

/** The payload of a valid identity, or of one with some fields changed. */
export const payload = (changes: object = {}): string => JSON.stringify({ ...identity, ...changes });
