import type { WrittenVector } from '../layer-vectors.ts';
import { bothWays, type Case, jsonVectors, type Way } from './case.ts';

/*
 * Numbers, each in a field of a type that declares it.
 */

/** An integer type of the protocol, and a text of a type with such a field. */
interface IntegerField {
  readonly integer: string;
  readonly type: string;
  readonly minimum: string;
  readonly maximum: string;
  /** One less than the minimum, and one more than the maximum. */
  readonly below: string;
  readonly above: string;
  readonly around: (token: string) => string;
}

const integerFields: readonly IntegerField[] = [
  {
    integer: 'u8',
    type: 'PluginIdentity',
    minimum: '0',
    maximum: '255',
    below: '-1',
    above: '256',
    around: (token) => `{"magic":[0,0,0,0,0,0,0,${token}],"abi_envelope":1,"plugin_name":"n","plugin_version":"v"}`,
  },
  {
    integer: 'u16',
    type: 'v1.NormalizeErrorRequest',
    minimum: '0',
    maximum: '65535',
    below: '-1',
    above: '65536',
    around: (token) => `{"status":${token},"body_base64":""}`,
  },
  {
    integer: 'u32',
    type: 'FunctionVersionOfferRaw',
    minimum: '0',
    maximum: '4294967295',
    below: '-1',
    above: '4294967296',
    around: (token) => `{"function":"f","versions":[${token}]}`,
  },
  {
    integer: 'u64',
    type: 'v1.RateLimitObservationWire',
    minimum: '0',
    maximum: '18446744073709551615',
    below: '-1',
    above: '18446744073709551616',
    around: (token) => `{"kind":"k","window":"w","limit":${token},"remaining":null,"reset":null}`,
  },
  {
    integer: 'i64',
    type: 'SelfCheckRequest',
    minimum: '-9223372036854775808',
    maximum: '9223372036854775807',
    below: '-9223372036854775809',
    above: '9223372036854775808',
    around: (token) => `{"functions_to_test":[],"initiated_at":${token}}`,
  },
  {
    integer: 'usize',
    type: 'v1.ObserveEventWire',
    minimum: '0',
    maximum: '18446744073709551615',
    below: '-1',
    above: '18446744073709551616',
    around: (token) => `{"kind":"chunk","batch_index":0,"event_count":${token},"total_bytes":0}`,
  },
];

/** Tokens that are not those of an integer. */
const otherTokens: readonly (readonly [words: string, token: string])[] = [
  ['fraction', '1.0'],
  ['fraction-of-zero', '0.0'],
  ['exponent', '1e0'],
  ['capital-exponent', '1E1'],
  ['minus-zero', '-0'],
  ['string', '"1"'],
  ['true', 'true'],
  ['list', '[1]'],
  ['object', '{}'],
  ['far-too-large', '1e30'],
  ['far-too-many-digits', '100000000000000000000000000000000'],
];

const integers = integerFields.flatMap(({ integer, type, minimum, maximum, below, above, around }) => {
  const same = (words: string, token: string): Case => [words, around(token), around(token)];
  const ways: readonly Way[] = ['u64', 'i64'].includes(integer) ? ['direct', 'value'] : ['direct'];
  return jsonVectors({ rule: 'J-13', type, id: integer, ways }, [
    same('minimum', minimum),
    same('maximum', maximum),
    ['one-below', around(below), null],
    ['one-above', around(above), null],
    ...otherTokens.map(([words, token]): Case => [words, around(token), null]),
  ]);
});

/** Integers that a double cannot hold. */
const exactIntegers: readonly WrittenVector[] = integerFields
  .filter(({ integer }) => ['u64', 'i64', 'usize'].includes(integer))
  .flatMap(({ integer, type, around }) =>
    jsonVectors(
      { rule: 'J-13', type, id: integer },
      ['9007199254740991', '9007199254740992', '9007199254740993'].map(
        (token): Case => [token, around(token), around(token)],
      ),
    ),
  );

const quota = (token: string): string =>
  `{"window":"w","source":"s","data_state":"d","utilization":${token},"status":null,"resets_at_unix_secs":null,` +
  '"surpassed_threshold":null,"representative_claim":null,"disabled_reason":null,"observed_at_unix_millis":null,' +
  '"age_secs":null}';

const score = (token: string): string =>
  '{"predicted_cache_read_tokens":0,"predicted_cache_creation_tokens_5m":0,"predicted_cache_creation_tokens_1h":0,' +
  `"predicted_uncached_input_tokens":0,"confidence":${token}}`;

type Pair = readonly [token: string, written: string];

const floatCases = (around: (token: string) => string, pairs: readonly Pair[]): readonly Case[] =>
  pairs.map(([token, written]): Case => [token, around(token), around(written)]);

const anyNumber: readonly Pair[] = [
  ['0', '0.0'],
  ['-0', '-0.0'],
  ['1', '1.0'],
  ['-1', '-1.0'],
  ['1.0', '1.0'],
  ['1e0', '1.0'],
  ['1.5E+2', '150.0'],
];

const notNumbers: readonly (readonly [words: string, token: string])[] = [
  ['string', '"1"'],
  ['true', 'true'],
  ['list', '[1]'],
  ['NaN', 'NaN'],
];

const wrongFloats = (around: (token: string) => string): readonly Case[] =>
  notNumbers.map(([words, token]): Case => [words, around(token), null]);

/** An f64 is read to the nearest double, and written by the notation of its size. */
const doubles: readonly Pair[] = [
  ['0.1', '0.1'],
  ['0.30000000000000004', '0.30000000000000004'],
  ['100', '100.0'],
  ['1e15', '1000000000000000.0'],
  ['9999999999999998', '9999999999999998.0'],
  ['1e16', '1e+16'],
  ['-1e16', '-1e+16'],
  ['123456789012345680', '1.2345678901234568e+17'],
  ['9007199254740993', '9007199254740992.0'],
  ['18446744073709551615', '1.8446744073709552e+19'],
  ['18446744073709551616', '1.8446744073709552e+19'],
  ['-9223372036854775808', '-9.223372036854776e+18'],
  ['1e21', '1e+21'],
  ['1e22', '1e+22'],
  ['1e-5', '0.00001'],
  ['0.00001234', '0.00001234'],
  ['9.99e-6', '9.99e-6'],
  ['1e-6', '1e-6'],
  ['1e-7', '1e-7'],
  ['-1.5e-7', '-1.5e-7'],
  ['5e-324', '5e-324'],
  ['2e-324', '0.0'],
  ['1e-400', '0.0'],
  ['-1e-400', '-0.0'],
  ['1.7976931348623157e308', '1.7976931348623157e+308'],
];

/** An f32 where fields are in declared order. */
const singles: readonly Pair[] = [
  ['0.85', '0.85'],
  ['0.1', '0.1'],
  ['123456.7', '123456.7'],
  ['3.14159265358979', '3.1415927'],
  ['1e-5', '0.00001'],
  ['1e-6', '0.000001'],
  ['9.9e-7', '9.9e-7'],
  ['-9.9e-7', '-9.9e-7'],
  ['9999999e6', '9999999000000.0'],
  ['1e12', '1000000000000.0'],
  ['1e13', '1e+13'],
  ['1.5e13', '1.5e+13'],
  ['1e16', '1e+16'],
  ['1.1754944e-38', '1.1754944e-38'],
  ['1.4e-45', '1e-45'],
  ['2097152.25', '2097152.2'],
  ['2097152.75', '2097152.8'],
  ['0.000244140625', '0.00024414062'],
  ['1.2379400392853803e27', '1.2379401e+27'],
];

/** How a number becomes an f32: once, or through a double. */
const rounding: readonly Pair[] = [
  ['16777217', '16777216.0'],
  ['16777219', '16777220.0'],
  ['-16777217', '-16777216.0'],
  // Above the middle of two f32 by less than a double can tell. An integer is rounded up.
  ['1152921573326323713', '1.1529216e+18'],
  ['-1152921573326323713', '-1.1529216e+18'],
  // Also above the middle. The double is the middle itself, and is rounded to the even one.
  ['16777217.000000001', '16777216.0'],
  ['1152921573326323713.0', '1.1529215e+18'],
  ['18446744073709551615', '1.8446744e+19'],
  ['18446744073709551616', '1.8446744e+19'],
  ['-9223372036854775808', '-9.223372e+18'],
  ['3.4028235e38', '3.4028235e+38'],
  ['3.40282356e38', '3.4028235e+38'],
  ['3.4028236e38', 'null'],
  ['1e39', 'null'],
  ['-1e39', 'null'],
  ['1e-50', '0.0'],
  ['-1e-50', '-0.0'],
  ['7e-46', '0.0'],
  ['8e-46', '1e-45'],
];

/** Doubles that a reader finds only if it rounds once. */
const hardDoubles: readonly Pair[] = [
  ['1.602176634e-19', '1.602176634e-19'],
  ['9007199254740993.0', '9007199254740992.0'],
  ['2.2250738585072011e-308', '2.225073858507201e-308'],
];

const f64 = { type: 'v1.SubscriptionQuotaCandidateSnapshotWire', id: 'f64' };
const f32 = { type: 'v2.CacheScoreWire', id: 'f32' };

/** How numbers are read and written. */
export const numberVectors: readonly WrittenVector[] = [
  ...integers,
  ...exactIntegers,
  ...jsonVectors({ rule: 'J-14', ...f64 }, floatCases(quota, anyNumber)),
  ...jsonVectors({ rule: 'J-14', ...f64 }, floatCases(quota, hardDoubles)).map((vector) => ({
    ...vector,
    deviation: 'floats in JSON',
  })),
  ...bothWays({ rule: 'J-14', ...f32 }, floatCases(score, anyNumber)),
  ...jsonVectors({ rule: 'J-14', ...f64 }, wrongFloats(quota)),
  ...bothWays({ rule: 'J-14', ...f32 }, [...wrongFloats(score), ['null', score('null'), null]]),
  ...bothWays({ rule: 'J-15', ...f32 }, floatCases(score, rounding)),
  ...jsonVectors({ rule: 'J-50', ...f64 }, floatCases(quota, doubles)),
  ...jsonVectors({ rule: 'J-51', ...f32 }, floatCases(score, singles)),
];
