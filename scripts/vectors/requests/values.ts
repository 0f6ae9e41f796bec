import {
  candidate,
  choice,
  quota,
  score,
  sentCandidate,
  sentChoice,
  sentQuota,
  sentScore,
  sentSign,
  sentWireRequest,
  shape,
  sign,
  upstream,
} from '../request-texts.ts';
import type { RequestCase } from './case.ts';

const signCase = (words: string, rule: string, state: string, sent = state): RequestCase => ({
  words,
  rule,
  function: 'sign',
  request: sign(state),
  sent: sentSign(sent),
});

/** How values are written. */
export const valueCases: readonly RequestCase[] = [
  signCase(
    'keys-sorted-at-every-depth',
    'J-43',
    '{"b":[{"z":1,"a":{"y":2,"x":3}}],"B":4}',
    '{"B":4,"b":[{"a":{"x":3,"y":2},"z":1}]}',
  ),
  signCase(
    'keys-by-utf-8-bytes',
    'J-44',
    '{"\u{1f600}":1,"\uffee":2,"a":3,"_":4,"Z":5}',
    '{"Z":5,"_":4,"a":3,"\uffee":2,"\u{1f600}":1}',
  ),
  signCase('a-version-inside', 'D-2', '{"_v":7}'),
  signCase('large-integers', 'J-53', '[18446744073709551615,-9223372036854775808,9007199254740993]'),
  signCase('floats', 'J-50', '[1.0,0.1,1e16,1e-5,1e-6,1.5E2,-0.0]', '[1.0,0.1,1e+16,0.00001,1e-6,150.0,-0.0]'),
  signCase('numbers-that-become-doubles', 'J-54', '[18446744073709551616,-0]', '[1.8446744073709552e+19,-0.0]'),
  signCase(
    'strings',
    'J-47',
    '"\\u0041\\/\\u001F\\u007f\\u2028\\n\\"\\\\\\ud83d\\ude00"',
    '"A/\\u001f\u007f\u2028\\n\\"\\\\\u{1f600}"',
  ),
  signCase('white-space', 'J-42', '{ "a" : [ 1 , 2 ] }', '{"a":[1,2]}'),
  signCase('a-key-twice', 'J-41', '{"a":1,"a":2}', '{"a":2}'),
  signCase('proto', 'J-55', '{"__proto__":1}'),
  {
    words: 'claims',
    rule: 'T-21',
    function: 'shape',
    request: shape().replace('"claims":{}', '"claims":{"b":1.0,"a":[]}'),
    sent:
      `{"_v":1,"principal":{"claims":{"a":[],"b":1.0},"id":"i","kind":"k"},"request":${sentWireRequest},` +
      `"upstream":${upstream}}`,
  },
  ...(
    [
      ['0.85', '0.8500000238418579'],
      ['0.1', '0.10000000149011612'],
      ['1', '1.0'],
      ['16777217', '16777216.0'],
      ['1e-6', '9.999999974752427e-7'],
      ['1e13', '9999999827968.0'],
      ['3.4028235e38', '3.4028234663852886e+38'],
      ['1e39', 'null'],
      ['-0', '-0.0'],
    ] as const
  ).map(
    ([confidence, sent]): RequestCase => ({
      words: `f32-${confidence}`,
      rule: 'J-52',
      function: 'filter',
      request: choice(candidate(`,"cache_score":${score(confidence)}`)),
      sent: sentChoice(sentCandidate(sentScore(sent))),
    }),
  ),
  ...(
    [
      ['1', '1.0'],
      ['0.1', '0.1'],
      ['1e-7', '1e-7'],
      ['1e16', '1e+16'],
    ] as const
  ).map(
    ([utilization, sent]): RequestCase => ({
      words: `f64-${utilization}`,
      rule: 'J-50',
      function: 'filter',
      request: choice(candidate().replace('"subscription_quotas":[]', `"subscription_quotas":[${quota(utilization)}]`)),
      sent: sentChoice(
        sentCandidate().replace('"subscription_quotas":[]', `"subscription_quotas":[${sentQuota(sent)}]`),
      ),
    }),
  ),
];

/** The version is any u32. The checks of layer 2 come before. */
export const versionCases: readonly RequestCase[] = [0, 2, 65_535, 65_536, 4_294_967_295].map((version) => ({
  words: `version-${version}`,
  rule: 'D-2',
  function: 'sign',
  version,
  request: sign('null'),
  sent: sentSign('null', version),
}));
