// Each plugin here breaks one rule of dispatch. It must fail the check of that rule, and no other
// check.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ConformanceKind, type VerifyReport, verifyPlugin } from '../../src/conformance/index.ts';
import { TELLS_STACKS } from '../support/engine-stacks.ts';
import {
  acceptOf,
  always,
  faultsOf,
  handshakeScript,
  recorded,
  replay,
  replayBut,
  unseenChecks,
} from '../support/recorded-plugin.ts';
import { type Scripted, type ScriptedGuest, scriptedGuest } from '../support/scripted-guest.ts';

const dispatch = suite('conformance of dispatch');

const plugins = {
  router: await recorded('router'),
  shape: await recorded('shape'),
  observability: await recorded('observability'),
  signer: await recorded('signer'),
} as const;

/** Little fuel, so that endless calls end soon. */
const options = { fuel: 20_000_000 } as const;

const verify = async (guest: ScriptedGuest, kind: ConformanceKind): Promise<VerifyReport> =>
  verifyPlugin(await scriptedGuest(guest), kind, options);

/** The first recorded input of a function that matches. */
function inputOf(kind: ConformanceKind, name: string, isIt: (input: string) => boolean): string {
  const { answered, refused } = plugins[kind];
  const inputs = [...(answered.get(name)?.keys() ?? []), ...(refused.get(name) ?? [])];
  const found = inputs.find(isIt);
  if (found === undefined) throw new Error(`no recorded request of ${name} matches`);
  return found;
}

function answerOf(kind: ConformanceKind, name: string, input: string): string {
  const answer = plugins[kind].answered.get(name)?.get(input);
  if (answer === undefined) throw new Error(`${name} did not answer that`);
  return answer;
}

const trap: Scripted = { code: 'unreachable' };

/** What a check found. */
const found = ({ checks }: VerifyReport, id: string): string => checks.find((check) => check.id === id)?.found ?? '';

/** The checks of every function, each with a request and an answer that breaks it. */
const everyFunction: Readonly<Record<string, (input: Inputs) => readonly [input: string, scripted: Scripted]>> = {
  answers: ({ sample }) => [sample, trap],
  envelope: ({ sample, answer }) => [sample, answer.replace('"_v":1', '"_v":2')],
  response: ({ sample, answer }) => [sample, answer.replace('"_v":1', '"_v":1,"more":0')],
  'all-options': ({ full }) => [full, { error: 'too much' }],
  'refuses-version': ({ foreign, answer }) => [foreign, answer],
  'refuses-malformed': () => ['', trap],
};

/** The checks of this table that are advice: they warn. */
const advice = ['refuses-version'];

interface Inputs {
  readonly sample: string;
  readonly answer: string;
  readonly full: string;
  readonly foreign: string;
}

/** A text that only the request with all options contains. */
const fullMarks: Readonly<Record<string, string>> = {
  filter: '"request_id":"full"',
  shape: '"request_id":"full"',
  normalize_error: '"status":65535',
  sign: '2001:db8::1',
  on_unauthorized: '"status":403',
  observe: 'upstream_timeout',
};

function inputsOf(kind: ConformanceKind, name: string): Inputs {
  const sample = inputOf(kind, name, (input) => plugins[kind].answered.get(name)?.has(input) === true);
  const mark = fullMarks[name];
  return {
    sample,
    answer: answerOf(kind, name, sample),
    full: mark === undefined ? sample : inputOf(kind, name, (input) => input.includes(mark)),
    foreign: inputOf(kind, name, (input) => input.includes('"_v":65535')),
  };
}

for (const [kind, { functions }] of Object.entries(plugins)) {
  for (const name of functions) {
    for (const [check, change] of Object.entries(everyFunction)) {
      // build_signer has no options, so its request with all options is the sample.
      if (name === 'build_signer' && check === 'all-options') continue;
      const id = `${name.replaceAll('_', '-')}.${check}`;
      const fault = `${advice.includes(check) ? 'warn' : 'fail'} ${id}`;
      dispatch(`${fault} alone`, async () => {
        // The cast: the keys of the table are the kinds.
        const of = kind as ConformanceKind;
        const [input, scripted] = change(inputsOf(of, name));
        const report = await verify(replayBut(plugins[of], name, input, scripted), of);
        assert.equal(faultsOf(report), [fault]);
        assert.is(report.verdict, fault.split(' ', 1)[0]);
      });
    }
  }
}

const { router, shape, observability, signer } = plugins;

for (const [what, scripted, expected] of [
  ['an error', { error: 'not today' }, /^PluginError: not today$/],
  ['an endless loop', { code: '(loop $again (br $again)) (i32.const 0)' }, /^OutOfFuel/],
  ['a code', { code: '(i32.const 7)' }, /^NonZeroExit: Returned non-zero exit code: 7$/],
  [
    'a trap after invalid output',
    { code: '(call $output_set (call $block (i32.const 0) (i32.const 0)) (i64.const 0)) unreachable' },
    TELLS_STACKS ? /^Trap: .+ in (function \d+|`.+`)/ : /^Trap: .+ \(this engine gives no stack of the plugin\)$/,
  ],
] as const) {
  dispatch(`the report says that the sample ends with ${what}`, async () => {
    const { sample } = inputsOf('router', 'filter');
    const report = await verify(replayBut(router, 'filter', sample, scripted), 'router');
    assert.equal(faultsOf(report), ['fail filter.answers']);
    assert.match(report.checks.find(({ id }) => id === 'filter.answers')?.found ?? '', expected);
  });
}

for (const [what, answer] of Object.entries({
  'not JSON': 'x',
  'an array': '[1]',
  'without version': '{}',
  'with a text as version': '{"_v":"1"}',
})) {
  dispatch(`an answer that is ${what} fails on the envelope`, async () => {
    const { sample } = inputsOf('observability', 'observe');
    const report = await verify(replayBut(observability, 'observe', sample, answer), 'observability');
    assert.equal(faultsOf(report), ['fail observe.envelope']);
  });
}

/** Matches requests with this number of candidates. */
const candidates = (count: number) => (input: string) =>
  input.startsWith('{"_v":1,') &&
  input.endsWith('}') &&
  input.split('"upstream_id"').length === count + 1 &&
  input.includes('"name":"upstream');

interface Decided {
  readonly _v: number;
  readonly results: readonly { readonly upstream_id: string; readonly decision: string; readonly reason: string }[];
}

/** A router with a changed answer to the request with this number of candidates. */
function deciding(count: number, change: (results: Decided['results']) => Decided['results']): ScriptedGuest {
  const input = inputOf('router', 'filter', candidates(count));
  // The cast: the fixture passed verification, so its answer is a response.
  const { results } = JSON.parse(answerOf('router', 'filter', input)) as Decided;
  return replayBut(router, 'filter', input, JSON.stringify({ _v: 1, results: change(results) }));
}

const routers: Readonly<Record<string, ScriptedGuest>> = {
  'fail filter.candidates': replayBut(router, 'filter', inputOf('router', 'filter', candidates(7)), {
    error: 'too many',
  }),
  'fail filter.known-ids': deciding(7, (results) => [...results, { upstream_id: 'x', decision: 'reject', reason: '' }]),
  'fail filter.no-duplicates': deciding(2, (results) => [...results, ...results.slice(0, 1)]),
  'fail filter.one-decision-each': deciding(32, (results) => results.slice(1)),
  'fail filter.decision': deciding(2, (results) => results.map((result) => ({ ...result, decision: ' ' }))),
  'warn filter.known-decision': deciding(7, (results) =>
    results.map((result) => ({ ...result, decision: result.decision.replace('reject', 'maybe') })),
  ),
};
for (const [fault, guest] of Object.entries(routers)) {
  dispatch(`a router: ${fault}`, async () => {
    assert.equal(faultsOf(await verify(guest, 'router')), [fault]);
  });
}

/** A plugin whose answer to one request has changed fields. */
function answeringWith(
  kind: ConformanceKind,
  name: string,
  isIt: (input: string) => boolean,
  parts: object,
): ScriptedGuest {
  const input = inputOf(kind, name, isIt);
  const answer = JSON.stringify({ ...JSON.parse(answerOf(kind, name, input)), ...parts });
  return replayBut(plugins[kind], name, input, answer);
}

const withQuery = (input: string) => input.includes('"query":"beta=true"') && input.includes('e30=');
const withBody = (input: string) => input.includes('"body_base64":"e30="');
const binary = (input: string) =>
  /content-type|"url":"https:\/\/api/.test(input) && input.includes('"body_base64":"/wD+gA0K"');
const header = (name: string, value: string) => [{ name, value_base64: value }];

const messages: readonly (readonly [fault: string, kind: ConformanceKind, guest: ScriptedGuest])[] = [
  [
    'fail shape.requests',
    'shape',
    replayBut(shape, 'shape', inputOf('shape', 'shape', withQuery), { error: 'a query' }),
  ],
  ['fail shape.url', 'shape', answeringWith('shape', 'shape', withQuery, { url: '/v1/messages' })],
  ['fail shape.url', 'shape', answeringWith('shape', 'shape', withQuery, { url: 'file:///etc/passwd' })],
  [
    'fail shape.url',
    'shape',
    answeringWith('shape', 'shape', (input) => input.includes('upstream_base_url'), { url: '/base/v1/messages' }),
  ],
  ['fail shape.method', 'shape', answeringWith('shape', 'shape', withQuery, { method: 'GET / HTTP/1.1' })],
  ['fail shape.headers', 'shape', answeringWith('shape', 'shape', withQuery, { headers: header('a b', '') })],
  ['fail shape.headers', 'shape', answeringWith('shape', 'shape', withQuery, { headers: header('a', 'YQ') })],
  ['fail shape.headers', 'shape', answeringWith('shape', 'shape', withQuery, { headers: header('a', 'YQ0KYg==') })],
  ['fail shape.body', 'shape', answeringWith('shape', 'shape', withQuery, { body_base64: 'a-_=' })],
  ['warn shape.body-bytes', 'shape', answeringWith('shape', 'shape', binary, { body_base64: '77+9YQ==' })],
  ['warn sign.body-bytes', 'signer', answeringWith('signer', 'sign', binary, { body_base64: '77+9YQ==' })],
  ['fail sign.url', 'signer', answeringWith('signer', 'sign', withBody, { url: 'api.anthropic.com' })],
  ['fail sign.method', 'signer', answeringWith('signer', 'sign', withBody, { method: '' })],
  ['fail sign.headers', 'signer', answeringWith('signer', 'sign', withBody, { headers: header('', '') })],
  ['fail sign.body', 'signer', answeringWith('signer', 'sign', withBody, { body_base64: 'not base64' })],
  ['fail sign.requests', 'signer', replayBut(signer, 'sign', inputOf('signer', 'sign', withBody), trap)],
  [
    'fail normalize-error.requests',
    'shape',
    replayBut(
      shape,
      'normalize_error',
      inputOf('shape', 'normalize_error', (input) => input.includes('529')),
      trap,
    ),
  ],
  [
    'fail normalize-error.body',
    'shape',
    answeringWith('shape', 'normalize_error', (input) => input.includes('502'), { body_base64: '{}' }),
  ],
  [
    'fail on-unauthorized.decision',
    'signer',
    // All requests have the sample's state, and only their errors differ. So the sample's answer is
    // changed.
    answeringWith('signer', 'on_unauthorized', (input) => input.includes('"status":401'), { decision: '' }),
  ],
  [
    'warn on-unauthorized.known-decision',
    'signer',
    answeringWith('signer', 'on_unauthorized', (input) => input.includes('"status":401'), { decision: 'accept' }),
  ],
  [
    'fail on-unauthorized.own-state',
    'signer',
    replayBut(
      signer,
      'on_unauthorized',
      inputOf('signer', 'on_unauthorized', (input) => input.includes('"failed"')),
      trap,
    ),
  ],
];
for (const [index, [fault, kind, guest]] of messages.entries()) {
  dispatch(`a message ${index + 1}: ${fault}`, async () => {
    assert.equal(faultsOf(await verify(guest, kind)), [fault]);
  });
}

for (const event of ['request_started', 'authn_complete', 'upstream_chosen', 'chunk', 'request_finished', 'error']) {
  dispatch(`an observer that does not know ${event}`, async () => {
    const isIt = (input: string): boolean => input.split('"kind"').length <= 3 && input.includes(`"kind":"${event}"`);
    const guest = replayBut(observability, 'observe', inputOf('observability', 'observe', isIt), trap);
    assert.equal(faultsOf(await verify(guest, 'observability')), [`fail observe.${event.replaceAll('_', '-')}`]);
  });
}

/** A guest with two alternating answers to the sample. */
function alternating(kind: ConformanceKind, name: string, parts: object): ScriptedGuest {
  const { sample, answer } = inputsOf(kind, name);
  const other = JSON.stringify({ ...JSON.parse(answer), ...parts });
  const code = `(global.set $turn (i32.xor (global.get $turn) (i32.const 1)))
    (if (result i32) (global.get $turn) (then ANSWER<<${answer}>>) (else ANSWER<<${other}>>))`;
  return { ...replayBut(plugins[kind], name, sample, { code }), fields: '(global $turn (mut i32) (i32.const 0))' };
}

const inCapitals = (input: string): boolean => input.includes('"name":"X-Api-Key"');
const capitals: readonly (readonly [fault: string, kind: ConformanceKind, guest: ScriptedGuest])[] = [
  [
    'warn filter.header-case',
    'router',
    replayBut(router, 'filter', inputOf('router', 'filter', inCapitals), '{"_v":1,"results":[]}'),
  ],
  ['warn shape.header-case', 'shape', answeringWith('shape', 'shape', inCapitals, { headers: [] })],
  ['warn sign.header-case', 'signer', answeringWith('signer', 'sign', inCapitals, { method: 'PUT' })],
];
for (const [fault, kind, guest] of capitals) {
  dispatch(`a plugin that does not find names in capitals: ${fault}`, async () => {
    assert.equal(faultsOf(await verify(guest, kind)), [fault]);
  });
}

const deterministic: readonly (readonly [fault: string, kind: ConformanceKind, guest: ScriptedGuest])[] = [
  ['warn shape.deterministic', 'shape', alternating('shape', 'shape', { url: 'https://example.com/' })],
  ['warn normalize-error.deterministic', 'shape', alternating('shape', 'normalize_error', { body_base64: 'e30=' })],
  ['warn sign.deterministic', 'signer', alternating('signer', 'sign', { method: 'PUT' })],
  ['warn on-unauthorized.deterministic', 'signer', alternating('signer', 'on_unauthorized', { signer_state: 1 })],
  ['warn build-signer.deterministic', 'signer', alternating('signer', 'build_signer', { signer_state: [null] })],
];
for (const [fault, kind, guest] of deterministic) {
  dispatch(`a plugin with alternating answers: ${fault}`, async () => {
    assert.equal(faultsOf(await verify(guest, kind)), [fault]);
  });
}

dispatch('a refusal without a reason warns', async () => {
  const guest = replayBut(router, 'filter', '', { code: '(i32.const 3)' });
  assert.equal(faultsOf(await verify(guest, 'router')), ['warn filter.refuses-malformed']);
});

for (const [kind, { functions }] of Object.entries(plugins)) {
  for (const name of functions) {
    const id = `${name.replaceAll('_', '-')}.usable-after-error`;
    dispatch(`a plugin that is broken by a refusal fails on ${id}`, async () => {
      // The cast: the keys of the table are the kinds.
      const of = kind as ConformanceKind;
      const { sample, answer } = inputsOf(of, name);
      const guest = replayBut(plugins[of], name, '', {
        code: '(global.set $broken (i32.const 1)) (call $fail (i32.const 0) (i32.const 1))',
      });
      const script = guest.exports[name] ?? always('');
      const code = `(if (result i32) (global.get $broken) (then unreachable) (else ANSWER<<${answer}>>))`;
      const answers = new Map([...script.answers, [sample, { code }] as const]);
      const broken = {
        ...guest,
        fields: '(global $broken (mut i32) (i32.const 0))',
        exports: { ...guest.exports, [name]: { ...script, answers } },
      };
      assert.equal(faultsOf(await verify(broken, of)), [`fail ${id}`]);
    });
  }
}

dispatch('a router that returns a name of the last request fails on isolation.no-leak', async () => {
  const marked = inputOf('router', 'filter', (input) => input.includes('leak0probe'));
  const marker = /leak0probe\w+/.exec(marked)?.[0] ?? '';
  const { sample, answer } = inputsOf('router', 'filter');
  const leaking = JSON.stringify({
    _v: 1,
    results: [{ upstream_id: '', decision: 'reject', reason: btoa(`was: ${marker}`) }],
  });
  const guest = replayBut(router, 'filter', marked, {
    code: `(global.set $kept (i32.const 1)) ANSWER<<${answerOf('router', 'filter', marked)}>>`,
  });
  const script = guest.exports.filter ?? always('');
  const code = `(if (result i32) (global.get $kept) (then ANSWER<<${leaking}>>) (else ANSWER<<${answer}>>))`;
  const answers = new Map([...script.answers, [sample, { code }] as const]);
  const report = await verify(
    {
      ...guest,
      fields: '(global $kept (mut i32) (i32.const 0))',
      exports: { ...guest.exports, filter: { ...script, answers } },
    },
    'router',
  );
  assert.equal(faultsOf(report), ['fail isolation.no-leak']);
  assert.not.match(JSON.stringify(report), marker, 'the report does not repeat a request');
});

dispatch('a plugin that allocates a page in each call fails on isolation.memory', async () => {
  const guest = { ...replay(router), before: '(drop (memory.grow (i32.const 1)))' };
  assert.equal(faultsOf(await verify(guest, 'router')), ['fail isolation.memory']);
});

dispatch('a sample that burns much fuel warns on budget.fuel', async () => {
  const { sample, answer } = inputsOf('router', 'filter');
  const spins = `(local.set $hash (i64.const 500000))
    (loop $next (br_if $next (i64.ne (i64.const 0) (local.tee $hash (i64.sub (local.get $hash) (i64.const 1))))))`;
  const guest = replayBut(router, 'filter', sample, { code: `${spins} ANSWER<<${answer}>>` });
  const report = await verify(guest, 'router');
  assert.equal(faultsOf(report), ['warn budget.fuel']);
  const { measured } = report.checks.find(({ id }) => id === 'budget.fuel') ?? {};
  assert.ok((measured?.value ?? 0) > 2_500_000);
  assert.is(measured?.limit, options.fuel);
});

dispatch('a plugin with a large memory warns on budget.memory', async () => {
  const report = await verify({ ...replay(router), pages: 25 }, 'router');
  assert.equal(faultsOf(report), ['warn budget.memory']);
  assert.is(report.checks.find(({ id }) => id === 'budget.memory')?.measured?.value, 26);
});

dispatch(
  'a dialect that needs more fuel for 64 KiB than the published suite allows fails on budget.published-suite',
  async () => {
    const body = btoa('x'.repeat(65_536));
    const long = inputOf('shape', 'shape', (input) => input.includes(body));
    const code = `(local.set $hash (i64.const 1500000))
    (loop $again (br_if $again (i64.ne (local.tee $hash (i64.sub (local.get $hash) (i64.const 1))) (i64.const 0))))
    ANSWER<<${answerOf('shape', 'shape', long)}>>`;
    const report = await verify(replayBut(shape, 'shape', long, { code }), 'shape');
    assert.equal(faultsOf(report), ['fail budget.published-suite']);
    assert.match(found(report, 'budget.published-suite'), /^a body of 64 KiB: OutOfFuel/);
  },
);

dispatch('the check of the published suite covers routers too', async () => {
  const { measured } =
    (await verify(replay(router), 'router')).checks.find(({ id }) => id === 'budget.published-suite') ?? {};
  assert.is(measured?.limit, 10_000_000);
});

dispatch('a plugin that fails after an interrupted call fails on budget.out-of-fuel', async () => {
  const guest = {
    ...replay(router),
    fields: '(global $busy (mut i32) (i32.const 0))',
    before: '(if (global.get $busy) (then unreachable)) (global.set $busy (i32.const 1))',
    after: '(global.set $busy (i32.const 0))',
  };
  assert.equal(faultsOf(await verify(guest, 'router')), ['fail budget.out-of-fuel']);
});

dispatch('a signer without build_signer fails on kind.required', async () => {
  const guest = replay(signer);
  const { build_signer: _left, ...exports } = guest.exports;
  const script = handshakeScript(JSON.stringify(acceptOf(['sign', 'on_unauthorized'])));
  const report = await verify({ ...guest, exports: { ...exports, cc_lb_handshake: script } }, 'signer');
  assert.equal(faultsOf(report), ['fail kind.required']);
});

dispatch('a router with observe fails on kind.allowed, and auto finds both kinds', async () => {
  const guest = replay(router);
  const exports = {
    ...guest.exports,
    ...replay(observability).exports,
    cc_lb_handshake: handshakeScript(JSON.stringify(acceptOf(['filter', 'observe']))),
  };
  const wasm = await scriptedGuest({ ...guest, exports });
  assert.equal(faultsOf(verifyPlugin(wasm, 'router', options)), ['fail kind.allowed']);
  const both = verifyPlugin(wasm, 'auto', options);
  assert.equal(faultsOf(both), []);
  assert.equal(both.kinds, ['router', 'observability']);
});

const layers = ['identity', 'handshake', 'self-check', 'record'];

dispatch('every check of dispatch has a plugin that fails on it', async () => {
  // build_signer has no options, so its request with all options is the sample.
  assert.equal(await unseenChecks((group) => !layers.includes(group)), ['build-signer.all-options']);
});

dispatch.run();
