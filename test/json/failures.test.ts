// What is said of a text that does not decode: the message, and the facts from which a hint can be
// chosen without reading the message.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { base64 } from '../../src/hooks/json-form.ts';
import {
  bool,
  decodeJson,
  decodeNode,
  f64,
  fixedArray,
  handshakeAccept,
  i64,
  JsonDecodeError,
  type JsonDecodeFailure,
  list,
  map,
  opaqueObject,
  option,
  parseEnvelope,
  pluginIdentity,
  selfCheckResponse,
  string,
  stringSet,
  struct,
  u8,
  u64,
  type WireType,
  wire,
  wireTypes,
} from '../../src/protocol/messages/index.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { defaults, empty, plain } from './serde/types.ts';

const failures = suite('json/failures');

const { ShapedRequestWire, ObserveEventWire } = wireTypes.v1;
const filterResponse = wire.v3.filter.schemas.response;
const result = struct('Result', { decision: string, reason: option(string), upstream_id: string });
const stages = 'request_preparation, wire_function_test, capability_verification, response_validation';
const inTicks = (names: string): string => names.replace(/\w+/g, '`$&`');

type Row = readonly [type: WireType, text: string, message: string, failure: JsonDecodeFailure];

const fields: readonly Row[] = [
  [
    struct('Answer', { results: list(result) }),
    '{"results":[{"decision":"d","upstream_id":"u","reson":"r"}]}',
    'unknown field `reson` in `$.results[0]`; known: `decision`, `reason`, `upstream_id`; ' +
      'did you mean `reason`? (byte 54)',
    {
      kind: 'UnknownField',
      path: '$.results[0]',
      offset: 54,
      expected: 'one of decision, reason, upstream_id',
      found: 'the field reson',
      field: 'reson',
      known: ['decision', 'reason', 'upstream_id'],
      meant: 'reason',
    },
  ],
  [
    // A field that is present already was not meant by another one.
    result,
    '{"reason":"r","reasons":["r"],"decision":"d","upstream_id":"u"}',
    'unknown field `reasons` in `$`; known: `decision`, `reason`, `upstream_id` (byte 24)',
    {
      kind: 'UnknownField',
      path: '$',
      offset: 24,
      expected: 'one of decision, reason, upstream_id',
      found: 'the field reasons',
      field: 'reasons',
      known: ['decision', 'reason', 'upstream_id'],
    },
  ],
  [
    empty,
    '{"a":1}',
    'unknown field `a` in `$`; no field is known (byte 5)',
    {
      kind: 'UnknownField',
      path: '$',
      offset: 5,
      expected: 'nothing',
      found: 'the field a',
      field: 'a',
      known: [],
    },
  ],
  [
    ShapedRequestWire,
    '{"url":"","method":"","headers":[]}',
    'missing field `body_base64` in `$` (byte 0)',
    {
      kind: 'MissingField',
      path: '$.body_base64',
      offset: 0,
      expected: 'the field',
      found: 'nothing',
      field: 'body_base64',
    },
  ],
  [
    filterResponse,
    ' {"results":[{"upstream_id":"","decision":"","decision":""}]}',
    'repeated field `decision` in `$.results[0]` (byte 56)',
    {
      kind: 'RepeatedField',
      path: '$.results[0].decision',
      offset: 56,
      expected: 'the field once',
      found: 'the field again',
      field: 'decision',
    },
  ],
  [
    ObserveEventWire,
    '{"code":""}',
    'missing field `kind` in `$` (byte 0)',
    { kind: 'MissingField', path: '$.kind', offset: 0, expected: 'the field', found: 'nothing', field: 'kind' },
  ],
  [
    list(ObserveEventWire),
    '[{"knd":"upstream_chosen","upstream":null}]',
    'missing field `kind` in `$[0]`; is `knd` a misspelling of it? (byte 1)',
    {
      kind: 'MissingField',
      path: '$[0].kind',
      offset: 1,
      expected: 'the field',
      found: 'nothing',
      field: 'kind',
      misspelt: 'knd',
    },
  ],
];

const names: readonly Row[] = [
  [
    selfCheckResponse,
    '{"status":"failure","failures":[["wire_function_test",""],{"stage":"wire_function_test",' +
      '"message":"é"},{"stage":"wire_function_tests","message":""}],"completed_at":1}',
    `unknown name \`wire_function_tests\` at \`$.failures[2].stage\`; known: ${inTicks(stages)}; ` +
      'did you mean `wire_function_test`? (byte 113)',
    {
      kind: 'UnknownVariant',
      path: '$.failures[2].stage',
      offset: 113,
      expected: `one of ${stages}`,
      found: 'wire_function_tests',
      given: 'wire_function_tests',
      known: stages.split(', '),
      meant: 'wire_function_test',
    },
  ],
  [
    plain,
    '{"sucess":null}',
    'unknown name `sucess` at `$`; known: `success`, `failure`; did you mean `success`? (byte 0)',
    {
      kind: 'UnknownVariant',
      path: '$',
      offset: 0,
      expected: 'one of success, failure',
      found: 'sucess',
      given: 'sucess',
      known: ['success', 'failure'],
      meant: 'success',
    },
  ],
  [
    ObserveEventWire,
    '{"kind":"upstream_chosen","upstream":{"kind":"bedrock"}}',
    'unknown name `bedrock` at `$.upstream.kind`; known: `anthropic_direct` (byte 45)',
    {
      kind: 'UnknownVariant',
      path: '$.upstream.kind',
      offset: 45,
      expected: 'one of anthropic_direct',
      found: 'bedrock',
      given: 'bedrock',
      known: ['anthropic_direct'],
    },
  ],
  [
    ObserveEventWire,
    '{"kind":"upstream_chosen","upstream":{"kind":7}}',
    'unknown name `7` at `$.upstream.kind`; known: `anthropic_direct` (byte 45)',
    {
      kind: 'UnknownVariant',
      path: '$.upstream.kind',
      offset: 45,
      expected: 'one of anthropic_direct',
      found: '7',
      given: '7',
      known: ['anthropic_direct'],
    },
  ],
];

for (const [group, rows] of Object.entries({ fields, names })) {
  for (const [type, text, message, facts] of rows) {
    failures(`${group}: ${message}`, () => {
      const thrown = thrownBy(() => decodeJson(type, text));
      assert.instance(thrown, JsonDecodeError);
      assert.is(thrown instanceof JsonDecodeError && thrown.message, message);
      assert.equal(
        failureOf(JsonDecodeError, () => decodeJson(type, text)),
        facts,
      );
    });
  }
}

/** What else a failure of a value has: `expectedType`, `foundType`, and perhaps `meant`. */
type ValueFacts = Readonly<Record<string, string | boolean>>;
type ValueRow = readonly [type: WireType, text: string, kind: string, end: string, facts: ValueFacts];

const byte = 'an integer from 0 to 255';
const int = (foundType: string, meant?: string): ValueFacts => ({
  expectedType: 'integer',
  foundType,
  ...(meant !== undefined && { meant }),
});
const outOfRange: ValueFacts = { foundType: 'integer' };
const types = (expectedType: string, foundType: string): ValueFacts => ({ expectedType, foundType });

const values: readonly ValueRow[] = [
  [u8, '1.0', 'WrongType', `${byte}, found a number with a fraction (1.0); write 1`, int('float', '1')],
  [u8, '1e2', 'WrongType', `${byte}, found a number with an exponent (1e2); write 100`, int('float', '100')],
  [u8, '1E2', 'WrongType', `${byte}, found a number with an exponent (1E2); write 100`, int('float', '100')],
  [
    u8,
    '2.0e0',
    'WrongType',
    `${byte}, found a number with a fraction and an exponent (2.0e0); write 2`,
    int('float', '2'),
  ],
  [u8, '1.5', 'WrongType', `${byte}, found a number with a fraction (1.5)`, int('float')],
  [u8, '256.0', 'WrongType', `${byte}, found a number with a fraction (256.0)`, int('float')],
  [u8, '-1.0', 'WrongType', `${byte}, found a number with a fraction (-1.0)`, int('float')],
  [u8, '-0', 'WrongType', `${byte}, found -0; write 0`, int('float', '0')],
  [u8, '-0.0', 'WrongType', `${byte}, found a number with a fraction (-0.0); write 0`, int('float', '0')],
  [u8, '256', 'IntegerOutOfRange', `${byte}, found 256`, outOfRange],
  [u8, '-1', 'IntegerOutOfRange', `${byte}, found -1`, outOfRange],
  [
    u64,
    '18446744073709551616',
    'IntegerOutOfRange',
    'an integer from 0 to 18446744073709551615, found 18446744073709551616',
    outOfRange,
  ],
  [
    i64,
    '-9223372036854775809',
    'IntegerOutOfRange',
    'an integer from -9223372036854775808 to 9223372036854775807, found -9223372036854775809',
    outOfRange,
  ],
  [u8, `1${'0'.repeat(300)}`, 'IntegerOutOfRange', `${byte}, found 1${'0'.repeat(39)}…`, outOfRange],
  // Above 2^53 a double may be another number, so none is suggested.
  [
    u64,
    '9007199254740993.0',
    'WrongType',
    'an integer from 0 to 18446744073709551615, found a number with a fraction (9007199254740993.0); write all its ' +
      'digits, without a fraction or an exponent',
    { ...int('float'), isInexact: true },
  ],
  [
    u64,
    '1.8e19',
    'WrongType',
    'an integer from 0 to 18446744073709551615, found a number with a fraction and an exponent (1.8e19); write all ' +
      'its digits, without a fraction or an exponent',
    { ...int('float'), isInexact: true },
  ],
  [u8, '"1"', 'WrongType', `${byte}, found a string; write a number without quotation marks`, int('string')],
  [u8, 'null', 'WrongType', `${byte}, found null; null is not accepted here`, int('null')],
  [u8, 'true', 'WrongType', `${byte}, found true`, int('boolean')],
  [u8, '[1]', 'WrongType', `${byte}, found an array`, int('array')],
  [u8, '{"secret":1}', 'WrongType', `${byte}, found an object`, int('object')],
  [
    f64,
    '"1"',
    'WrongType',
    'a number, found a string; write a number without quotation marks',
    types('float', 'string'),
  ],
  [string, '1', 'WrongType', 'a string, found 1; write it in quotation marks', types('string', 'integer')],
  [string, '1.50', 'WrongType', 'a string, found 1.50; write it in quotation marks', types('string', 'float')],
  [string, 'null', 'WrongType', 'a string, found null; null is not accepted here', types('string', 'null')],
  [string, 'false', 'WrongType', 'a string, found false', types('string', 'boolean')],
  [bool, '"true"', 'WrongType', 'true or false, found a string', types('boolean', 'string')],
  [bool, '1', 'WrongType', 'true or false, found 1', types('boolean', 'integer')],
  [list(u8), '{}', 'WrongType', 'an array, found an object', types('array', 'object')],
  [list(u8), 'null', 'WrongType', 'an array, found null; null is not accepted here', types('array', 'null')],
  [stringSet, '"a"', 'WrongType', 'an array of strings, found a string', types('array', 'string')],
  [fixedArray(u8, 2), '"ab"', 'WrongType', 'an array of 2, found a string', types('array', 'string')],
  [map(u8), '[]', 'WrongType', 'an object, found an array', types('object', 'array')],
  [opaqueObject, '[]', 'WrongType', 'an object, found an array', types('object', 'array')],
  [result, '"secret"', 'WrongType', 'an object (Result), found a string', types('object', 'string')],
  [
    plain,
    '0',
    'WrongType',
    'one of success, failure, found 0; write it in quotation marks',
    types('string', 'integer'),
  ],
];

for (const [type, text, kind, end, facts] of values) {
  failures(`values: ${text.slice(0, 30)} where ${end.slice(0, 30)} is expected`, () => {
    const thrown = thrownBy(() => decodeJson(list(type), `[${text}]`));
    if (!(thrown instanceof JsonDecodeError)) throw thrown;
    const { expected, found, ...others } = thrown.failure;
    assert.equal(others, { kind, path: '$[0]', offset: 1, ...facts });
    assert.ok(thrown.message.endsWith(`: at $[0], byte 1, expected ${end}`), thrown.message);
    assert.ok(end.startsWith(`${expected}, found ${found}`), end);
  });
}

failures('null for a field that may be left out says so', () => {
  const thrown = thrownBy(() => decodeJson(defaults, '{"a":1,"list":null}'));
  if (!(thrown instanceof JsonDecodeError)) throw thrown;
  assert.is(
    thrown.message,
    'a value has the wrong type: at $.list, byte 14, expected an array, found null; null is not accepted here: leave ' +
      'the field out, or write an array',
  );
  assert.is('mayBeMissing' in thrown.failure && thrown.failure.mayBeMissing, true);
  for (const text of ['{"a":null}', '{"a":1,"list":[null]}', '{"a":1,"list":1}'])
    assert.not.ok('mayBeMissing' in failureOf(JsonDecodeError, () => decodeJson(defaults, text)), text);
});

failures('a string that is not base64 is a value of the right JSON type', () => {
  const failure = failureOf(JsonDecodeError, () => decodeJson(base64, '"="'));
  assert.is(failure.kind, 'WrongType');
  assert.not.ok('expectedType' in failure);
});

const BIDI = '\u202e';

/** How a key is shown in a path, after `$`. */
const keys: readonly (readonly [key: string, step: string])[] = [
  ['filter', '.filter'],
  ['_v', '._v'],
  ['__proto__', '.__proto__'],
  ['constructor', '.constructor'],
  ['a b', '["a b"]'],
  ['', '[""]'],
  ['0', '["0"]'],
  ['a.b', '["a.b"]'],
  ['a-b', '["a-b"]'],
  ['$', '["$"]'],
  ['"]', '["\\"]"]'],
  ['\\', '["\\\\"]'],
  ['é', '["é"]'],
  ['\u{1f600}', '["\u{1f600}"]'],
  ['\n\r\t\u0000\u001b[31m', '["\\n\\r\\t\\u0000\\u001b[31m"]'],
  ['\u007f\u009b', '["\\u007f\\u009b"]'],
  [`${BIDI}gnp`, '["\\u202egnp"]'],
  ['a\u200bb\ufeff', '["a\\u200bb\\ufeff"]'],
  ['\u2028\u2029', '["\\u2028\\u2029"]'],
  ['\u{e0041}', '["\\udb40\\udc41"]'],
  ['k'.repeat(64), `.${'k'.repeat(64)}`],
  ['k'.repeat(65), `["${'k'.repeat(64)}"…]`],
  ['k'.repeat(1_000_000), `["${'k'.repeat(64)}"…]`],
  ['\u{1f600}'.repeat(500_000), `["${'\u{1f600}'.repeat(64)}"…]`],
  ['\u0000'.repeat(1_000_000), `["${'\\u0000'.repeat(64)}"…]`],
];

const shownKey = (step: string): string => (step.startsWith('.') ? step.slice(1) : step.slice(1, -1));

for (const [key, step] of keys) {
  failures(`keys: ${step.slice(0, 40)} is how a key is shown, in a path, as a field and as a name`, () => {
    const text = `{${JSON.stringify(key)}:null}`;
    for (const decode of [
      () => decodeJson(map(u8), text),
      () => decodeNode(map(u8), parseEnvelope(text)),
      () => decodeJson(map(u8), `{"z":1,${JSON.stringify(key)}:null,"a":1}`),
    ]) {
      const failure = failureOf(JsonDecodeError, decode);
      assert.equal([failure.kind, failure.path, failure.hasKey], ['WrongType', `$${step}`, true]);
    }
    const unknown = failureOf(JsonDecodeError, () => decodeJson(defaults, text));
    assert.is(unknown.kind === 'UnknownField' && unknown.field, shownKey(step));
    const variant = failureOf(JsonDecodeError, () => decodeJson(plain, JSON.stringify(key)));
    assert.is(variant.kind === 'UnknownVariant' && variant.given, shownKey(step));
    for (const failure of [unknown, variant]) {
      assert.not.match(new JsonDecodeError(failure).message, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      assert.ok(JSON.stringify(failure).length < 2_000);
    }
  });
}

failures('maps within maps, lists and structs have their keys in the path', () => {
  const nested = struct('Nested', { versions: map(list(map(u8))) });
  const { path } = failureOf(JsonDecodeError, () => decodeJson(nested, '{"versions":{"shape":[{},{"a b":"x"}]}}'));
  assert.is(path, '$.versions.shape[1]["a b"]');
  assert.not.ok('hasKey' in failureOf(JsonDecodeError, () => decodeJson(nested, '{"versions":1}')));
  const accept = '[1,1,{"filter":1.0},{},[],[]]';
  assert.is(failureOf(JsonDecodeError, () => decodeJson(handshakeAccept, accept)).path, '$.chosen_versions.filter');
});

failures('strings that are no names are not repeated', () => {
  const texts: readonly (readonly [WireType, string])[] = [
    [u8, '"secret"'],
    [list(u8), '["secret"]'],
    [pluginIdentity, '{"magic":"secret"}'],
    [pluginIdentity, '[[1],1,"secret","secret"]'],
    [string, '["secret"]'],
    [string, '"secret'],
    [string, '"secret\\x"'],
    [string, 'secret'],
    [opaqueObject, '["secret"]'],
    [fixedArray(string, 2), '["secret"]'],
    [plain, '{"success":"secret"}'],
  ];
  for (const [type, text] of texts) {
    const thrown = thrownBy(() => decodeJson(type, text));
    if (!(thrown instanceof JsonDecodeError)) throw thrown;
    assert.not.match(thrown.message + JSON.stringify(thrown.failure), /secret/);
  }
});

failures('a failure is plain JSON', () => {
  for (const [type, text] of [...fields, ...names, ...values]) {
    const thrown = thrownBy(() => decodeJson(type, text));
    if (!(thrown instanceof JsonDecodeError)) throw thrown;
    assert.equal(JSON.parse(JSON.stringify(thrown.failure)), thrown.failure);
  }
});

failures('what is said of a text takes time in proportion to its bytes', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `"${String(index).padStart(60, 'k')}":0`).join(',');
  const wide = struct('Wide', Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field_${index}`, u8])));
  const rows: readonly (readonly [type: WireType, text: string])[] = [
    [defaults, `{${many}}`],
    [ObserveEventWire, `{${many}}`],
    [wide, `{"${'k'.repeat(1_000_000)}":0}`],
  ];
  for (const [type, text] of rows) {
    const since = performance.now();
    thrownBy(() => decodeJson(type, text));
    assert.ok(performance.now() - since < 2_000, text.slice(0, 80));
  }
});

failures.run();
