import * as wireModule from '../../../src/protocol/messages/index.ts';
import { type Declaration, wire, wireTypes } from '../../../src/protocol/messages/index.ts';

const isDeclaration = (value: unknown): value is Declaration =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  ['struct', 'taggedUnion', 'stringEnum'].includes(String(value.kind));

/** Every struct, union and enum of the protocol, of every version, each once. */
export const protocolTypes: readonly Declaration[] = [
  ...new Set<Declaration>([
    ...Object.values(wireModule).filter(isDeclaration),
    ...[wire.v1, wire.v2, wire.v3].flatMap((functions) =>
      Object.values(functions).flatMap(({ schemas }): Declaration[] => [schemas.request, schemas.response]),
    ),
    ...Object.values(wireTypes).flatMap((types) => Object.values<Declaration>(types)),
  ]),
];
