import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readIdentity } from '../../../src/protocol/identity.ts';
import { writeIdentity } from '../../../src/protocol/write-identity.ts';
import { fixture } from '../../support/fixture.ts';
import { wat } from '../../support/wat.ts';
import { documentOf, run } from '../run.ts';

const identity = suite('identity');

const NAMELESS = 'fixture:behaviour/no-identity.wasm';
const given = ['--name', 'my-router', '--version', '2.0.0'];
const names = { plugin_name: 'my-router', plugin_version: '2.0.0' };
const whole = { magic: [204, 27, 112, 16, 0, 1, 0, 0], abi_envelope: 1, ...names };

identity('writes the module to a file, and says which name it has', async () => {
  const { code, stdout, stderr, written } = await run(['identity', NAMELESS, ...given, '-o', 'out.wasm']);
  const wasm = await fixture('behaviour/no-identity.wasm');
  const expected = writeIdentity(wasm, names);
  assert.equal([code, stderr, [...written.keys()]], [0, '', ['out.wasm']]);
  assert.equal(written.get('out.wasm'), expected);
  const [before, after] = [wasm.length, expected.length].map((count) => `${count.toLocaleString('en-US')} bytes`);
  assert.is(stdout, `${NAMELESS}: identity written: my-router 2.0.0\n  ${before} became ${after}, in out.wasm\n`);
});

for (const output of [[], ['-o', '-']]) {
  identity(`writes the module to standard output with ${output.join(' ') || 'no output'}`, async () => {
    const { code, stdout, stderr, written } = await run(['identity', NAMELESS, ...given, ...output]);
    assert.equal([code, stdout, [...written.keys()]], [0, '', ['-']]);
    assert.match(stderr, /: identity written: my-router 2\.0\.0\n.+, on standard output\n$/);
    assert.equal(readIdentity(written.get('-') ?? new Uint8Array()), whole);
  });
}

identity('prints the same as JSON with --json', async () => {
  const result = await run(['identity', '-', ...given, '-o', 'out.wasm', '--json'], { stdin: await wat('(module)') });
  assert.is(result.code, 0);
  assert.equal(documentOf(result), {
    version: 1,
    generation: 1,
    file: 'standard input',
    bytes: 8,
    identity: whole,
    output: 'out.wasm',
    writtenBytes: result.written.get('out.wasm')?.length,
  });
});

identity('makes a plugin whose identity is doubled admissible to layer 1', async () => {
  const doubled = 'fixture:behaviour/two-identities.wasm';
  const { written } = await run(['identity', doubled, ...given, '-o', 'out.wasm']);
  const files = { 'out.wasm': written.get('out.wasm') ?? '' };
  assert.match((await run(['admit', doubled])).stdout, 'DuplicateCustomSection');
  assert.match((await run(['admit', 'out.wasm'], { files })).stdout, /^out\.wasm \(my-router 2\.0\.0\): /);
});

for (const stdin of ['', 'text', '\0asm\r\0\u0001\0', '\0asm\u0001\0\0\0\u0001']) {
  identity(`writes nothing for ${JSON.stringify(stdin)}`, async () => {
    const { code, stdout, written } = await run(['identity', '-', ...given, '-o', 'out.wasm'], { stdin });
    assert.equal([code, written.size], [1, 0]);
    assert.match(stdout, /^standard input: not written\n {2}WasmParseError: .+\n {2}hint: .+\n$/);
    const piped = await run(['identity', '-', ...given], { stdin });
    assert.equal([piped.code, piped.stdout, piped.stderr, piped.written.size], [1, '', stdout, 0]);
    const json = documentOf(await run(['identity', '-', ...given, '-o', 'out.wasm', '--json'], { stdin }));
    assert.is('error' in json, true);
  });
}

const mistakes: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
  'no name': [[NAMELESS, '--version', '1'], /^error: required option '--name <NAME>' not specified\n/],
  'no version': [[NAMELESS, '--name', 'a'], /^error: required option '--version <VERSION>' not specified\n/],
  'a version without a value': [
    [NAMELESS, '--name', 'a', '--version'],
    /^error: option '--version <VERSION>' argument missing\n/,
  ],
  'a name in capitals': [
    [NAMELESS, '--name', 'Router', '--version', '1'],
    /^error: --name is 'Router', but must be one that a plugin may have: .*\(Did you mean router\?\)/,
  ],
  'a hostile name': [
    [NAMELESS, '--name', '\u001b[2J', '--version', '1'],
    /^error: --name is '\\u\{1b\}\[2J', but must be one that/,
  ],
  'an empty version': [
    [NAMELESS, '--name', 'a', '--version='],
    /^error: --version is '', but must be one that a plugin may have: the plugin version is empty\n/,
  ],
  'a long version': [
    [NAMELESS, '--name', 'a', '--version', 'v'.repeat(33)],
    /^error: --version is 'v{33}', but must be one that .+ more than 32 bytes, but it is "v{33}"\n/,
  ],
  'half a character': [
    [NAMELESS, '--name', 'a', '--version', '\ud800'],
    /^error: --version is '\\u\{d800\}', but must be one that /,
  ],
  'a hook plugin': [
    ['fixture:hooks/filter/filter.wasm', ...given],
    /^error: --name is for plugins of generation 1, but this is one of generation 2: its metadata has its name and/,
  ],
  'FILE as output': [[NAMELESS, ...given, '-o', NAMELESS], /is the input itself: write to another file\n$/],
  'a directory as output': [[NAMELESS, ...given, '-o', 'folder/'], /^error: cannot write folder\/: it is a directory/],
  'JSON without OUT': [
    [NAMELESS, ...given, '--json'],
    /^error: --output is '-', but must be a file: the document of --json is on standard output\n/,
  ],
};
for (const [what, [args, message]] of Object.entries(mistakes)) {
  identity(`refuses ${what}`, async () => {
    const { code, stderr, written } = await run(['identity', ...args]);
    assert.match(stderr, message);
    assert.equal([code, written.size], [2, 0]);
  });
}

identity('refuses standard output that is a terminal', async () => {
  const { code, stderr, written } = await run(['identity', NAMELESS, ...given], { isTerminal: true });
  assert.equal([code, written.size], [2, 0]);
  assert.match(stderr, "--output is '-', but must be a file: standard output is a terminal\n");
});

identity.run();
