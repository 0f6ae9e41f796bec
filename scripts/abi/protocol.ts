// Limits, functions, kinds and types of the protocol as data: abi/protocol.json, made from the
// declarations in src/protocol.
import { isNamed, type NamedType, typesByName } from '../../src/conformance/vectors/host/wire-type-names.ts';
import {
  allowedFunctionsForKind,
  type Declaration,
  type Field,
  limits,
  requiredFunctionsForKind,
  type WhenMissing,
  wire,
} from '../../src/protocol/messages/index.ts';
import { functionOf, wireVersions } from '../../src/protocol/messages/wire-versions.ts';

const kinds = ['dialect', 'signer_factory', 'observability'] as const;

const namesOfTypes = new Map([...typesByName].map(([name, type]) => [type, name]));

/** The name of a type, or what it is made of. */
type TypeName =
  | string
  | { readonly option: TypeName }
  | { readonly list: TypeName; readonly length?: number }
  | { readonly map: TypeName }
  | { readonly set: TypeName };

function nameOf(type: Declaration): TypeName {
  if (isNamed(type)) return namedAs(type);
  switch (type.kind) {
    case 'integer':
    case 'float':
      return type.name;
    case 'list':
      return { list: nameOf(type.of) };
    case 'fixedArray':
      return { list: nameOf(type.of), length: type.length };
    case 'option':
      return { option: nameOf(type.of) };
    case 'map':
      return { map: nameOf(type.of) };
    case 'set':
      return { set: 'string' };
    case 'opaque':
      return 'any';
    case 'opaqueObject':
      return 'object';
    default:
      return type.kind;
  }
}

function namedAs(type: NamedType): string {
  const name = namesOfTypes.get(type);
  if (name === undefined) throw new Error(`${type.name} must be in wire-type-names.ts`);
  return name;
}

/** What a missing field is, as abi/PROTOCOL.md names it. */
const missing: Readonly<Record<Exclude<WhenMissing, 'refused'>, string>> = {
  none: 'null',
  empty: 'empty',
  skipped: 'skipped when none',
};

const fieldsOf = (fields: readonly Field[]): readonly object[] =>
  fields.map(({ name, type, whenMissing }) => ({
    name,
    type: nameOf(type),
    ...(whenMissing !== 'refused' && { missing: missing[whenMissing] }),
  }));

function described(type: NamedType): object {
  if (type.kind === 'struct') return { kind: 'struct', fields: fieldsOf(type.fields) };
  if (type.kind === 'stringEnum') return { kind: 'enum', values: type.values };
  const variants = type.variants.map(({ name, fields }) => ({ name, fields: fields && fieldsOf(fields) }));
  return { kind: 'union', tag: type.tag, variants };
}

/** The request and the response of a function in each wire version that has it. */
function typesOfFunction(name: string): object {
  const having = wireVersions.flatMap((wireVersion) => {
    const declared = functionOf(wireVersion, name);
    return declared === undefined ? [] : [[wireVersion, declared.schemas] as const];
  });
  return Object.fromEntries(
    having.map(([wireVersion, { request, response }]) => [
      wireVersion,
      { request: nameOf(request), response: nameOf(response) },
    ]),
  );
}

/** What abi/protocol.json holds. */
export const protocolAbi: object = {
  limits,
  wire_functions: [...Object.values(wire.v1), ...Object.values(wire.v3)].map((declared) => ({
    name: declared.name,
    fallback: declared.fallback,
    versions: declared.supportedVersions,
    offered: wire.allWireFunctions.some((name) => name === declared.name),
    types: typesOfFunction(declared.name),
  })),
  kinds: Object.fromEntries(
    kinds.map((kind) => [kind, { required: requiredFunctionsForKind(kind), allowed: allowedFunctionsForKind(kind) }]),
  ),
  types: Object.fromEntries([...typesByName].map(([name, type]) => [name, described(type)])),
};
