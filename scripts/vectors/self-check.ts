import { failuresIn } from './ends.ts';
import { type LayerVectors, type Row, vectorsOf } from './layer-vectors.ts';
import { acting, answering, type Part, u32Part } from './parts.ts';

const refused = failuresIn('self_check');
const violation = (kind: string, fields?: object): object => refused('Validation', { violation: { kind, ...fields } });

const instantiate = refused('Instantiate');
const missing = refused('MissingSelfCheckExport');
const call = refused('Call');
const decode = refused('DecodeResponse');
const tooMany = violation('TooManyFunctions');
const invalidTime = (field: string): object => violation('InvalidTimestamp', { field });
const tooLarge = (bytes: number): object => refused('OutputTooLarge', { bytes, max: 8192 });

/** A response as JSON: a success, or with some fields changed. */
const response = (changes: object = {}): string =>
  JSON.stringify({ status: 'success', failures: [], completed_at: 5, ...changes });
const success = response();
const succeeded = { response: success };

const failures = (count: number, stage = 'wire_function_test'): object[] =>
  Array.from({ length: count }, () => ({ stage, message: 'bad' }));
const failing = (count: number, stage?: string): string =>
  response({ status: 'failure', failures: failures(count, stage) });

/** A module that traps if the request that it gets is another one. */
const expecting = (request: string) => acting('x', u32Part(request.length), { text: request }, { text: success });
const answers = (rule: string, answer: unknown, ends: object): Row => ({
  rule,
  wasm: answering('answer', answer),
  ends,
});
const ofLength = (count: number): readonly Part[] => [{ text: success }, { text: ' ', times: count - success.length }];

const CLOCK = 1_700_000_000_999;
const MEMORY = 'memory in handshake and self-check';

const requests: Readonly<Record<string, Row>> = {
  'request-of-all': {
    rule: 'S-5.2',
    wasm: expecting(
      '{"functions_to_test":["shape","normalize_error","build_signer","sign","on_unauthorized","observe","filter"],' +
        '"initiated_at":1700000000}',
    ),
    clock: CLOCK,
    ends: succeeded,
  },
  'request-of-one-slot': {
    rule: 'S-5.1',
    wasm: expecting('{"functions_to_test":["filter"],"initiated_at":1700000000}'),
    slots: ['router'],
    clock: CLOCK,
    ends: succeeded,
  },
  'request-of-all-slots': {
    rule: 'S-5.1',
    wasm: expecting('{"functions_to_test":["filter","observe","shape"],"initiated_at":1700000000}'),
    slots: ['router', 'observability_hook', 'shape'],
    clock: CLOCK,
    ends: succeeded,
  },
  'request-of-slots-in-their-order': {
    rule: 'S-5.1',
    wasm: expecting('{"functions_to_test":["shape","filter","observe"],"initiated_at":1700000000}'),
    slots: ['shape', 'router', 'observability_hook'],
    clock: CLOCK,
    ends: succeeded,
  },
  'request-is-the-input': { rule: 'S-1', wasm: acting('i'), ends: decode },
  'request-of-16-slots': {
    rule: 'S-2.1',
    wasm: answering('answer', success),
    slots: Array.from({ length: 16 }, () => 'shape'),
    ends: succeeded,
  },
  'request-of-17-slots': {
    rule: 'S-8.5',
    wasm: answering('answer', success),
    slots: Array.from({ length: 17 }, () => 'shape'),
    ends: tooMany,
  },
  'time-of-1-second': {
    rule: 'S-2.2',
    wasm: expecting('{"functions_to_test":["shape"],"initiated_at":1}'),
    slots: ['shape'],
    clock: 1000,
    ends: succeeded,
  },
  'time-of-999-milliseconds': {
    rule: 'S-8.6',
    wasm: answering('answer', success),
    clock: 999,
    ends: invalidTime('initiated_at'),
  },
  'time-before-1970': {
    rule: 'S-8.6',
    wasm: answering('answer', success),
    clock: -1,
    ends: invalidTime('initiated_at'),
  },
  'number-of-functions-before-time': {
    rule: 'S-8.5',
    wasm: answering('answer', success),
    slots: Array.from({ length: 17 }, () => 'shape'),
    clock: 0,
    ends: tooMany,
  },

  // Nothing to test.
  'no-slots': {
    rule: 'S-6',
    about: 'The export would trap.',
    wasm: acting('u'),
    slots: [],
    clock: CLOCK,
    ends: { response: '{"status":"success","failures":[],"completed_at":1700000000}' },
  },
  'no-slots-at-time-0': { rule: 'S-6', wasm: acting('u'), slots: [], clock: 0, ends: invalidTime('completed_at') },
  'no-slots-and-no-export': { rule: 'S-6', wasm: 'entry-is-missing', slots: [], ends: missing },
  'no-slots-and-no-module': { rule: 'S-6', wasm: [{ text: 'not a module' }], slots: [], ends: instantiate },
};

const calls: Readonly<Record<string, Row>> = {
  'no-module': { rule: 'S-8.1', wasm: [{ text: 'not a module' }], ends: instantiate },
  'import-of-a-host-function': { rule: 'L-4.1', wasm: 'imports-host-function', ends: instantiate },
  'import-of-wasi': { rule: 'L-4.2', wasm: 'imports-wasi', ends: instantiate },
  'start-function-that-traps': { rule: 'S-8.1', wasm: 'start-traps', ends: instantiate },
  'no-export': { rule: 'S-8.2', wasm: 'entry-is-missing', ends: missing },
  'export-with-a-parameter': { rule: 'L-6', wasm: 'entry-takes-parameter', ends: missing },
  'export-that-returns-i64': { rule: 'L-6', wasm: 'entry-returns-i64', ends: missing },
  'export-that-is-a-global': { rule: 'L-6', wasm: 'entry-is-global', ends: missing },
  'export-without-a-result': { rule: 'L-6', wasm: answering('answer-no-result', success), ends: succeeded },
  'building-before-the-request': {
    rule: 'S-8.1',
    wasm: [{ text: 'not a module' }],
    clock: 0,
    ends: instantiate,
  },
  'export-before-the-request': { rule: 'S-8.2', wasm: 'entry-is-missing', clock: 0, ends: missing },
  trap: { rule: 'S-8.8', wasm: acting('u'), ends: call },
  'error-that-says-timeout': {
    rule: 'S-8.8',
    about: 'Only in the handshake such a text is a timeout.',
    wasm: acting('e', { text: 'timeout' }),
    ends: call,
  },
  'error-and-code-0': { rule: 'S-8.8', wasm: acting('r', { text: 'no such luck' }), ends: call },
  'code-beside-a-response': { rule: 'S-8.8', wasm: acting('A', { text: success }), ends: call },
  'initialisation-that-traps': { rule: 'S-8.8', wasm: 'initialisation-traps', ends: call },
  'loop-without-end': { rule: 'S-8.8', wasm: acting('o'), ends: call },
  'fuel-below-the-budget': { rule: 'L-4.4', wasm: acting('b', u32Part(1_600_000), { text: success }), ends: succeeded },
  'fuel-above-the-budget': { rule: 'L-4.4', wasm: acting('b', u32Part(1_700_000), { text: success }), ends: call },
  'time-used-up': {
    rule: 'L-4.3',
    flags: ['time'],
    wasm: acting('o'),
    budget: { fuel: 1_000_000_000_000, wall_ms: 200 },
    ends: call,
  },
  'memory-of-1025-pages': {
    rule: 'L-4.6',
    deviation: MEMORY,
    wasm: answering('answer-larger-memory', success),
    ends: instantiate,
  },
  'growth-by-1025-pages': {
    rule: 'L-4.5',
    flags: ['trap-on-grow'],
    deviation: MEMORY,
    wasm: acting('m', u32Part(1025), { text: success }),
    ends: call,
  },
};

const responses: Readonly<Record<string, Row>> = {
  success: answers('S-3.1', success, succeeded),
  'success-as-an-array': answers('S-8.10', '[{"success":null},[],5]', succeeded),
  'success-with-fields-in-another-order': answers(
    'S-8.10',
    '{"completed_at":5,"failures":[],"status":"success"}',
    succeeded,
  ),
  'success-at-1': answers('S-3.3', response({ completed_at: 1 }), { response: response({ completed_at: 1 }) }),
  'success-at-the-end-of-i64': answers('S-3.3', success.replace('5', '9223372036854775807'), {
    response: success.replace('5', '9223372036854775807'),
  }),
  'success-past-the-end-of-i64': answers('S-8.10', success.replace('5', '9223372036854775808'), decode),
  'success-at-0': answers('S-8.11', response({ completed_at: 0 }), invalidTime('completed_at')),
  'success-before-1970': answers('S-8.11', response({ completed_at: -1 }), invalidTime('completed_at')),
  'success-with-one-failure': answers(
    'S-8.13',
    response({ failures: failures(1) }),
    refused('SuccessWithFailures', { count: 1 }),
  ),
  'success-with-16-failures': answers(
    'S-8.13',
    response({ failures: failures(16) }),
    refused('SuccessWithFailures', { count: 16 }),
  ),
  'failure-without-failures': answers('S-8.14', response({ status: 'failure' }), refused('FailureWithoutFailures')),
  'failure-with-one-failure': answers('S-8.15', failing(1), refused('FailureStatus', { failures: 1 })),
  'failure-with-16-failures': answers('L-7.12', failing(16), refused('FailureStatus', { failures: 16 })),
  'failure-with-17-failures': answers('S-8.12', failing(17), tooMany),
  'failure-without-a-message': answers(
    'S-3.2',
    response({ status: 'failure', failures: [{ stage: 'wire_function_test', message: '' }] }),
    refused('FailureStatus', { failures: 1 }),
  ),

  // The output.
  'output-of-8192-bytes': answers('L-7.13', ofLength(8192), succeeded),
  'output-of-8193-bytes': answers('S-8.9', ofLength(8193), tooLarge(8193)),
  'output-too-large-before-decoding': answers('S-8.9', [{ text: 'x', times: 9000 }], tooLarge(9000)),
  'output-that-is-not-utf8': answers('S-8.8', [{ hex: 'ff', times: 9000 }], call),
  'no-output': answers('S-8.10', '', decode),
  'unknown-status': answers('S-3.1', response({ status: 'maybe' }), decode),
  'status-in-upper-case': answers('S-3.1', response({ status: 'Success' }), decode),
  'status-as-index': answers('S-3.1', response({ status: 0 }), decode),
  'unknown-stage': answers('S-4', failing(1, 'lunch'), decode),
  'stage-in-camel-case': answers('S-4', failing(1, 'wireFunctionTest'), decode),
  'undeclared-field': answers('S-8.10', response({ author: 'me' }), decode),
  'undeclared-field-of-a-failure': answers(
    'S-3.2',
    response({ status: 'failure', failures: [{ stage: 'wire_function_test', message: '', at: 1 }] }),
    decode,
  ),
  'repeated-field': answers('S-8.10', success.replace('{', '{"completed_at":5,'), decode),

  // Two faults: the earlier check decides.
  'decoding-before-time': answers('S-8.10', response({ completed_at: 0, author: 'me' }), decode),
  'time-before-the-number-of-failures': answers(
    'S-8.11',
    response({ completed_at: 0, failures: failures(17) }),
    invalidTime('completed_at'),
  ),
  'number-of-failures-before-the-status': answers('S-8.12', response({ failures: failures(17) }), tooMany),
  'time-before-the-status': answers(
    'S-8.11',
    response({ completed_at: 0, status: 'failure' }),
    invalidTime('completed_at'),
  ),
};

const stages = ['request_preparation', 'wire_function_test', 'capability_verification', 'response_validation'];
const stageRows = stages.map((stage): [string, Row] => [
  `stage-${stage}`,
  answers('S-4', failing(2, stage), refused('FailureStatus', { failures: 2 })),
]);

const rows = { ...requests, ...calls, ...responses, ...Object.fromEntries(stageRows) };

/** Having a plugin test itself. */
export const selfCheck: LayerVectors = {
  layer: 'self-check',
  about: 'How a host asks a plugin to test itself, and how it checks the response.',
  vectors: vectorsOf('self-check', rows),
};
