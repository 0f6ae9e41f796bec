import { wire } from './wire.ts';
import type { WireFunction } from './wire-function.ts';

/** A wire function whose types are known only at run time. */
export type AnyWireFunction = WireFunction<unknown, unknown>;

/** The wire functions that each wire version declares, by the name of the export. */
export const functionsByWireVersion = {
  v1: byName(wire.v1),
  v2: byName(wire.v2),
  v3: byName(wire.v3),
} as const;

/** A wire version: which types the wire functions have. A handshake does not agree on it. */
export type WireVersion = keyof typeof functionsByWireVersion;

/** The wire versions, the oldest first. */
// The keys of the table are the wire versions.
export const wireVersions: readonly WireVersion[] = Object.keys(functionsByWireVersion) as WireVersion[];

function byName(functions: Readonly<Record<string, AnyWireFunction>>): ReadonlyMap<string, AnyWireFunction> {
  return new Map(Object.values(functions).map((declared) => [declared.name, declared]));
}
