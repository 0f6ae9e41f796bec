import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { configOf } from '../../../src/cli/commands/options.ts';
import { CommandLineError } from '../../../src/cli/program/command-line-error.ts';
import { openSession } from '../../../src/conformance/index.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { failureOf } from '../../support/failure.ts';
import { guest, identityPayload } from '../../support/guest-wat.ts';
import { acceptOf, selfCheckSuccess } from '../../support/recorded-plugin.ts';
import { run } from '../run.ts';

const config = suite('--config');

const SECRET = 'hunter2';

/** A plugin whose calls all trap unless `token` has a value of the right length. */
const demanding = await demandingPlugin();

async function demandingPlugin(): Promise<Uint8Array> {
  const KEY = 1000;
  const texts = [JSON.stringify(acceptOf(['observe'])), selfCheckSuccess, '{"_v":1}'];
  const data = texts.map((text, index) => `(data (i32.const ${2000 * (index + 1)}) "${text.replaceAll('"', '\\"')}")`);
  const code = (index: number): { readonly code: string } => ({
    code: `(result i32)
      (if (i64.ne (call $length (call $config_get (call $block (i32.const ${KEY}) (i32.const 5))))
                  (i64.const ${SECRET.length}))
        (then unreachable))
      (call $answer (i32.const ${2000 * (index + 1)}) (i32.const ${texts[index]?.length ?? 0}))`,
  });
  return await guest({
    identities: [identityPayload('demanding')],
    fields: `
      (import "extism:host/env" "config_get" (func $config_get (param i64) (result i64)))
      (import "extism:host/env" "length" (func $length (param i64) (result i64)))
      (data (i32.const ${KEY}) "token") ${data.join(' ')}`,
    exports: { cc_lb_handshake: code(0), cc_lb_self_check: code(1), observe: code(2) },
  });
}

config('has the text after the first = as value', () => {
  assert.equal(configOf([]), {});
  assert.equal(configOf(['url=a?b=c', 'empty=', 'é =ü\n']), { url: 'a?b=c', empty: '', 'é ': 'ü\n' });
  assert.equal(Object.entries(configOf(['__proto__=1'])), [['__proto__', '1']]);
});

const commands = [['admit'], ['dispatch', 'observe'], ['conformance']] as const;
const files = { 'demanding.wasm': demanding };

for (const [command, ...rest] of commands) {
  config(`is what config_get finds in ${command}`, async () => {
    const call = [command, 'demanding.wasm', ...rest];
    const without = await run(call, { files });
    assert.is(without.code, 1);
    assert.match(without.stdout, /unreachable/i);
    for (const form of [[], ['--json']]) {
      const { stdout, stderr } = await run([...call, '--config', `token=${SECRET}`, ...form], { files });
      assert.not.match(stdout, /unreachable/i);
      assert.not.match(stdout + stderr, SECRET);
    }
  });

  for (const [given, kind, message] of [
    [[SECRET], 'MissingValue', /--config number 1 has no =: write --config KEY=VALUE/],
    [['a=b', `=${SECRET}`], 'MissingValue', /--config number 2 has no key before the =/],
    [[`a\u001b=${SECRET}`, 'a\u001b='], 'RepeatedOption', /--config a\\u\{1b\} is given more than once/],
  ] as const) {
    config(`is refused without its value by ${command}: ${kind}`, async () => {
      const args = given.map((text) => `--config=${text}`);
      const { code, stdout, stderr } = await run([command, 'demanding.wasm', ...rest, ...args, '--json'], { files });
      assert.is(code, 2);
      assert.match(stderr, message);
      assert.not.match(stdout + stderr, SECRET);
      assert.is(failureOf(CommandLineError, () => configOf(given)).kind, kind);
    });
  }

  config(`is refused by ${command} for a hook plugin, which has none`, async () => {
    const name = command === 'dispatch' ? ['filter'] : [];
    const args = [command, 'fixture:hooks/filter/filter.wasm', ...name, '--config', `token=${SECRET}`];
    const { code, stderr } = await run(args);
    assert.is(code, 2);
    assert.match(stderr, /^error: --config is for plugins of generation 1, .* its configuration is built into it\n/);
  });
}

for (const args of [['--config', `--${SECRET}`], [`--confg=token=${SECRET}`]]) {
  config(`is not in the message on ${args[0]}`, async () => {
    const { code, stdout, stderr } = await run(['admit', 'demanding.wasm', ...args, '--json'], { files });
    assert.is(code, 2);
    assert.match(stderr, /^error: .*--conf/);
    assert.not.match(stdout + stderr, SECRET);
  });
}

config('is what a session gives a plugin, in admission too', () => {
  using session = openSession(demanding, { config: { token: SECRET } });
  assert.is(session.dispatch(wire.v1.observe, wire.v1.observe.dryRunRequest()).kind, 'ok');
});

config.run();
