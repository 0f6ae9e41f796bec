import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callablesOf, requestTypeOf } from '../../../src/inspector/request/callables.ts';
import { bytesOfText, type Control, type FormField, formOf, SHOWN_MAX } from '../../../src/inspector/request/fields.ts';
import {
  bool,
  emptyWhenMissing,
  f32,
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
  u64,
} from '../../../src/json/declare.ts';
import { readJson } from '../../../src/json/text/reader.ts';
import type { Declaration } from '../../../src/json/type.ts';

const form = suite('formOf');

/** The form of a field of this type with this JSON. */
function fieldOf(type: Declaration, json: string | undefined, name = 'field'): FormField {
  const root = formOf(struct('Root', { [name]: type }), readJson(json === undefined ? '{}' : `{"${name}":${json}}`));
  const { control } = root;
  const field = control?.kind === 'fields' ? control.fields[0] : undefined;
  if (field === undefined) throw new Error('the form has no field');
  return field;
}

const controlOf = (type: Declaration, json: string, name?: string): Control | undefined =>
  fieldOf(type, json, name).control;

form('has a control for each kind of value', () => {
  assert.equal(controlOf(string, '"x"'), { kind: 'text', value: 'x' });
  assert.equal(controlOf(bool, 'true'), { kind: 'boolean', value: true });
  assert.equal(controlOf(f32, '1.50'), { kind: 'number', token: '1.50', range: 'f32' });
  assert.equal(controlOf(stringEnum('E', ['a', 'b']), '"c"'), { kind: 'choice', value: 'c', values: ['a', 'b'] });
  assert.equal(controlOf(opaque, '[1.0,{}]'), { kind: 'json', text: '[\n  1.0,\n  {}\n]' });
  assert.equal(controlOf(opaqueObject, '{}'), { kind: 'json', text: '{}' });
});

form('shows all digits of a large integer, and what was typed instead of one', () => {
  const range = '0 to 18446744073709551615';
  assert.equal(controlOf(u64, '18446744073709551615'), { kind: 'number', token: '18446744073709551615', range });
  assert.equal(controlOf(u64, '"12x"'), { kind: 'number', token: '12x', range });
  assert.is(controlOf(u64, 'true')?.kind, 'other');
});

form('shows bytes as the text that they are, and else as base64', () => {
  assert.equal(controlOf(string, '"aGk="', 'a_base64'), { kind: 'bytes', base64: 'aGk=', text: 'hi' });
  assert.equal(controlOf(string, '"//4="', 'a_base64'), { kind: 'bytes', base64: '//4=' });
  assert.equal(controlOf(string, '"AA=="', 'a_base64'), { kind: 'bytes', base64: 'AA==' }, 'a control character');
  assert.equal(controlOf(string, '"not base64"', 'a_base64'), { kind: 'bytes', base64: 'not base64' });
  assert.equal(controlOf(option(string), '"aGk="', 'a_base64')?.kind, 'bytes');
  assert.is(bytesOfText('hi é'), 'aGkgw6k=');
});

form('tells null, missing and given apart', () => {
  const states = (type: Declaration) => [undefined, 'null', '"x"'].map((json) => fieldOf(type, json).state);
  assert.equal(states(option(string)), ['null', 'null', 'given']);
  assert.equal(states(string), ['missing', 'given', 'given']);
  assert.is(fieldOf(string, 'null').control?.kind, 'other');
  assert.is(fieldOf(option(string), '"x"').isOptional, true);
  assert.is(fieldOf(option(string), 'null').typeName, 'string or null');
});

form('takes a missing field for what its absence means', () => {
  const type = struct('Root', {
    rest: emptyWhenMissing(list(u64)),
    name: emptyWhenMissing(string),
    more: skippedWhenNone(u64),
  });
  const { control } = formOf(type, readJson('{}'));
  const fields = control?.kind === 'fields' ? control.fields : [];
  assert.equal(
    fields.map(({ label, state, isOptional }) => [label, state, isOptional]),
    [
      ['rest', 'given', false],
      ['name', 'given', false],
      ['more', 'null', true],
    ],
  );
  const table = formOf(struct('Root', { by: emptyWhenMissing(map(u64)) }), readJson('{}')).control;
  assert.is(table?.kind === 'fields' && table.fields[0]?.control?.kind, 'entries');
});

form('shows the fields of the variant that a union has', () => {
  const union = taggedUnion('Event', { begun: { id: string }, ended: null });
  const control = controlOf(union, '{"kind":"begun","id":"1"}');
  assert.is(control?.kind, 'variant');
  if (control?.kind !== 'variant') return;
  assert.equal([control.value, control.fields.map(({ pathText }) => pathText)], ['begun', ['$.field.id']]);
  for (const json of ['{"kind":"ended"}', '{"kind":"other"}', '{}']) {
    const other = controlOf(union, json);
    assert.equal(other?.kind === 'variant' && other.fields, []);
  }
  assert.is(controlOf(union, '{"kind":1}')?.kind, 'other');
  assert.is(controlOf(union, '[]')?.kind, 'other');
});

form('shows items and entries, each with its path', () => {
  const items = controlOf(list(list(string)), '[["a"],[]]');
  assert.equal(items?.kind === 'items' && items.items.map(({ label, pathText }) => [label, pathText]), [
    ['[0]', '$.field[0]'],
    ['[1]', '$.field[1]'],
  ]);
  assert.is(controlOf(stringSet, '["a"]')?.kind, 'items');
  const fixed = controlOf(fixedArray(u64, 2), '[1,2]');
  assert.is(fixed?.kind === 'items' && fixed.isFixed, true);
  const entries = controlOf(map(u64), '{"a b":1,"__proto__":2,"a b":3}');
  assert.equal(entries?.kind === 'entries' && entries.entries.map(({ label, control }) => [label, control]), [
    ['a b', { kind: 'number', token: '3', range: '0 to 18446744073709551615' }],
    ['__proto__', { kind: 'number', token: '2', range: '0 to 18446744073709551615' }],
  ]);
  for (const type of [list(string), map(string), stringSet, struct('S', {})])
    assert.is(controlOf(type, '"x"')?.kind, 'other');
  assert.equal(controlOf(string, '[]'), { kind: 'other', what: 'The text has an array here.' });
});

form('names the types of fields', () => {
  const names = [
    string,
    bool,
    u64,
    f32,
    opaque,
    opaqueObject,
    stringSet,
    stringEnum('E', ['a']),
    struct('S', {}),
    taggedUnion('T', { a: null }),
    list(u64),
    map(list(u64)),
    fixedArray(u64, 8),
  ].map((type) => fieldOf(type, undefined).typeName);
  assert.equal(names, [
    ...['string', 'bool', 'u64', 'f32', 'any JSON', 'any JSON object', 'set of strings'],
    ...['E', 'S', 'T', 'list of u64', 'map of list of u64', '8 of u64'],
  ]);
});

form('is bounded: by items, by fields and by the length of a text', () => {
  const many = controlOf(list(string), JSON.stringify(Array(5_000).fill('x')));
  assert.equal(many?.kind === 'items' && [many.items.length, many.hidden], [SHOWN_MAX.items, 5_000 - SHOWN_MAX.items]);
  const table = Array(45).fill(Array(45).fill('x'));
  const nested = controlOf(list(list(string)), JSON.stringify(table));
  const shown = nested?.kind === 'items' ? nested.items : [];
  assert.ok(shown.length < 45, 'the form has no room for all rows');
  const cells = shown.map(({ control }) => (control?.kind === 'items' ? control.items.length : 0));
  assert.ok(cells.reduce((sum, count) => sum + count, shown.length) <= SHOWN_MAX.fields);
  const long = JSON.stringify('x'.repeat(SHOWN_MAX.characters + 1));
  assert.is(controlOf(string, long)?.kind, 'other');
  assert.is(controlOf(u64, long)?.kind, 'other');
  assert.match((controlOf(opaque, long) as { what: string }).what, '10,003 characters');
});

form('has a form for each request of the protocol', () => {
  for (const generation of [1, 2] as const) {
    for (const { name, requests } of callablesOf(generation)) {
      for (const version of requests.keys()) {
        const type = requestTypeOf(callablesOf(generation), { name, version });
        assert.is(formOf(type, readJson('{}')).control?.kind, 'fields', `${name} ${version}`);
      }
    }
  }
});

form.run();
