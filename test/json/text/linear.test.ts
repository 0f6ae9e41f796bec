// Reading and writing an answer takes time in proportion to its bytes, whatever they are. After the
// plugin has returned, nothing else bounds that time.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { JsonDecodeError } from '../../../src/json/text/decode-error.ts';
import {
  decodeJson,
  decodeNode,
  handshakeAccept,
  OpaqueJson,
  parseEnvelope,
  wire,
} from '../../../src/protocol/messages/index.ts';
import { thrownBy } from '../../support/failure.ts';

const linear = suite('time in proportion to bytes');

const repeated = (unit: string, bytes: number): string => unit.repeat(Math.max(1, Math.floor(bytes / unit.length)));
const arrayOf = (unit: string) => (bytes: number) => `[${repeated(unit, bytes)}0]`;
const stringOf = (unit: string) => (bytes: number) => `"${repeated(unit, bytes)}"`;
/** An object with keys made from numbers, which together take about this many bytes. */
const objectOf = (keyOf: (index: number, count: number) => string) => (bytes: number) => {
  const count = Math.floor(bytes / (keyOf(1, 2).length + 5));
  return `{${Array.from({ length: count }, (_, index) => `"${keyOf(index, count)}":0`).join(',')}}`;
};

const shapes: Readonly<Record<string, (bytes: number) => string>> = {
  'arrays 125 deep': arrayOf(`${'['.repeat(125)}${']'.repeat(125)},`),
  'objects 125 deep': arrayOf(`${'{"":'.repeat(125)}0${'}'.repeat(125)},`),
  'empty arrays': arrayOf('[],'),
  'small integers': arrayOf('0,'),
  'large integers': arrayOf('9007199254740993,'),
  'floats that grow when they are written': arrayOf('1e15,'),
  'short strings': arrayOf('"",'),
  'strings with an escape': arrayOf('"\\n",'),
  'one long string': stringOf('x'),
  'a string of backslashes': stringOf('\\\\'),
  'a string of quotation marks': stringOf('\\"'),
  'a string of escapes that become shorter': stringOf('\\u0041'),
  'one integer of many digits': (bytes) => `${repeated('1', bytes)}e-${bytes}`,
  'one float of many digits': (bytes) => `0.${repeated('1', bytes)}`,
  'white space': (bytes) => `${repeated(' ', bytes)}0`,
  'white space between everything': arrayOf(' \n0 \t, '),
  'keys in order': objectOf((index) => String(index).padStart(7, '0')),
  'keys in reverse order': objectOf((index, count) => String(count - index).padStart(7, '0')),
  'keys in no order': objectOf((index, count) => String((index * 7919) % count).padStart(7, '0')),
  'keys with a long beginning in common': objectOf((index, count) => `${'k'.repeat(500)}${(index * 7919) % count}`),
  'one key, again and again': objectOf(() => 'k'),
};

const BYTES = 524_288;
/** 15 to 60 times the usual time, because machines are busy. Quadratic time would be minutes. */
const NANOSECONDS_PER_BYTE = 10_000;

/** Runs up to three times: one run must be in time. */
function assertLinear(run: (bytes: number) => void): void {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 3; times++) {
    const since = performance.now();
    run(BYTES);
    least = Math.min(least, performance.now() - since);
    if (least * 1e6 < BYTES * NANOSECONDS_PER_BYTE) return;
  }
  assert.unreachable(`${BYTES} bytes took ${least.toFixed(0)} ms`);
}

for (const [what, make] of Object.entries(shapes)) {
  linear(`opaque JSON: ${what}`, () => {
    assertLinear((bytes) => void OpaqueJson.parse(make(bytes)));
  });
}

const response = wire.v1.buildSigner.schemas.response;
linear('a response around opaque JSON, and the request that returns it', () => {
  assertLinear((bytes) => {
    const { signer_state } = decodeNode(response, parseEnvelope(`{"signer_state":${arrayOf('[[[]]],')(bytes)}}`));
    assert.ok(signer_state.text.length > bytes / 2);
  });
});

/** Answers that are refused at the end of their bytes, or for a fault in many places. */
const refused: Readonly<Record<string, (bytes: number) => string>> = {
  'a fault after many values': (bytes) => `[${repeated('"\\n",', bytes)}x`,
  'a fault after a long string': (bytes) => `["${repeated('\\n', bytes)}\\x"]`,
  'a string without an end': (bytes) => `"${repeated('\\"', bytes)}`,
  'many fields that are not declared': (bytes) => `{${repeated('"unknown":0,', bytes)}"signer_state":0}`,
  'a key of many bytes that is not declared': (bytes) => `{"${repeated('k', bytes)}":0}`,
  'a lone surrogate after many characters': (bytes) => `["${repeated('é', bytes)}\\ud800"]`,
  'another type of many bytes': (bytes) => `[${repeated('0,', bytes)}0]`,
};
for (const [what, make] of Object.entries(refused)) {
  linear(`an answer that is refused: ${what}`, () => {
    assertLinear((bytes) => {
      const thrown = thrownBy(() => decodeNode(response, parseEnvelope(make(bytes))));
      assert.instance(thrown, JsonDecodeError);
      // No text of the answer, however long it is.
      if (thrown instanceof JsonDecodeError) assert.ok(thrown.message.length < 300, thrown.message.slice(0, 300));
    });
  });
}

linear('maps, sets and repeated fields of an accept', () => {
  const versions = objectOf((index, count) => String((index * 7919) % count).padStart(7, '0'));
  const names = (bytes: number): string =>
    Array.from({ length: Math.floor(bytes / 10) }, (_, index) => `"${(index * 7919) % 99991}"`).join(',');
  assertLinear((bytes) => {
    const text = `{"handshake_schema_version":1,"envelope_version":1,"chosen_versions":${versions(bytes)},
      "plugin_supported":{},"implemented_functions":[${names(bytes)}],"required_capabilities":[]}`;
    decodeJson(handshakeAccept, text);
  });
});

linear('a text is joined once, not once for each depth', () => {
  const { join } = Array.prototype;
  const text = arrayOf(`${'[{"k":'.repeat(60)}0${'}]'.repeat(60)},`)(BYTES);
  let copied = 0;
  Array.prototype.join = function (this: unknown[], ...separator: [string?]): string {
    const joined = join.apply(this, separator);
    copied += joined.length;
    return joined;
  };
  try {
    const value = OpaqueJson.parse(text);
    assert.is(OpaqueJson.from(value.parse()).text, text);
  } finally {
    Array.prototype.join = join;
  }
  assert.ok(copied < 2 * text.length, `${copied} characters copied for ${text.length}`);
});

linear.run();
