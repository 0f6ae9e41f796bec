import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { admitHooks } from '../../src/hooks/admit.ts';
import type { HookOutcome, HookPlugin } from '../../src/hooks/plugin.ts';
import { filterSample } from '../../src/hooks/samples.ts';
import { admitted, responseOf, untimed } from '../hooks/hook-fixture.ts';
import { hookModule } from '../hooks/hook-module.ts';
import { fixture } from '../support/fixture.ts';

// One call gets a secret, which the plugin keeps wherever it can. The next call looks for it there:
// fixtures/hooks/hostile/state.wat.

const memory = suite('no call of a hook finds anything of another call');

/** How a call with a secret can end, by the first letter of its request. */
const endings: Readonly<Record<string, string>> = {
  A: 'ok',
  T: 'Trap',
  L: 'OutOfFuel',
  D: 'StackOverflow',
  G: 'ok',
  O: 'AnswerOutside',
  M: 'MalformedResponse',
};

/** What an instance can be made of: each changes the text of the module. */
const forms: Readonly<Record<string, (text: string) => string>> = {
  'a memory that may grow': (text) => text,
  'a memory with a maximum': (text) => text.replace('"memory") 1', '"memory") 1 5'),
  'no start function': (text) =>
    text.replace('(start $start)', '').replace('$started (mut i32) (i32.const 0)', '$started (mut i32) (i32.const 1)'),
  'exports of all that it has': (text) =>
    `${text} (export "cc_lb.memory_size" (func $start)) (export "table" (table $table)) (export "n" (global $number))`,
};

/** The fields of `state.wat`, without the comment and the parentheses of the module. */
const fields = new TextDecoder()
  .decode(await fixture('hooks/hostile/state.wat'))
  .replace(/^;;.*\n/gm, '')
  .trim()
  .replace(/^\(module/, '')
  .replace(/\)$/, '');

async function pluginOf(form: (text: string) => string): Promise<HookPlugin> {
  const call = { fuel: 5_000_000, wallMs: Number.POSITIVE_INFINITY };
  const wasm = await hookModule({ filter: 'active' }, form(fields));
  return admitted(wasm, { ...untimed, call, memoryMaxPages: 8 });
}

/** Makes a call with a secret, and returns how it ended. */
function leave(plugin: HookPlugin, letter: string): string {
  const outcome = plugin.filter({ ...filterSample(), request_id: letter.padEnd(4_000, 'secret') });
  return outcome.kind === 'ok' ? 'ok' : endOf(outcome);
}

function endOf({ error: { failure } }: Extract<HookOutcome<unknown>, { kind: 'error' }>): string {
  return 'stop' in failure ? failure.stop.kind : failure.kind;
}

/** What a call finds: a digit for each place, 1 for something. */
function found(plugin: HookPlugin): string {
  return responseOf(plugin.filter(filterSample())).results[0]?.upstream_id ?? '';
}

const NOTHING = '0'.repeat(11);

for (const [form, change] of Object.entries(forms)) {
  memory(`in a module with ${form}, after a call that ends in any way`, async () => {
    const plugin = await pluginOf(change);
    assert.is(found(plugin), NOTHING, 'at first');
    for (const [letter, end] of Object.entries(endings)) {
      assert.is(leave(plugin, letter), end, letter);
      assert.is(found(plugin), NOTHING, `after ${end}`);
    }
    for (const letter of Object.keys(endings)) leave(plugin, letter);
    assert.is(found(plugin), NOTHING, 'after all of them');
  });
}

memory('another plugin of the same module finds nothing', async () => {
  const [one, other] = [await pluginOf((text) => text), await pluginOf((text) => text)];
  for (const [letter, end] of Object.entries(endings)) {
    assert.is(leave(one, letter), end);
    assert.is(found(other), NOTHING, end);
    assert.is(leave(other, letter), end);
    assert.is(found(one), NOTHING, end);
  }
});

memory('what the walker finds in one instance is something', async () => {
  // The same module, but the second look is in the same call.
  const twice = fields
    .replace('(func (export "cc_lb_filter")', '(func $look')
    .concat(`(func (export "cc_lb_filter") (param i32 i32) (result i64)
      (drop (call $look (local.get 0) (local.get 1)))
      (call $look (local.get 0) (local.get 1)))`);
  const withoutSegments = twice.replace('(data.drop $segment)', '').replace('(elem.drop $elements)', '');
  // All places but the number of starts, which the call itself sets, and the segment.
  assert.is(found(await pluginOf(() => withoutSegments)), '11111111101');
  const { report } = admitHooks(await hookModule({ filter: 'active' }, twice), untimed);
  const error = report.steps.find(({ status }) => status === 'failed')?.error;
  assert.match(JSON.stringify(error?.failure), /GuestTrap/, 'a segment that was dropped');
});

memory.run();
