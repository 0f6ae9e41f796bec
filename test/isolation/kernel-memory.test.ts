import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, type Plugin, PluginCallError } from '../../src/plugin/index.ts';
import { endings, SECRET, walker, walkerOptions } from './walker.ts';

// One call gets a secret. The next call searches for it through every function of the kernel.

const memory = suite('no call reads bytes of another call in kernel memory');

/** The number of set bits that a walk found. Each is data of another call. */
function found(plugin: Plugin): bigint {
  const output = plugin.call('walk');
  return new DataView(output.buffer).getBigUint64(0, true);
}

/** Makes a call with a secret that ends in one of the ways. */
function leave(plugin: Plugin, ending: string): void {
  try {
    plugin.call(`leave_${ending}`, SECRET);
  } catch (error) {
    if (!(error instanceof PluginCallError)) throw error;
  }
}

memory('the walker finds its own input', () => {
  const plugin = buildPlugin(walker, walkerOptions);
  const output = plugin.call('walk', 'x');
  assert.ok(new DataView(output.buffer).getBigUint64(0, true) > 0n);
});

for (const ending of endings) {
  memory(`after a call that ${ending.replace('_', ' ')}`, () => {
    const plugin = buildPlugin(walker, walkerOptions);
    leave(plugin, ending);
    assert.is(found(plugin), 0n, 'what a walk found');
    leave(plugin, ending);
    // The output is all of kernel memory in bounds. This call has no input, so every byte must be
    // zero.
    assert.ok(
      plugin.callView('show').every((byte) => byte === 0),
      'what the host sees',
    );
  });
}

memory('after calls that end in each of these ways', () => {
  const plugin = buildPlugin(walker, walkerOptions);
  for (const ending of endings) leave(plugin, ending);
  assert.is(found(plugin), 0n);
});

memory('another plugin of the same module reads neither kernel memory nor variables', () => {
  const [one, other] = [buildPlugin(walker, walkerOptions), buildPlugin(walker, walkerOptions)];
  one.call('leave_variable', SECRET);
  for (const ending of endings) {
    leave(one, ending);
    assert.is(found(other), 0n, ending);
    other.call('walk_variables');
  }
  assert.throws(() => one.call('walk_variables'), /non-zero/, 'the plugin that set the variable reads it');
});

memory('a plugin that is built after another was disposed reads no data of it', () => {
  for (const ending of endings) {
    const one = buildPlugin(walker, walkerOptions);
    one.call('leave_variable', SECRET);
    leave(one, ending);
    one.dispose();
    const next = buildPlugin(walker, walkerOptions);
    assert.is(found(next), 0n, ending);
    next.call('walk_variables');
  }
});

memory.run();
