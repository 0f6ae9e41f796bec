import { bool, list, map, opaque, skippedWhenNone, string, u64 } from '../../json/declare.ts';
import type { Infer, WireType } from '../../json/type.ts';
import { bytes } from './bytes.ts';
import { objectForm } from './object-form.ts';

/** A failure: its kind and its fields. */
const endError = objectForm('EndError', { kind: string, fields: skippedWhenNone(map(opaque)) });

/** The fields of an end but `oneOf`. Each is compared if the vector has it. */
function endFields<B>(bytesType: WireType<B>) {
  return {
    response: skippedWhenNone(string),
    request: skippedWhenNone(string),
    output: skippedWhenNone(bytesType),
    bytes: skippedWhenNone(bytesType),
    hash: skippedWhenNone(string),
    slots: skippedWhenNone(list(string)),
    expired: skippedWhenNone(bool),
    remaining: skippedWhenNone(opaque),
    fuel: skippedWhenNone(u64),
    logs: skippedWhenNone(opaque),
    counters: skippedWhenNone(opaque),
    admitted: skippedWhenNone(bool),
    layer: skippedWhenNone(string),
    error: skippedWhenNone(endError),
    stage: skippedWhenNone(string),
    fallback: skippedWhenNone(string),
    phase: skippedWhenNone(string),
  };
}

/** How a vector or a step ends in a host. */
export type End = Infer<ReturnType<typeof endType<Uint8Array>>>;

/**
 * Declares the end that a host reached.
 *
 * @param bytesType how its bytes are written.
 */
export function endType<B>(bytesType: WireType<B>) {
  return objectForm('End', endFields(bytesType));
}

/** How a vector or a step must end: one end, or one of several. */
export const expectedEnd = objectForm('ExpectedEnd', {
  ...endFields(bytes),
  oneOf: skippedWhenNone(list(endType(bytes))),
});

/** How a vector or a step must end. */
export type ExpectedEnd = Infer<typeof expectedEnd>;
