import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conformance as command } from '../../../src/cli/commands/conformance.ts';
import { commands } from '../../../src/cli/commands/index.ts';
import { runProgram } from '../../../src/cli/program/program.ts';
import { kindNamed, verifyPlugin } from '../../../src/conformance/index.ts';
import { conformingPlugin } from '../../conformance/hooks/plugins.ts';
import { fixture } from '../../support/fixture.ts';
import { identityPayload } from '../../support/guest-wat.ts';
import { recorded, replay } from '../../support/recorded-plugin.ts';
import { scriptedGuest } from '../../support/scripted-guest.ts';
import { withSlowClock, withSlowStart } from '../clocks.ts';
import { recordedIo } from '../recorded-io.ts';
import { documentOf, run } from '../run.ts';

const conformance = suite('conformance');

const ROUTER = 'fixture:router/router.wasm';
const BROKEN = 'fixture:behaviour/self-check-failure.wasm';

conformance('ends with 0 for a plugin that conforms, and prints the verdict last', async () => {
  const { code, stdout, stderr } = await run(['conformance', ROUTER]);
  assert.is(code, 0);
  assert.is(stderr, '');
  assert.match(stdout, /^fixture:router\/router\.wasm \(router 1\.0\.0\) as router\n\nChecks\n {2}identity +11 pass\n/);
  assert.match(stdout, /\nMeasured\n {2}handshake\.budget +[\d,]+ of 10,000,000 fuel\n/);
  assert.match(stdout, /\n\nconforms: \d+ pass in \d+ ms\n$/);
  assert.not.match(stdout, 'What to change');
});

conformance('ends with 1 for a plugin that does not, and prints what to change', async () => {
  const { code, stdout } = await run(['conformance', BROKEN]);
  assert.is(code, 1);
  assert.match(stdout, /\n {2}23 skipped: self-check\.success failed\n/);
  assert.match(
    stdout,
    /\nWhat to change\n {2}fail self-check\.success\n {4}rule {4}.+ \(abi\/PROTOCOL\.md#.+\)\n {4}found {3}.+\n {4}change {2}.+\n/,
  );
  assert.match(stdout, /\ndoes not conform: \d+ pass, 1 warn, 1 fail, 23 skipped in \d+ ms\n$/);
});

conformance('ends with 0 if there are only warnings', async () => {
  const guest = { ...replay(await recorded('router')), pages: 25 };
  const files = { 'large.wasm': await scriptedGuest(guest) };
  const { code, stdout } = await run(['conformance', 'large.wasm'], { files });
  assert.is(code, 0);
  assert.match(stdout, /\n {2}warn budget\.memory\n/);
  assert.match(stdout, /\nconforms, with warnings: /);
});

for (const [what, content] of Object.entries({ text: 'not a module', nothing: '' })) {
  conformance(`ends with 1 and a hint for ${what}`, async () => {
    const { code, stdout } = await run(['conformance', '-'], { stdin: content });
    assert.is(code, 1);
    assert.match(stdout, /^standard input as auto\n/);
    assert.match(stdout, /fail identity\.module\n(.+\n){3}/);
  });
}

conformance("accepts the protocol's name of a kind, and --help names it", async () => {
  const { code, stdout } = await run(['conformance', 'fixture:dialect/dialect.wasm', '--kind', 'dialect']);
  assert.is(code, 0);
  assert.match(stdout, /^fixture:dialect\/dialect\.wasm \(dialect 1\.0\.0\) as shape\n/);
  const help = await run(['conformance', '--help']);
  assert.match(help.stdout, "'dialect' is 'shape', 'signer_factory' is 'signer'");
});

conformance('takes for --kind only names that the suite knows', () => {
  const { choices = [] } = command.options.kind ?? {};
  assert.ok(choices.includes('dialect') && choices.includes('auto'));
  for (const choice of choices) assert.ok(kindNamed(choice) !== undefined, choice);
});

conformance('prints the report with the name of the file for --reporter json and --json', async () => {
  const args = ['conformance', ROUTER, '--kind', 'router'];
  const document = documentOf(await run([...args, '--reporter', 'json']));
  const { file, durationMs, checks, exchange, ...rest } = document;
  const expected = verifyPlugin(await fixture('router/router.wasm'), 'router');
  const { durationMs: _took, checks: expectedChecks, exchange: expectedExchange, ...others } = expected;
  assert.is(file, ROUTER);
  assert.type(durationMs, 'number');
  assert.equal(rest, { ...others });
  // The casts: the lengths and ids are compared right here.
  assert.is((exchange as unknown[]).length, expectedExchange.length);
  assert.equal(
    (checks as { id: string }[]).map(({ id }) => id),
    expectedChecks.map(({ id }) => id),
  );
  const flagged = documentOf(await run([...args, '--json']));
  assert.equal(Object.keys(flagged), Object.keys(document));
});

const reporters: Readonly<Record<string, RegExp>> = {
  pretty: /^fixture:behaviour/,
  json: /^\{\n {2}"file": /,
  junit: /^<\?xml version="1\.0"/,
  tap: /^TAP version 14\n1\.\.64\n/,
  html: /^<!doctype html>\n/,
};
for (const [name, start] of Object.entries(reporters)) {
  conformance(`writes ${name} to standard output or to a file`, async () => {
    const printed = await run(['conformance', BROKEN, '--reporter', name]);
    assert.is(printed.code, 1);
    assert.match(printed.stdout, start);
    const { code, stdout, stderr, written } = await run(['conformance', BROKEN, '--reporter', name, '-o', 'out']);
    assert.is(code, 1);
    assert.is(stdout, '');
    assert.is(stderr, '');
    assert.match(new TextDecoder().decode(written.get('out')), start);
  });
}

conformance('writes no colours to a file', async () => {
  const { written } = await run(['conformance', BROKEN, '-o', 'out'], { color: true });
  assert.not.match(new TextDecoder().decode(written.get('out')), '\u001b');
  assert.match((await run(['conformance', BROKEN], { color: true })).stdout, '\u001b[31mfail\u001b[39m');
});

conformance('escapes the texts of a plugin in every form of the report', async () => {
  const hostile = '<script>\u001b[31m"\n# SKIP';
  const payload = JSON.stringify({ ...JSON.parse(identityPayload()), plugin_version: hostile });
  const guest = replay(await recorded('router'));
  const filter = { answers: new Map(), otherwise: { error: hostile } };
  const wasm = await scriptedGuest({ ...guest, identities: [payload], exports: { ...guest.exports, filter } });
  for (const name of Object.keys(reporters)) {
    const { stdout } = await run(['conformance', 'in.wasm', '--reporter', name], { files: { 'in.wasm': wasm } });
    assert.not.match(stdout, '\u001b');
    assert.not.match(stdout, '"\n# SKIP');
    // The script of the page itself begins with a line feed.
    if (name === 'html' || name === 'junit') assert.not.match(stdout, /<script>(?!\n)/);
  }
});

conformance('says in a page what was verified, when, by what, and where the rules are', async () => {
  const sha256 = createHash('sha256')
    .update(await fixture('router/router.wasm'))
    .digest('hex');
  const { stdout } = await run(['conformance', ROUTER, '--reporter', 'html']);
  const link = 'href="https://example.com/v1.2.3/abi/PROTOCOL.md#A-7"';
  for (const text of [ROUTER, sha256, '2030-01-02 03:04 UTC', 'cc-lb-plugin 1.2.3', link]) assert.match(stdout, text);
  const series = await run(['conformance', ROUTER, 'none.wasm', '--reporter', 'html']);
  for (const text of [ROUTER, sha256, '2030-01-02 03:04 UTC', 'cc-lb-plugin 1.2.3', link]) {
    assert.match(series.stdout, text);
  }
});

conformance('writes the report to standard output for -o -', async () => {
  const { code, stdout, written } = await run(['conformance', ROUTER, '--reporter', 'tap', '-o', '-']);
  assert.is(code, 0);
  assert.is(stdout, '');
  assert.match(new TextDecoder().decode(written.get('-')), /^TAP version 14\n/);
});

conformance('offers the capabilities of --host-capability', async () => {
  const result = await run(['conformance', ROUTER, '--host-capability', 'storage', '--reporter', 'html']);
  assert.match(result.stdout, 'offer: 7 functions, 1 capabilities');
});

conformance('gives a signer its factory state and does not print it', async () => {
  const files = { 'state.json': '{"key":"sk-secret-key"}' };
  const args = ['conformance', 'fixture:signer/signer.wasm', '--factory-state', 'state.json', '--json'];
  const { code, stdout } = await run(args, { files });
  assert.is(code, 0);
  assert.not.match(stdout, 'sk-secret-key');
});

conformance('shows progress after a second, on a terminal only, in a line that it erases', async () => {
  const io = recordedIo();
  const watched = { ...io, stderr: { ...io.stderr, erasesLines: true } };
  const verify = () => runProgram({ commands, version: '' }, ['conformance', ROUTER], watched);
  assert.is(await withSlowClock(verify), 0);
  assert.is(io.printed.stderr, '');
  assert.is(await withSlowStart(verify), 0);
  const { stderr } = io.printed;
  assert.ok(stderr.startsWith('\r\u001b[K1/65 identity.module\r\u001b[K2/65 '));
  assert.ok(stderr.endsWith('\r\u001b[K'));
  assert.not.match(stderr, '\n');
});

conformance('verifies a plugin of the hook ABI, told by its exports', async () => {
  const files = { 'hooks.wasm': await conformingPlugin() };
  const { code, stdout, stderr } = await run(['conformance', 'hooks.wasm'], { files });
  assert.equal([code, stderr], [0, '']);
  assert.match(stdout, /^hooks\.wasm \(n v\) as filter, shape\n\nChecks\n {2}inspection +15 pass\n/);
  assert.match(stdout, /\n {2}filter\.many-candidates +[\d,]+ of 1,000,000,000 fuel\n/);
  assert.match(stdout, /\n\nconforms: \d+ pass, 1 skipped in \d+ ms\n$/);
  const alone = await run(['conformance', 'hooks.wasm', '--slot', 'shape', '--json'], { files });
  assert.equal([documentOf(alone).generation, documentOf(alone).kinds], [2, ['shape']]);
});

conformance('--slot makes an unknown module one of the hook ABI', async () => {
  const { code, stdout } = await run(['conformance', '-', '--slot', 'filter'], { stdin: 'not a module' });
  assert.is(code, 1);
  assert.match(stdout, /^standard input as filter\n/);
  assert.match(stdout, /fail inspection\.module\n/);
});

const ofOther: readonly (readonly [file: string, option: string, value: string, message: RegExp])[] = [
  [ROUTER, '--slot', 'filter', /^error: --slot is for plugins of generation 2, but this is one of generation 1: /],
  [
    'hooks.wasm',
    '--kind',
    'auto',
    /^error: --kind is for plugins of generation 1, but this is one of generation 2: it has slots/,
  ],
  ['hooks.wasm', '--host-capability', 'storage', /^error: --host-capability is for plugins of generation 1, /],
  ['hooks.wasm', '--factory-state', 'state.json', /^error: --factory-state is for plugins of generation 1, /],
];
for (const [file, option, value, message] of ofOther) {
  conformance(`ends with 2 for ${option} and a plugin of the other generation`, async () => {
    const files = { 'hooks.wasm': await conformingPlugin(), 'state.json': '{}' };
    const { code, stderr } = await run(['conformance', file, option, value], { files });
    assert.is(code, 2);
    assert.match(stderr, message);
  });
}

const mistakes: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
  'an unknown kind': [
    ['--kind', 'constructor'],
    /^error: --kind is 'constructor', but must be one of router, shape, observability, signer, dialect, signer_factory, auto\n/,
  ],
  'an unknown reporter': [
    ['--reporter', 'constructor'],
    /^error: --reporter is 'constructor', but must be one of pretty, /,
  ],
  'two forms of the report': [
    ['--json', '--reporter', 'tap'],
    /^error: --reporter is 'tap', but must be json, or missing/,
  ],
  'FILE as output': [['-o', ROUTER], /^error: .+ is the input itself/],
  'a factory state that is not JSON': [
    ['--factory-state', 'secret'],
    /^error: --factory-state is 'secret', but must be a file that holds JSON\n/,
  ],
  'a factory state that is not there': [['--factory-state', 'absent'], /^error: cannot read absent: no such file\n/],
  'too many capabilities': [
    Array.from({ length: 33 }, (_, index) => `--host-capability=c${index}`),
    /^error: --host-capability is '33 capabilities', but must be .+at most 32/,
  ],
};
for (const [what, [args, message]] of Object.entries(mistakes)) {
  conformance(`ends with 2 for ${what}`, async () => {
    const { code, stderr, written } = await run(['conformance', ROUTER, ...args], { files: { secret: 'sk-1{' } });
    assert.is(code, 2);
    assert.match(stderr, message);
    assert.not.match(stderr, 'sk-1');
    assert.is(written.size, 0);
  });
}

conformance.run();
