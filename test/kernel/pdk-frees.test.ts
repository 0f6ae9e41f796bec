import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFunction } from '../../src/kernel/index.ts';
import { buildPlugin, compilePlugin, type Plugin } from '../../src/plugin/index.ts';
import { canLink } from '../../src/plugin/link.ts';
import { pluginModule } from '../support/plugin.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

// Published PDKs free blocks too early or twice. The Go PDK 1.0.3 to 1.0.5 frees its output right
// after `output_set`; those of MoonBit and Haskell free the key of `config_get` and `var_get`. That
// works as long as new blocks come after the last one.

const frees = suite('blocks that a PDK frees too early or twice');

const data = `
  (data (i32.const 0) "greeting") (data (i32.const 16) "Howdy") (data (i32.const 32) "Hello, plugin world")
  (data (i32.const 64) "a line for the log!") (data (i32.const 96) "broken")`;

/** Blocks with the plugin's own data, by their text. */
const blocks = `
  (func $key (result i64) (call $block (i32.const 0) (i32.const 8)))
  (func $value (result i64) (call $block (i32.const 16) (i32.const 5)))
  (func $answer (result i64) (call $block (i32.const 32) (i32.const 19)))
  (func $line (result i64) (call $block (i32.const 64) (i32.const 19)))
  (func $error (result i64) (call $block (i32.const 96) (i32.const 6)))
  (func $out (param $handle i64)
    (call $output_set (local.get $handle) (call $length (local.get $handle))))
  (func $answered (local $handle i64)
    (call $out (local.tee $handle (call $answer)))
    (call $free (local.get $handle)))
  (func $set (call $var_set (call $key) (call $value)))`;

/** What a plugin does, and its outcome. */
const cases: readonly (readonly [name: string, does: string, answer: string])[] = [
  // The key is freed once more before the plugin asks for the value's length.
  [
    'key_of_config_get',
    '(local.set $v (call $config_get (local.tee $k (call $key)))) (call $free (local.get $k)) (call $out ' +
      '(local.get $v))',
    'Howdy',
  ],
  [
    'key_of_var_get',
    '(call $set) (local.set $v (call $var_get (local.tee $k (call $key)))) (call $free (local.get $k)) ' +
      '(call $out (local.get $v))',
    'Howdy',
  ],
  [
    'key_of_config_get_thrice',
    '(local.set $v (call $config_get (local.tee $k (call $key)))) (call $free (local.get $k)) (call $free ' +
      '(local.get $k)) (call $out (local.get $v))',
    'Howdy',
  ],
  [
    'key_and_value_of_var_set',
    '(call $var_set (local.tee $k (call $key)) (local.tee $v (call $value))) (call $free (local.get $k)) ' +
      '(call $free (local.get $v)) (call $out (call $var_get (call $key)))',
    'Howdy',
  ],
  [
    'key_of_a_removed_variable',
    '(call $set) (call $var_set (local.tee $k (call $key)) (i64.const 0)) (local.set $v (call $answer)) ' +
      '(call $free (local.get $k)) (call $out (local.get $v))',
    'Hello, plugin world',
  ],
  [
    'key_without_a_value',
    '(drop (call $var_get (local.tee $k (call $value)))) (local.set $v (call $answer)) (call $free ' +
      '(local.get $k)) (call $out (local.get $v))',
    'Hello, plugin world',
  ],
  [
    'message_of_a_log',
    '(call $log_info (local.tee $k (call $line))) (local.set $v (call $answer)) (call $free (local.get ' +
      '$k)) (call $out (local.get $v))',
    'Hello, plugin world',
  ],
  [
    'message_of_a_log_that_is_off',
    '(call $log_trace (local.tee $k (call $line))) (local.set $v (call $answer)) (call $free (local.get ' +
      '$k)) (call $out (local.get $v))',
    'Hello, plugin world',
  ],
  [
    'result_of_a_host_function',
    '(local.set $k (call $greet (local.tee $v (call $value)))) (call $out (local.get $k)) (call $free ' +
      '(local.get $k)) (call $free (local.get $v)) (call $free (local.get $k)) (drop (call $line))',
    'Howdy there',
  ],
  // The output is freed, then something is allocated.
  ['output_then_log', '(call $answered) (call $log_info (call $line))', 'Hello, plugin world'],
  ['output_then_variable', '(call $answered) (call $set)', 'Hello, plugin world'],
  [
    'output_then_value',
    '(call $set) (call $answered) (drop (call $var_get (call $key))) (drop (call $config_get (call $key)))',
    'Hello, plugin world',
  ],
  ['output_then_shorter', '(call $answered) (drop (call $value))', 'Hello, plugin world'],
  ['output_then_result', '(call $answered) (drop (call $greet (call $value)))', 'Hello, plugin world'],
  [
    'output_twice',
    '(call $answered) (call $free (call $output_offset)) (drop (call $line)) (drop (call $line))',
    'Hello, plugin world',
  ],
  [
    'output_after_its_neighbours',
    '(local.set $k (call $line)) (local.set $v (call $answer)) (call $free (local.get $k)) (call $out ' +
      '(local.get $v)) (call $free (local.get $v)) (call $log_info (call $line)) (call $set)',
    'Hello, plugin world',
  ],
  // The input is freed, and is then the output.
  [
    'input_then_block',
    '(local.set $k (call $input_offset)) (local.set $v (call $input_length)) (call $free (local.get $k)) ' +
      '(drop (call $line)) (call $output_set (local.get $k) (local.get $v))',
    'the input',
  ],
];

const imports = '(import "extism:host/user" "greet" (func $greet (param i64) (result i64)))';
const fields = cases.map(
  ([name, does]) => `(func (export "${name}") (result i32) (local $k i64) (local $v i64) ${does} (i32.const 0))`,
);
const failing = `
  (func (export "error_then_block") (result i32) (local $k i64)
    (call $error_set (local.tee $k (call $error))) (drop (call $line))
    (call $free (i64.add (local.get $k) (i64.const 1))) (i32.const 1))
  (func (export "error_freed") (result i32) (local $k i64)
    (call $error_set (local.tee $k (call $error))) (call $free (local.get $k)) (drop (call $line)) (i32.const 1))`;
const wasm = await pluginModule(`${data} ${blocks} ${fields.join('\n')} ${failing}`, imports);

for (const kernel of canLink() ? (['linked', 'instance'] as const) : (['instance'] as const)) {
  const compiled = compilePlugin(wasm, { kernel });
  const plugin = (): Plugin =>
    buildPlugin(compiled, {
      config: { greeting: 'Howdy' },
      telemetry: recordedTelemetry(),
      functions: [hostFunction('greet', ['text'], ['text'], (text) => `${text} there`)],
    });
  for (const [name, , answer] of cases) {
    frees(`${name.replaceAll('_', ' ')}: the answer is ${answer}, kernel ${kernel}`, () => {
      assert.is(plugin().callText(name, 'the input'), answer);
    });
  }

  frees(`a freed error counts as none, and a later block does not become the error, kernel ${kernel}`, () => {
    assert.throws(() => plugin().call('error_then_block'), /^broken$/);
    assert.throws(() => plugin().call('error_freed'), 'Returned non-zero exit code: 1');
  });
}

frees.run();
