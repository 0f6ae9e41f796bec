import { nearest } from '../../nearest.ts';
import { allWireFunctions, type WireFunction, wire } from '../../protocol/messages/index.ts';
import { CommandLineError } from '../program/command-line-error.ts';

/** The versions of the wire's types, the newest first. */
export const wireVersions = ['v3', 'v2', 'v1'] as const;

/** A version of the wire's types; not to be taken for the version of a function, which a handshake chooses. */
export type WireVersion = (typeof wireVersions)[number];

/** A wire function whose types are known only at run time. */
export type AnyWireFunction = WireFunction<unknown, unknown>;

/** The wire functions by the version that declares them. */
const functions: Readonly<Record<WireVersion, readonly AnyWireFunction[]>> = {
  v3: Object.values(wire.v3),
  v2: Object.values(wire.v2),
  v1: Object.values(wire.v1),
};

/**
 * The wire function of that name, which a host offers, as the given version of the wire declares it, or the newest that does.
 *
 * @throws CommandLineError `UnknownFunction`, or `InvalidValue` for a version that is none or does not declare it.
 */
export function findWireFunction(name: string, version?: string): AnyWireFunction {
  if (!allWireFunctions.some((offered) => offered === name)) {
    const near = nearest(name, allWireFunctions);
    throw new CommandLineError({ kind: 'UnknownFunction', given: name, nearest: near, known: allWireFunctions });
  }
  const declaring = wireVersions.filter((candidate) => functions[candidate].some((declared) => declared.name === name));
  const chosen = version === undefined ? declaring[0] : declaring.find((candidate) => candidate === version);
  const found = chosen === undefined ? undefined : functions[chosen].find((declared) => declared.name === name);
  if (found !== undefined) return found;
  const expected = `${declaring.toReversed().join(' or ')}, the versions of the wire that declare ${name}`;
  throw new CommandLineError({ kind: 'InvalidValue', option: '--version', given: version ?? '', expected });
}
