import { wire } from './wire.ts';
import type { WireFunction } from './wire-function.ts';

/** A wire function whose types are known only at run time. */
export type AnyWireFunction = WireFunction<unknown, unknown>;

/** The wire versions, the oldest first. */
export const wireVersions = ['v1', 'v2', 'v3'] as const;

/** A wire version: which types the wire functions have. A handshake does not agree on it. */
export type WireVersion = (typeof wireVersions)[number];

/** Returns the wire functions that a wire version declares. */
export function functionsOf(wireVersion: WireVersion): readonly AnyWireFunction[] {
  return Object.values(wire[wireVersion]);
}

/** Finds the wire function of this name that a wire version declares. */
export function functionOf(wireVersion: WireVersion, name: string): AnyWireFunction | undefined {
  return functionsOf(wireVersion).find((declared) => declared.name === name);
}
