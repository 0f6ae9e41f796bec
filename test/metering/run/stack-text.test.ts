import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { saidText, stackText, withStackText } from '../../../src/metering/run/stack-text.ts';
import { type StackFrame, withSaid, withStack, withStackOf } from '../../../src/metering/run/trap-stack.ts';

const texts = suite('stacks as text');

const textOf = (stack: readonly StackFrame[] | undefined, file?: string): string | undefined =>
  stackText(
    withStack({ kind: 'Trap' }, () => stack),
    file,
  );

texts('have the functions from the one that trapped, and the file', () => {
  const stack = [{ index: 3, function: 'panic_fmt' }, { index: 4 }, { index: 5, function: 'filter' }];
  assert.is(textOf(stack, 'router.wasm'), 'in `panic_fmt` ← function 4 ← `filter` (router.wasm)');
  assert.is(textOf(stack), 'in `panic_fmt` ← function 4 ← `filter`');
});

texts('say if the engine tells no stack, and nothing if nothing trapped', () => {
  assert.is(textOf(undefined, 'router.wasm'), 'this engine gives no stack of the plugin');
  assert.is(stackText({ kind: 'OutOfFuel' }), undefined);
});

texts('are of the failure of the call', () => {
  const call = withStack({ kind: 'Trap' }, () => [{ index: 1 }]);
  assert.is(stackText({ kind: 'PluginCall', call }), 'in function 1');
});

texts('are short, and have nothing that a terminal would act upon', () => {
  const stack = Array.from({ length: 32 }, (_, index) => ({ index, function: '\u001b[2J\n' }));
  const hostile = '`\\u{1b}[2J\\n`';
  const expected = `in ${Array.from({ length: 8 }, () => hostile).join(' ← ')} ← 24 more (\\u{1b}.wasm)`;
  assert.is(textOf(stack, '\u001b.wasm'), expected);
  const long = textOf([{ index: 0, function: 'n'.repeat(200) }]) ?? '';
  assert.is(long, `in \`${'n'.repeat(100)}... (100 more characters)\``);
});

texts('follow a message', () => {
  const trap = (stack: readonly StackFrame[] | undefined) => withStack({ kind: 'Trap' }, () => stack);
  assert.is(withStackText('unreachable', trap([{ index: 1, function: 'f' }])), 'unreachable in `f`');
  assert.is(withStackText('unreachable', trap(undefined)), 'unreachable (this engine gives no stack of the plugin)');
  assert.is(withStackText('timeout', { kind: 'Timeout' }), 'timeout');
});

texts('have what the plugin said before, in quotes and safe to print', () => {
  const silent = withStack({ kind: 'Trap' }, () => [{ index: 1 }]);
  assert.is(saidText(silent), undefined);
  const trap = withSaid(
    withStack({ kind: 'Trap' }, () => [{ index: 1 }]),
    'at lib.rs:3\u001b[2J',
  );
  assert.is(saidText({ kind: 'PluginCall', call: trap }), '"at lib.rs:3\\u{1b}[2J"');
  assert.is(withStackText('unreachable', trap), 'unreachable: "at lib.rs:3\\u{1b}[2J" in function 1');
  assert.is(JSON.stringify(withStackOf({ kind: 'Call' }, trap)), '{"kind":"Call"}');
  assert.is(withStackOf({ kind: 'Call' }, trap).said, 'at lib.rs:3\u001b[2J');
});

texts('have the names of Rust in a readable form', () => {
  const stack = [{ index: 1, function: '_RNvNtCs4NIexwV1FGX_4core9panicking9panic_fmt' }];
  assert.is(textOf(stack), 'in `core::panicking::panic_fmt`');
});

texts.run();
