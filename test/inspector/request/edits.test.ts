import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Edit, edited, typedJson } from '../../../src/inspector/request/edits.ts';
import { formOf } from '../../../src/inspector/request/fields.ts';
import { collectValues, firstValue } from '../../../src/inspector/request/first-values.ts';
import { nullNode, stringNode, writeDocument } from '../../../src/inspector/request/json-document.ts';
import {
  bool,
  emptyWhenMissing,
  f64,
  fixedArray,
  i64,
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
} from '../../../src/json/declare.ts';
import { decodeJson } from '../../../src/json/decode.ts';
import type { JsonNode } from '../../../src/json/text/node.ts';
import { readJson } from '../../../src/json/text/reader.ts';
import type { Declaration } from '../../../src/json/type.ts';

const header = struct('Header', { name: string, value: u8 });
const event = taggedUnion('Event', { begun: { by: header }, ended: null });
const type = struct('Request', {
  headers: emptyWhenMissing(list(header)),
  by: map(u8),
  note: option(string),
  event,
});
const text = '{"headers":[{"name":"a","value":1}],"by":{"key":1},"note":null,"event":{"kind":"ended"}}';
const flat = (json: string): string => json.replaceAll(/\s/g, '');

const edits = suite('edited');

const known = new Map<string, JsonNode>();
collectValues(type, readJson(text), known);
const after = (edit: Edit, from = text): string => flat(edited(readJson(from), edit, known));

edits('sets, removes and moves values', () => {
  const path = ['headers', 0, 'name'];
  assert.is(after({ kind: 'set', path, value: stringNode('b') }), text.replace('"a"', '"b"'));
  assert.is(after({ kind: 'remove', path: ['headers', 0] }), text.replace(/\[.*\]/, '[]'));
  const two = text.replace('[', '[{"name":"z","value":2},');
  const moved = after({ kind: 'move', path: ['headers'], index: 1, by: -1 }, two);
  assert.is(moved, text.replace(']', ',{"name":"z","value":2}]'));
});

edits('adds an item as a request has it', () => {
  const path = ['headers'];
  const two = text.replace(']', ',{"name":"a","value":1}]');
  assert.is(after({ kind: 'add', path, of: header }), two);
  const without = text.replace(/"headers":.*\],/, '');
  assert.is(
    after({ kind: 'add', path, of: header }, without),
    without.replace(/}$/, ',"headers":[{"name":"a","value":1}]}'),
  );
});

edits('adds an entry under a key that is not there, and renames it', () => {
  const path = ['by'];
  assert.is(after({ kind: 'enter', path, of: u8 }), text.replace('"key":1', '"key":1,"key2":0'));
  assert.is(after({ kind: 'enter', path: ['more'], of: u8 }), text.replace(/}$/, ',"more":{"key":0}}'));
  assert.is(after({ kind: 'rename', path, from: 'key', to: 'b' }), text.replace('"key"', '"b"'));
});

edits('gives a value to null, and takes it away', () => {
  const { control } = formOf(type, readJson(text));
  const note = control?.kind === 'fields' ? control.fields.find(({ label }) => label === 'note') : undefined;
  if (note === undefined) throw new Error('the form has no field note');
  const given = after({ kind: 'give', field: note });
  assert.is(given, text.replace('null', '""'));
  assert.is(after({ kind: 'null', path: ['note'] }, given), text);
});

edits('begins another variant with its fields', () => {
  const begun = after({ kind: 'vary', path: ['event'], union: unionOf(event), variant: 'begun' });
  assert.is(begun, text.replace('"ended"', '"begun","by":{"name":"a","value":1}'));
  assert.is(after({ kind: 'vary', path: ['event'], union: unionOf(event), variant: 'ended' }, begun), text);
});

function unionOf(of: Declaration) {
  if (of.kind !== 'taggedUnion') throw new Error('not a union');
  return of;
}

edits.run();

const first = suite('firstValue');

first('is of its type, whatever the type', () => {
  const types: readonly Declaration[] = [
    ...[string, bool, u8, i64, f64, opaque, opaqueObject, stringSet, header, event, type],
    ...[list(u8), fixedArray(u8, 3), map(u8), option(header), stringEnum('E', ['a', 'b'])],
    struct('S', { a: skippedWhenNone(u8), b: event }),
  ];
  for (const each of types) decodeJson(each, writeDocument(firstValue(each, new Map())));
  assert.is(flat(writeDocument(firstValue(struct('S', { a: skippedWhenNone(u8) }), new Map()))), '{}');
});

first('does not use a known value of another version of the type', () => {
  const other = struct('Header', { name: string, size: u8 });
  assert.is(flat(writeDocument(firstValue(other, known))), '{"name":"","size":0}');
});

first('collects the first value of each name, also within options, maps and arrays', () => {
  const outer = struct('Outer', {
    one: option(header),
    many: map(header),
    pair: fixedArray(struct('Pair', { header }), 1),
    missing: list(struct('Missing', {})),
  });
  const found = new Map<string, JsonNode>([['Pair', nullNode]]);
  const json = '{"one":{"name":"1","value":1},"many":{"a":{"name":"2","value":2}},"pair":[{"header":null}]}';
  collectValues(outer, readJson(json), found);
  assert.equal([...found.keys()].sort(), ['Header', 'Outer', 'Pair']);
  assert.is(flat(writeDocument(found.get('Header') ?? nullNode)), '{"name":"1","value":1}');
  assert.is(found.get('Pair'), nullNode);
});

first.run();

const typed = suite('typedJson');

typed('reads JSON, and nothing else', () => {
  assert.is(typedJson('[1]')?.kind, 'array');
  assert.is(typedJson('[1'), undefined);
  assert.is(typedJson('"\ud800"'), undefined);
});

typed.run();
