import { type Row, vectorsOf } from '../layer-vectors.ts';
import { acting, answering, header, type Part, section, u32Part } from '../parts.ts';
import { accepted, refused } from './ends.ts';
import { accept, acceptNothing } from './messages.ts';

const instantiate = refused('Instantiate');
const timeout = refused('Timeout');
const call = refused('Call');
const missing = refused('MissingHandshakeExport');
const decode = refused('DecodeAccept');
const done = accepted(acceptNothing);

const MEMORY = 'memory in handshake and self-check';
const TIMEOUT = '`Timeout` of a handshake';

const text = (content: string): Part => ({ text: content });
/** An answer of this many bytes: an accept and spaces. */
const ofLength = (count: number) => [text(acceptNothing), { text: ' ', times: count - acceptNothing.length }];
const tooLarge = (bytes: number) => refused('OutputTooLarge', { bytes, max: 32768 });

/** A function without instructions, which must return an i32. */
const invalidBody = [header, section(1, '016000017f'), section(3, '0100'), section(10, '0102000b')];

/** Modules that cannot be built, and why. */
const unbuildable: Readonly<Record<string, readonly [rule: string, wasm: readonly Part[] | string]>> = {
  'module-without-bytes': ['H-7', [{ hex: '' }]],
  'module-that-is-a-component': ['H-7', [{ hex: '0061736d0d000100' }]],
  'module-that-is-not-well-formed': ['H-7', [{ file: 'answer' }, { hex: '0164' }]],
  'module-that-is-not-valid': ['H-7', invalidBody],
  'import-of-a-host-function': ['L-4.1', 'imports-host-function'],
  'import-of-wasi': ['L-4.2', 'imports-wasi'],
  'import-of-an-unknown-kernel-function': ['H-7', 'imports-unknown'],
  'import-of-another-type': ['H-7', 'imports-wrong-type'],
  'start-function-that-traps': ['H-7', 'start-traps'],
  'start-function-that-does-not-end': ['H-7', 'start-loops'],
};

const buildRows: Readonly<Record<string, Row>> = Object.fromEntries(
  Object.entries(unbuildable).map(([name, [rule, wasm]]) => [name, { rule, wasm, ends: instantiate }]),
);

/** What the module exports as its handshake, if that does not count. */
const entries = [
  'is-missing',
  'takes-parameter',
  'returns-i64',
  'returns-f64',
  'returns-two',
  'is-global',
  'is-memory',
  'is-table',
];
const entryRows: Readonly<Record<string, Row>> = Object.fromEntries(
  entries.map((what) => [
    `export-that-${what}`,
    { rule: what === 'is-missing' ? 'H-8.1' : 'L-6', wasm: `entry-${what}`, ends: missing },
  ]),
);

/** Texts of an error that the plugin set, when its export returned. */
const spoken: Readonly<Record<string, readonly [text: string, ends: object]>> = {
  timeout: ['timeout', timeout],
  'timeout-capitals': ['upstream TIMEOUT', timeout],
  'timeout-mixed': ['TimeOut', timeout],
  'timeout-in-a-word': ['xtimeoutx', timeout],
  'timeouts-in-json': ['{"timeouts":3}', timeout],
  'timed-out': ['it timed out', timeout],
  'timed-out-capitals': ['TIMED OUT', timeout],
  deadline: ['past the deadline', timeout],
  'deadline-mixed': ['DeadLine', timeout],
  fuel: ['no fuel', timeout],
  'fuel-in-a-word': ['refuelling', timeout],
  'fuel-capitals': ['FUEL', timeout],
  'fuel-after-100000-bytes': [`${' '.repeat(100000)}fuel`, timeout],
  'time-out': ['time out', call],
  'time-dash-out': ['time-out', call],
  'timed-two-spaces-out': ['timed  out', call],
  'timed-line-out': ['timed\nout', call],
  'timed-dash-out': ['timed-out', call],
  'dead-line': ['dead line', call],
  ful: ['ful', call],
  'timeout-with-a-dotless-i': ['tımeout', call],
  'fuel-in-full-width': ['ｆｕｅｌ', call],
  'fuel-divided-by-a-zero-byte': ['fu\0el', call],
  'anything-else': ['no such luck', call],
};

const spokenRows: Readonly<Record<string, Row>> = Object.fromEntries(
  Object.entries(spoken).map(([name, [content, ends]]) => [
    `error-that-says-${name}`,
    { rule: ends === timeout ? 'H-9.2' : 'H-9.3', wasm: acting('e', text(content)), ends },
  ]),
);

const errors: Readonly<Record<string, Row>> = {
  'error-of-fuel-and-code-0': { rule: 'H-9.2', wasm: acting('r', text('no fuel')), ends: timeout },
  'error-and-code-0': { rule: 'H-9.3', wasm: acting('r', text('no such luck')), ends: call },
  'error-beside-an-accept': { rule: 'H-9.3', wasm: acting('E', text(acceptNothing)), ends: call },
  'error-that-is-not-utf8': { rule: 'H-9.3', wasm: acting('e', text('fuel'), { hex: 'ff' }), ends: call },
  'error-that-is-empty': { rule: 'H-11', wasm: acting('r'), ends: decode },
  'error-that-was-cleared': { rule: 'H-9.4', wasm: acting('c', text('no fuel')), ends: call },
  'code-1': { rule: 'H-9.3', wasm: acting('n', u32Part(1)), ends: call },
  'code-minus-1': { rule: 'H-9.3', wasm: acting('n', u32Part(0xffffffff)), ends: call },
  'code-3-beside-an-accept': { rule: 'H-9.3', wasm: acting('A', text(acceptNothing)), ends: call },
  trap: { rule: 'H-9.3', wasm: acting('u'), ends: call },
  'trap-in-a-function-named-refuel': { rule: 'H-9.4', deviation: TIMEOUT, wasm: acting('f'), ends: call },
  'trap-after-an-error-of-fuel': { rule: 'H-9.4', wasm: acting('t', text('no fuel')), ends: call },
  'trap-after-an-error': { rule: 'H-9.3', wasm: acting('t', text('no such luck')), ends: call },
  'kernel-function-that-ends-the-call': {
    rule: 'H-9.4',
    about: 'Its text can name the host of the request.',
    wasm: acting('k', text('{"url":"https://fuel.example/"}')),
    ends: call,
  },
  'recursion-without-end': { rule: 'H-9.3', wasm: acting('s'), ends: call },
  'loop-without-end': { rule: 'H-9.1', wasm: acting('o'), ends: timeout },
  'loop-without-end-after-an-error': { rule: 'H-9.1', wasm: acting('l', text('no such luck')), ends: timeout },
  'initialisation-that-traps': { rule: 'H-9.3', wasm: 'initialisation-traps', ends: call },
  'initialisation-that-does-not-end': { rule: 'H-9.1', wasm: 'initialisation-loops', ends: timeout },
};

const budgets: Readonly<Record<string, Row>> = {
  'fuel-below-the-budget': {
    rule: 'L-4.4',
    wasm: acting('b', u32Part(1_600_000), text(acceptNothing)),
    ends: done,
  },
  'fuel-above-the-budget': {
    rule: 'L-4.4',
    wasm: acting('b', u32Part(1_700_000), text(acceptNothing)),
    ends: timeout,
  },
  'fuel-of-another-budget': {
    rule: 'L-4.4',
    wasm: acting('b', u32Part(1_700_000), text(acceptNothing)),
    budget: { fuel: 20_000_000 },
    ends: done,
  },
  'fuel-for-building-initialisation-and-call': {
    rule: 'L-5',
    wasm: answering('costly-everywhere', acceptNothing),
    ends: done,
  },
  'time-used-up': {
    rule: 'L-4.3',
    flags: ['time'],
    wasm: acting('o'),
    budget: { fuel: 1_000_000_000_000, wall_ms: 200 },
    ends: timeout,
  },
  'time-used-up-after-an-error': {
    rule: 'H-9.1',
    flags: ['time'],
    wasm: acting('l', text('no such luck')),
    budget: { fuel: 1_000_000_000_000, wall_ms: 200 },
    ends: timeout,
  },
  'memory-of-1024-pages': { rule: 'L-4.6', wasm: answering('answer-large-memory', acceptNothing), ends: done },
  'memory-of-1025-pages': {
    rule: 'L-4.6',
    deviation: MEMORY,
    wasm: answering('answer-larger-memory', acceptNothing),
    ends: instantiate,
  },
  'memory-within-another-budget': {
    rule: 'L-4.6',
    wasm: answering('answer', acceptNothing),
    budget: { initial_memory_pages: 4 },
    ends: done,
  },
  'memory-over-another-budget': {
    rule: 'L-4.6',
    wasm: answering('answer', acceptNothing),
    budget: { initial_memory_pages: 3 },
    ends: instantiate,
  },
  'growth-by-1000-pages': { rule: 'L-4.5', wasm: acting('m', u32Part(1000), text(acceptNothing)), ends: done },
  'growth-by-1025-pages': {
    rule: 'L-4.5',
    flags: ['trap-on-grow'],
    deviation: MEMORY,
    wasm: acting('m', u32Part(1025), text(acceptNothing)),
    ends: call,
  },
  'table-of-1000000-entries': { rule: 'L-4.7', wasm: answering('answer-large-table', acceptNothing), ends: done },
  'table-of-1000001-entries': {
    rule: 'L-4.7',
    deviation: MEMORY,
    wasm: answering('answer-larger-table', acceptNothing),
    ends: instantiate,
  },
  'growth-of-a-table-within-the-budget': {
    rule: 'L-4.7',
    wasm: acting('h', u32Part(999_000), text(acceptNothing)),
    ends: done,
  },
  'growth-of-a-table-over-the-budget': {
    rule: 'L-4.7',
    flags: ['trap-on-grow'],
    deviation: MEMORY,
    wasm: acting('h', u32Part(1_000_000), text(acceptNothing)),
    ends: call,
  },
};

const outputs: Readonly<Record<string, Row>> = {
  'export-without-a-result': {
    rule: 'L-6',
    wasm: answering('answer-no-result', accept()),
    ends: accepted(accept(), 'shape'),
  },
  'output-that-is-not-utf8': { rule: 'H-9.3', wasm: answering('answer', [{ hex: 'ff' }]), ends: call },
  'output-with-a-broken-end': {
    rule: 'H-9.3',
    wasm: answering('answer', [text(acceptNothing), { hex: 'c3' }]),
    ends: call,
  },
  'output-that-is-neither-utf8-nor-small': {
    rule: 'H-9.3',
    wasm: answering('answer', [{ hex: 'ff', times: 40000 }]),
    ends: call,
  },
  'output-of-32768-bytes': { rule: 'L-7.5', wasm: answering('answer', ofLength(32768)), ends: done },
  'output-of-32769-bytes': { rule: 'H-10', wasm: answering('answer', ofLength(32769)), ends: tooLarge(32769) },
  'output-of-32769-bytes-in-fewer-characters': {
    rule: 'H-10',
    wasm: answering('answer', [text('é'), { text: ' ', times: 32767 }]),
    ends: tooLarge(32769),
  },
  'output-too-large-before-decoding': {
    rule: 'H-10',
    wasm: answering('answer', [{ text: 'x', times: 50000 }]),
    ends: tooLarge(50000),
  },
  'output-too-large-and-a-code': { rule: 'H-9.3', wasm: acting('A', { text: 'x', times: 50000 }), ends: call },
  'no-output': { rule: 'H-11', wasm: answering('answer', ''), ends: decode },
  'output-of-32768-bytes-that-do-not-decode': {
    rule: 'H-11',
    wasm: answering('answer', [{ text: 'x', times: 32768 }]),
    ends: decode,
  },
  'output-is-the-offer': { rule: 'H-11', wasm: acting('i'), ends: decode },
  'output-with-a-byte-order-mark': {
    rule: 'H-11',
    wasm: answering('answer', [{ hex: 'efbbbf' }, text(acceptNothing)]),
    ends: decode,
  },
  'output-with-text-after-it': { rule: 'H-11', wasm: answering('answer', `${acceptNothing}{}`), ends: decode },
  'accept-with-an-undeclared-field': {
    rule: 'H-11',
    wasm: answering('answer-shape', accept({ author: 'me' })),
    ends: decode,
  },
  'accept-without-a-field': {
    rule: 'H-11',
    wasm: answering('answer-shape', accept({ required_capabilities: undefined })),
    ends: decode,
  },
  'accept-with-a-repeated-field': {
    rule: 'H-11',
    wasm: answering('answer-shape', accept().replace('{', '{"envelope_version":1,')),
    ends: decode,
  },
  'accept-with-null-for-a-list': {
    rule: 'H-11',
    wasm: answering('answer-shape', accept({ required_capabilities: null })),
    ends: decode,
  },
  'accept-does-not-decode-before-its-version': {
    rule: 'H-11',
    wasm: answering('answer-shape', accept({ handshake_schema_version: 2, author: 'me' })),
    ends: decode,
  },
};

/** Building the plugin and calling it. */
export const handshakeCalls = vectorsOf('handshake', {
  ...buildRows,
  ...entryRows,
  ...spokenRows,
  ...errors,
  ...budgets,
  ...outputs,
});
