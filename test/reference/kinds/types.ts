import * as fc from 'fast-check';
import {
  augmentedMetadata,
  decodeJson,
  decodeNode,
  encodeJson,
  handshakeAccept,
  handshakeOffer,
  JsonDecodeError,
  parseEnvelope,
  pluginIdentity,
  pluginRegistryRecord,
  selfCheckRequest,
  selfCheckResponse,
  type WireType,
  wire,
  wireTypes,
} from '../../../src/protocol/messages/index.ts';
import { valuesOf } from '../../json/values.ts';
import { unlessThrown } from '../../support/failure.ts';
import { kindOf, stable } from '../kind.ts';
import { damaged, isWellFormed } from './json-text.ts';

interface Case {
  readonly name: string;
  readonly text: string;
}

const { v1, v2, v3 } = wire;

/** The types of scripts/reference/answers, by its names for them. */
const types: ReadonlyMap<string, WireType> = new Map<string, WireType>([
  ['PluginIdentity', pluginIdentity],
  ['HandshakeOffer', handshakeOffer],
  ['HandshakeAccept', handshakeAccept],
  ['SelfCheckRequest', selfCheckRequest],
  ['SelfCheckResponse', selfCheckResponse],
  ['AugmentedMetadata', augmentedMetadata],
  ['PluginRegistryRecord', pluginRegistryRecord],
  ...Object.entries(wireTypes.v1)
    .filter(([name]) => !name.startsWith('Route'))
    .map(([name, type]): [string, WireType] => [`v1.${name}`, type]),
  ['v1.ShapeRequest', v1.shape.schemas.request],
  ['v1.ShapeResponse', v1.shape.schemas.response],
  ['v1.NormalizeErrorRequest', v1.normalizeError.schemas.request],
  ['v1.NormalizeErrorResponse', v1.normalizeError.schemas.response],
  ['v1.BuildSignerRequest', v1.buildSigner.schemas.request],
  ['v1.BuildSignerResponse', v1.buildSigner.schemas.response],
  ['v1.SignRequest', v1.sign.schemas.request],
  ['v1.SignResponse', v1.sign.schemas.response],
  ['v1.OnUnauthorizedRequest', v1.onUnauthorized.schemas.request],
  ['v1.OnUnauthorizedResponse', v1.onUnauthorized.schemas.response],
  ['v1.ObserveRequest', v1.observe.schemas.request],
  ['v1.ObserveResponse', v1.observe.schemas.response],
  ['v2.CandidateWire', wireTypes.v2.CandidateWire],
  ['v2.CacheScoreWire', wireTypes.v2.CacheScoreWire],
  ['v2.CacheBreakpointWire', wireTypes.v2.CacheBreakpointWire],
  ['v2.WarmCacheEntryWire', wireTypes.v2.WarmCacheEntryWire],
  ['v2.ShapeRequest', v2.shape.schemas.request],
  ['v3.FilterRequest', v3.filter.schemas.request],
  ['v3.FilterResponse', v3.filter.schemas.response],
]);

/** Forms that serde also accepts: structs as arrays, enums as objects. */
function otherForms(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(otherForms);
  if (typeof value !== 'object' || value === null) return value;
  return Object.values(value).map(otherForms);
}

const cases: fc.Arbitrary<Case> = fc.constantFrom(...types).chain(([name, type]) => {
  const written = valuesOf(type)
    .map((value) => encodeJson(type, value, 'declared'))
    .filter((text) => text.length < 400);
  const other = written.map((text) => JSON.stringify(otherForms(JSON.parse(text))));
  const texts = fc.oneof({ weight: 3, arbitrary: damaged(written, 4) }, { weight: 1, arbitrary: other });
  return texts.filter(isWellFormed).map((text) => ({ name, text }));
});

/** Reading and writing the types of the wire. */
export const wireTypesKind = kindOf<Case>({
  name: 'types',
  count: 700,
  cases,
  question: (of) => ({ kind: 'type', ...of }),
  answer: ({ name, text }) => {
    const type = types.get(name);
    if (type === undefined) throw new Error(`there is no type ${name}`);
    const straight = unlessThrown(JsonDecodeError, () => decodeJson(type, text));
    const generic = unlessThrown(JsonDecodeError, () => decodeNode(type, parseEnvelope(text)));
    const written = [straight, generic].map((decoded) =>
      decoded === undefined
        ? null
        : distinct([encodeJson(type, decoded.value, 'declared'), encodeJson(type, decoded.value, 'sorted')]),
    );
    return distinct(written);
  },
});

/** Both values of a pair, or one if they are equal. */
function distinct<T>([first, second]: readonly T[]): readonly (T | undefined)[] {
  return stable(first) === stable(second) ? [first] : [first, second];
}
