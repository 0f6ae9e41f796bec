import type { Mistake } from './mistake.ts';
import { answersZeros, changingResults, loops, panics, rewriting, routerThat } from './plugins.ts';

const ERROR = 'no quota data in the request';

/** A text at the end of the first page, where the router has nothing. */
const errorData = `(data (i32.const 65000) "${ERROR}")`;

/** Mistakes in what a wire function answers. */
export const answerMistakes: readonly Mistake[] = [
  {
    id: 'panic',
    mistake: '`filter` panics',
    command: ['conformance'],
    file: () => routerThat('filter', panics),
    told: {
      check: 'filter.answers',
      kind: 'Trap',
      message: 'wasm trap: unreachable',
      stack: '`core::panicking::panic_fmt` ← `filter` ← function 16',
      hint:
        'Look at `filter`: this trap is a panic (unwrap, expect, an index out of bounds), an ' +
        'abort or a failed assertion. Answer each valid request. For others set an error with ' +
        'error_set, and return a code other than 0.',
    },
  },
  {
    id: 'loop',
    mistake: '`filter` loops for ever',
    command: ['dispatch', 'filter', '--fuel', '20000000'],
    file: () => routerThat('filter', loops),
    told: {
      check: 'filter.answers',
      kind: 'PluginCall',
      message: 'filter: the plugin ran out of fuel: 20,000,000 of 20,000,000 fuel',
      hint:
        'Look for an endless loop, or for work that grows faster than the request. Build with ' +
        'optimisation: fuel counts instructions.',
    },
  },
  {
    id: 'huge',
    mistake: '`filter` answers 5,000,000 bytes',
    command: ['conformance'],
    file: () => routerThat('filter', answersZeros(5_000_000)),
    told: {
      check: 'filter.answers',
      kind: 'OutOfMemory',
      message: 'the plugin ran out of memory: 77 of 32 pages of growth',
      hint:
        'Allocate less: a page has 64 KiB, and input and output take pages too. Free the memory of a call ' +
        'before the next one, and keep no requests.',
    },
  },
  {
    id: 'seterr',
    mistake: '`filter` sets the error "no quota data in the request", and returns 3',
    command: ['conformance'],
    file: () => {
      const fail = `(drop (call $fail (i32.const 65000) (i32.const ${ERROR.length})))`;
      return routerThat('filter', { code: `${fail} (i32.const 3)` }, errorData);
    },
    told: {
      check: 'filter.answers',
      kind: 'PluginError',
      message: 'no quota data in the request',
      hint:
        'Answer this request: it follows the protocol. The text of the error is that of the plugin, which ' +
        'set it with error_set (in Rust: returned Err).',
    },
  },
  {
    id: 'badjson',
    mistake: '`filter` answers `{"_v":1,"results":[}`',
    command: ['conformance'],
    file: () => routerThat('filter', '{"_v":1,"results":[}'),
    told: {
      check: 'filter.envelope',
      kind: 'DeserializeResponseEnvelope',
      path: '$',
      message: "the text is not JSON: at $, byte 19, expected a value, found '}'",
      hint:
        'Write the JSON with an encoder (in Rust serde_json) instead of joining texts: byte 19 must be a ' +
        "value, not '}'.",
    },
  },
  {
    id: 'vfloat',
    mistake: '`filter` answers `"_v": 1.0`',
    command: ['conformance'],
    file: () => rewriting((answer) => answer.replace('"_v":1', '"_v":1.0')),
    told: {
      check: 'filter.envelope',
      kind: 'ResponseVersionInvalid',
      path: '$._v',
      message:
        'a value has the wrong type: at $._v, byte 6, expected an integer from 0 to 18446744073709551615, ' +
        'found a number with a fraction (1.0); write 1',
      hint:
        'Write _v as the integer 1, and not as a number with a fraction (1.0): hold it in an integer ' +
        'type, not in a float.',
    },
  },
  {
    id: 'v2',
    mistake: '`filter` answers `"_v": 2`',
    command: ['conformance'],
    file: () => rewriting((answer) => answer.replace('"_v":1', '"_v":2')),
    told: {
      check: 'filter.envelope',
      kind: 'ResponseVersionMismatch',
      message: '_v is 2, expected 1',
      hint: 'Copy _v from the request, which is 1, instead of writing 2: the handshake negotiated it.',
    },
  },
  {
    id: 'nov',
    mistake: '`filter` answers without `_v`',
    command: ['conformance'],
    file: () => rewriting((answer) => answer.replace('"_v":1,', '')),
    told: {
      check: 'filter.envelope',
      kind: 'ResponseVersionMissing',
      message: 'filter: the answer has no version _v, expected 1',
      hint: 'Add "_v": 1 to the response: copy it from the request.',
    },
  },
  {
    id: 'missingfield',
    mistake: '`filter` leaves `reason` out of each result',
    command: ['conformance'],
    file: () => changingResults(({ reason: _, ...rest }) => rest),
    told: {
      check: 'filter.all-options',
      kind: 'ResponseDecode',
      path: '$.results[0]',
      message: 'missing field `reason` in `$.results[0]` (byte 19)',
      hint:
        'Write the field `reason`, also if its value is empty: $.results[0].reason must be there (in ' +
        'Rust, without skip_serializing_if).',
    },
  },
  {
    id: 'extrafield',
    mistake: '`filter` adds `score` to each result',
    command: ['conformance'],
    file: () => changingResults((result) => ({ ...result, score: 1 })),
    told: {
      check: 'filter.all-options',
      kind: 'ResponseDecode',
      path: '$.results[0]',
      message: 'unknown field `score` in `$.results[0]`; known: `upstream_id`, `decision`, `reason` (byte ' + '121)',
      hint:
        'Leave the field `score` out of $.results[0], which may have no field but `upstream_id`, ' +
        '`decision`, `reason`.',
    },
  },
  {
    id: 'nullfield',
    mistake: '`filter` answers `reason: null`',
    command: ['conformance'],
    file: () => changingResults((result) => ({ ...result, reason: null })),
    told: {
      check: 'filter.all-options',
      kind: 'ResponseDecode',
      path: '$.results[0].reason',
      message:
        'a value has the wrong type: at $.results[0].reason, byte 102, expected a string, found null; ' +
        'null is not accepted here',
      hint:
        'Write a string at $.results[0].reason (if there is nothing, ""): abi/PROTOCOL.md marks ' +
        'the types that accept null with a question mark.',
    },
  },
  {
    id: 'nulllist',
    mistake: '`filter` answers `results: null` instead of an empty list',
    command: ['conformance'],
    file: () => rewriting((answer) => answer.replace('"results":[]', '"results":null')),
    told: {
      check: 'filter.response',
      kind: 'ResponseDecode',
      path: '$.results',
      message:
        'a value has the wrong type: at $.results, byte 18, expected an array, found null; null is not ' +
        'accepted here',
      hint:
        'Write an array at $.results (if there is nothing, []): abi/PROTOCOL.md marks the types ' +
        'that accept null with a question mark.',
    },
  },
  {
    id: 'wrongdecision',
    mistake: '`filter` answers `decision: "yes"`',
    command: ['conformance'],
    file: () => changingResults((result) => ({ ...result, decision: 'yes' })),
    told: {
      check: 'filter.known-decision',
      status: 'warn',
      message: 'the decision about "00000000-0000-4000-8000-000000000000" is "yes"',
      hint: 'Decide with accept or reject. Before you use another word, ask what your host does with it.',
    },
  },
];
