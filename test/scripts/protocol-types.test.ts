import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

/** A type in abi/protocol.json, as a host in another language reads it. */
interface DescribedType {
  readonly kind: string;
  readonly fields?: readonly DescribedField[];
  readonly variants?: readonly { readonly name: string; readonly fields: readonly DescribedField[] | null }[];
}

interface DescribedField {
  readonly name: string;
  readonly type: unknown;
  readonly missing?: string;
}

interface ProtocolFile {
  readonly types: Readonly<Record<string, DescribedType>>;
  readonly wire_functions: readonly {
    readonly name: string;
    readonly types: Readonly<Record<string, { readonly request: string; readonly response: string }>>;
  }[];
}

// The cast: the project's own file; the tests below check what they use.
const protocol = JSON.parse(
  readFileSync(new URL('../../abi/protocol.json', import.meta.url), 'utf8'),
) as unknown as ProtocolFile;

const types = suite('the types of abi/protocol.json');

const builtIn = ['string', 'bool', 'u8', 'u16', 'u32', 'u64', 'usize', 'i64', 'f32', 'f64', 'any', 'object'];

/** The names in a type, which may be made of others. */
function namesIn(type: unknown): readonly string[] {
  if (typeof type === 'string') return [type];
  return typeof type === 'object' && type !== null ? namesIn(Object.values(type)[0]) : [];
}

types('every type of a field is in the file or is built in', () => {
  const all = Object.values(protocol.types);
  const fields = all.flatMap(({ fields = [], variants = [] }) => [
    ...fields,
    ...variants.flatMap((one) => one.fields ?? []),
  ]);
  const names = fields.flatMap(({ type }) => namesIn(type));
  assert.ok(names.length > 150);
  for (const name of names) assert.ok(builtIn.includes(name) || name in protocol.types, name);
});

types('each function has its request and response in each generation', () => {
  const of = (name: string) => protocol.wire_functions.find((one) => one.name === name)?.types;
  assert.equal(of('shape'), {
    v1: { request: 'v1.ShapeRequest', response: 'v1.ShapeResponse' },
    v2: { request: 'v2.ShapeRequest', response: 'v1.ShapeResponse' },
  });
  assert.equal(of('filter'), { v3: { request: 'v3.FilterRequest', response: 'v3.FilterResponse' } });
  const names = protocol.wire_functions.flatMap((one) =>
    Object.values(one.types).flatMap((pair) => Object.values(pair)),
  );
  for (const name of names) assert.is(protocol.types[name]?.kind, 'struct', name);
});

const forms: Readonly<Record<string, unknown>> = {
  'v1.NormalizeErrorResponse': {
    kind: 'struct',
    fields: [{ name: 'body_base64', type: { option: 'string' }, missing: 'null' }],
  },
  'v1.ObserveResponse': { kind: 'struct', fields: [] },
  'v1.Principal': {
    kind: 'struct',
    fields: [
      { name: 'id', type: 'string' },
      { name: 'kind', type: 'string' },
      { name: 'claims', type: 'object' },
    ],
  },
  'v1.BuildSignerResponse': { kind: 'struct', fields: [{ name: 'signer_state', type: 'any' }] },
  'v1.UpstreamWire': { kind: 'union', tag: 'kind', variants: [{ name: 'anthropic_direct', fields: null }] },
  'v2.TtlClassWire': { kind: 'enum', values: ['ephemeral5m', 'ephemeral1h'] },
};

for (const [name, form] of Object.entries(forms)) {
  types(`${name} has its form`, () => {
    assert.equal(protocol.types[name], form);
  });
}

const fieldForms: readonly (readonly [type: string, field: DescribedField])[] = [
  ['PluginIdentity', { name: 'magic', type: { list: 'u8', length: 8 } }],
  ['HandshakeOffer', { name: 'function_versions', type: { map: { list: 'u32' } } }],
  ['HandshakeAccept', { name: 'implemented_functions', type: { set: 'string' } }],
  ['v2.RouteRequest', { name: 'canonical_model_id', type: 'string', missing: 'empty' }],
  ['v2.ShapeRequest', { name: 'upstream_base_url', type: { option: 'string' }, missing: 'skipped when none' }],
  ['v2.CacheScoreWire', { name: 'confidence', type: 'f32' }],
];

for (const [type, field] of fieldForms) {
  types(`${type}.${field.name} has its form`, () => {
    assert.equal(
      protocol.types[type]?.fields?.find(({ name }) => name === field.name),
      field,
    );
  });
}

types.run();
