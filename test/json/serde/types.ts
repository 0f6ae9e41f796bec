import {
  emptyWhenMissing,
  f32,
  f64,
  fixedArray,
  list,
  map,
  opaque,
  opaqueObject,
  option,
  skippedWhenNone,
  string,
  stringEnum,
  stringSet,
  struct,
  taggedUnion,
  u8,
  u32,
  u64,
  type WireType,
} from '../../../src/protocol/messages/index.ts';

// Types with features that no type of the protocol has, each with its Rust form. All have
// #[serde(deny_unknown_fields)]; enums have #[serde(rename_all = "snake_case")].

/** `enum Plain { Success, Failure }` */
export const plain = stringEnum('Plain', ['success', 'failure']);

/**
 * `struct Inner { a: u64, b: Option<f32>, #[serde(default, skip_serializing_if =
 * "Option::is_none")] c: Option<String> }`
 */
export const inner = struct('Inner', { a: u64, b: option(f32), c: skippedWhenNone(string) });

/**
 * `struct Defaults { a: u32, #[serde(default)] list: Vec<u32>, #[serde(default)] text: String }`
 */
export const defaults = struct('Defaults', {
  a: u32,
  list: emptyWhenMissing(list(u32)),
  text: emptyWhenMissing(string),
});

/** `struct Empty {}` */
export const empty = struct('Empty', {});

/**
 * `#[serde(tag = "kind")] enum Nest { Nested { nest: Box<Nest> }, Unit, Empty {}, Single { number:
 * f32 }, Double { number: Option<f64> }, Plain { plain: Plain }, Inner { inner: Inner }, Opaque {
 * value: Value, object: Map<String, Value> }, Array { array: [u8; 2] }, Map { map: BTreeMap<String,
 * u32> }, Set { set: BTreeSet<String> } }`
 */
export const nest: WireType = taggedUnion('Nest', {
  // The nested type is the union itself, which does not exist yet when its fields are declared.
  nested: { nest: nestItself() },
  unit: null,
  empty: {},
  single: { number: f32 },
  double: { number: option(f64) },
  plain: { plain },
  inner: { inner },
  opaque: { value: opaque, object: opaqueObject },
  array: { array: fixedArray(u8, 2) },
  map: { map: map(u32) },
  set: { set: stringSet },
});

function nestItself(): WireType {
  return {
    kind: 'taggedUnion',
    name: 'Nest',
    tag: 'kind',
    get variants() {
      return nest.kind === 'taggedUnion' ? nest.variants : [];
    },
    decode: (node, rules) => nest.decode(node, rules),
    encoder: (before, order) => nest.encoder(before, order),
  };
}
