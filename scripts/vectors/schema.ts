// The JSON Schema of the files of vectors: abi/vectors/schema.json.
import { bytes, bytesPart, modulePart, moduleType } from '../../src/conformance/vectors/bytes.ts';
import { LAYERS, vectorFileType } from '../../src/conformance/vectors/vector.ts';
import type { Declaration } from '../../src/json/type.ts';
import { type Schema, type Special, schemaOf } from '../abi/schema-of.ts';
import { exactJson } from '../abi/schemas.ts';

const wasm = moduleType(() => undefined);

const special: Special = new Map([
  [bytes, { $ref: '#/$defs/Bytes' }],
  [wasm, { $ref: '#/$defs/Module' }],
]);

const partsOrText = (part: string): Schema => ({
  oneOf: [{ type: 'string' }, { type: 'array', items: { $ref: `#/$defs/${part}` } }],
});

/** The schema of a part, which has exactly one of these fields. */
const part = (type: Declaration, ...kinds: readonly string[]): Schema => ({
  ...schemaOf(type, new Map(), special),
  oneOf: kinds.map((kind) => ({ required: [kind], properties: { [kind]: true } })),
});

/** The text of the schema: any of the files, which differ in their vectors. */
export function vectorsSchema(): string {
  const files = LAYERS.map((layer) => schemaOf(vectorFileType(layer, wasm), new Map(), special));
  const definitions = files.map(({ $defs }) => $defs);
  return exactJson({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:cc-lb-runtime-protocol:schema:vectors',
    title: 'A file of test vectors for hosts',
    oneOf: files.map(({ $defs: _, ...file }) => file),
    $defs: {
      Bytes: partsOrText('BytesPart'),
      Module: partsOrText('ModulePart'),
      ...Object.assign({}, ...definitions),
      BytesPart: part(bytesPart, 'text', 'hex'),
      ModulePart: part(modulePart, 'text', 'hex', 'file', 'custom', 'answer'),
    },
  });
}
