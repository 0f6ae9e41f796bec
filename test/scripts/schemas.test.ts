// The schemas under abi/schemas/ against the codec, with a validator that knows nothing of either.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { schemaOf } from '../../scripts/abi/schema-of.ts';
import { schemaFiles } from '../../scripts/abi/schemas.ts';
import {
  decodeJson,
  decodeNode,
  encodeJson,
  JsonDecodeError,
  parseEnvelope,
  type WireType,
  wire,
} from '../../src/protocol/messages/index.ts';
import type { SerdeCases } from '../json/serde/case.ts';
import { containers } from '../json/serde/containers.ts';
import { namedTypes } from '../json/serde/named-types.ts';
import { numbers } from '../json/serde/numbers.ts';
import { structs } from '../json/serde/structs.ts';
import { unions } from '../json/serde/unions.ts';
import { valuesOf } from '../json/values.ts';
import { hasOtherForm, hasUnseenNumberOrEscape } from './schema-exceptions.ts';

type Validate = (value: unknown) => boolean;

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });

/** The validator of the schema in a file. */
function validatorOf(path: string): Validate {
  const schema: unknown = JSON.parse(readFileSync(new URL(`../../abi/schemas/${path}`, import.meta.url), 'utf8'));
  if (typeof schema !== 'object' || schema === null) throw new Error(`${path} holds no schema`);
  return ajv.getSchema(String(Reflect.get(schema, '$id'))) ?? ajv.compile(schema);
}

function codecAccepts(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (thrown) {
    if (thrown instanceof JsonDecodeError) return false;
    throw thrown;
  }
}

/**
 * Where schema and codec differ, the text must have what abi/schemas/README.md says that a schema
 * does not see.
 */
function agree(type: WireType, validate: Validate, text: string): void {
  const value: unknown = JSON.parse(text);
  // A validator gets a value in which the last of repeated keys has won.
  const byCodec = codecAccepts(() => decodeNode(type, parseEnvelope(text)));
  const bySchema = validate(value);
  if (bySchema && !byCodec) assert.ok(hasUnseenNumberOrEscape(text), `only the schema accepts ${text}`);
  if (byCodec && !bySchema) assert.ok(hasOtherForm(type, value), `only the codec accepts ${text}`);
}

const schemas = suite('abi schemas');

schemas('every wire function of every version has schemas of its request and its response', () => {
  const types = new Set(schemaFiles.map(({ type }) => type));
  for (const functions of [wire.v1, wire.v2, wire.v3]) {
    for (const { name, schemas: declared } of Object.values(functions)) {
      assert.ok(types.has(declared.request) && types.has(declared.response), name);
    }
  }
});

schemas('bounds of 64 bits stand in the text with all their digits', () => {
  const text = readFileSync(new URL('../../abi/schemas/v1/types/observe-event-wire.json', import.meta.url), 'utf8');
  assert.match(text, '"maximum": 18446744073709551615\n');
  const record = readFileSync(new URL('../../abi/schemas/plugin-registry-record.json', import.meta.url), 'utf8');
  assert.match(record, '"minimum": -9223372036854775808,\n');
  assert.match(record, '"maximum": 9223372036854775807\n');
});

for (const { path, type, examples } of schemaFiles) {
  schemas(`${path} accepts its examples, and what the codec writes`, () => {
    const validate = validatorOf(path);
    for (const example of examples) assert.ok(validate(JSON.parse(encodeJson(type, example, 'declared'))));
    fc.assert(
      fc.property(valuesOf(type), (value) => {
        const text = encodeJson(type, value, 'sorted');
        assert.ok(validate(JSON.parse(text)), text);
        assert.ok(codecAccepts(() => decodeJson(type, text)));
      }),
      { numRuns: 30 },
    );
  });

  schemas(`${path} and the codec agree on what has been changed`, () => {
    const validate = validatorOf(path);
    const changed = fc.tuple(valuesOf(type), fc.nat(), change);
    fc.assert(
      fc.property(changed, ([value, place, how]) => {
        const json: unknown = JSON.parse(encodeJson(type, value, 'declared'));
        agree(type, validate, JSON.stringify(changeAt(json, place, how)));
      }),
      { numRuns: 60 },
    );
  });
}

/**
 * What is done at one place of a value: something else is put there, or in an object or array
 * something is added or removed.
 */
const change = fc.oneof(
  fc.record({
    put: fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1.5,
      256,
      65536,
      4294967296,
      2 ** 64,
      -(2 ** 64),
      '',
      'x',
      'self',
      [],
      {},
      [1],
      { a: 1 },
    ),
  }),
  fc.record({ add: fc.constantFrom('x', 'kind', '__proto__', 'constructor') }),
  fc.constant({ remove: true }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** A copy of a value with a change at one of its places, counted in depth first. */
function changeAt(value: unknown, place: number, how: Change): unknown {
  const count = countPlaces(value);
  let left = place % count;
  const walk = (item: unknown): unknown => {
    if (left-- === 0) return changed(item, how);
    if (Array.isArray(item)) return item.map(walk);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, one]) => [key, walk(one)]));
  };
  return walk(value);
}

function changed(item: unknown, how: Change): unknown {
  if ('put' in how) return how.put;
  if (Array.isArray(item)) return 'add' in how ? [...item, how.add] : item.slice(0, -1);
  if (typeof item !== 'object' || item === null) return [item];
  const entries = Object.entries(item);
  return Object.fromEntries('add' in how ? [...entries, [how.add, null]] : entries.slice(1));
}

function countPlaces(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, item) => sum + countPlaces(item), 1);
}

const tables: Readonly<Record<string, SerdeCases>> = { numbers, containers, structs, unions };

for (const [group, table] of Object.entries(tables)) {
  for (const [name, cases] of Object.entries(table)) {
    // A union that holds itself: no type of the protocol does.
    if (name === 'nest') continue;
    schemas(`${group}: the schema of ${name} says what the codec does`, () => {
      const type = namedTypes[name];
      if (type === undefined) throw new Error(`no type ${name}`);
      // A bound of 64 bits is rounded, as a validator that reads the schema as JSON has it too.
      const schema: unknown = JSON.parse(
        JSON.stringify(schemaOf(type, new Map()), (_key, item) => (typeof item === 'bigint' ? Number(item) : item)),
      );
      const validate = ajv.compile(schema as object);
      for (const [text] of cases) {
        if (isJson(text)) agree(type, validate, text);
        else
          assert.not.ok(
            codecAccepts(() => decodeJson(type, text)),
            text,
          );
      }
    });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

schemas.run();
