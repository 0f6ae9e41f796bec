import type {
  Declaration,
  StringEnumDeclaration,
  StructDeclaration,
  TaggedUnionDeclaration,
} from '../../../json/type.ts';
import {
  augmentedMetadata,
  canonicalOffer,
  functionVersionOfferRaw,
  handshakeAccept,
  handshakeOffer,
  handshakeOfferRaw,
  pluginIdentity,
  pluginRegistryRecord,
  pluginSlot,
  selfCheckFailure,
  selfCheckRequest,
  selfCheckResponse,
  selfCheckStage,
  selfCheckStatus,
  wireTypes,
} from '../../../protocol/messages/index.ts';
import { functionsOf, wireVersions } from '../../../protocol/messages/wire-versions.ts';

/** A wire type with a name of its own. */
export type NamedType = StructDeclaration | TaggedUnionDeclaration | StringEnumDeclaration;

/** The types of all layers but dispatch. They have no wire versions. */
const layerTypes: readonly Declaration[] = [
  pluginIdentity,
  handshakeOffer,
  handshakeAccept,
  functionVersionOfferRaw,
  handshakeOfferRaw,
  canonicalOffer,
  pluginSlot,
  selfCheckRequest,
  selfCheckStage,
  selfCheckStatus,
  selfCheckFailure,
  selfCheckResponse,
  augmentedMetadata,
  pluginRegistryRecord,
];

/**
 * All named wire types as vectors and abi/protocol.json name them: `HandshakeAccept`,
 * `v2.ShapeRequest`. A type that a wire version has from an earlier one has the name of the earlier
 * one only.
 */
export const typesByName: ReadonlyMap<string, NamedType> = nameTypes();

function nameTypes(): ReadonlyMap<string, NamedType> {
  const names = new Map<NamedType, string>();
  const visit = (type: Declaration, prefix: string): void => {
    for (const inner of typesInside(type)) visit(inner, prefix);
    if (isNamed(type) && !names.has(type)) names.set(type, `${prefix}${type.name}`);
  };
  for (const type of layerTypes) visit(type, '');
  for (const wireVersion of wireVersions) {
    const functions = functionsOf(wireVersion);
    const messages = functions.flatMap(({ schemas }) => [schemas.request, schemas.response]);
    for (const type of [...Object.values<Declaration>(wireTypes[wireVersion]), ...messages])
      visit(type, `${wireVersion}.`);
  }
  return new Map([...names].map(([type, name]) => [name, type]));
}

/** Whether a declaration has a name that it chose itself. */
export function isNamed(type: Declaration): type is NamedType {
  return type.kind === 'struct' || type.kind === 'taggedUnion' || type.kind === 'stringEnum';
}

function typesInside(type: Declaration): readonly Declaration[] {
  if ('of' in type) return [type.of];
  if (type.kind === 'struct') return type.fields.map((field) => field.type);
  if (type.kind === 'taggedUnion') return type.variants.flatMap(({ fields }) => (fields ?? []).map(({ type }) => type));
  return [];
}
