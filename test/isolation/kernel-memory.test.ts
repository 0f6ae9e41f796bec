import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, type Plugin, PluginCallError } from '../../src/plugin/index.ts';
import { endings, SECRET, walker, walkerOptions } from './walker.ts';

// A secret that one call had is looked for in the next one, through every function of the kernel.

const memory = suite('no call sees what another left in kernel memory');

/** How many bits a walk found that should not be there. */
function found(plugin: Plugin): bigint {
  const output = plugin.call('walk');
  return new DataView(output.buffer).getBigUint64(0, true);
}

/** Lets a call that got a secret come to its end, whichever it is. */
function leave(plugin: Plugin, ending: string): void {
  try {
    plugin.call(`leave_${ending}`, SECRET);
  } catch (error) {
    if (!(error instanceof PluginCallError)) throw error;
  }
}

memory('the walker finds what is there: its own input', () => {
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
    // The host sees all of kernel memory that may be named: of the input of this call nothing is in it but itself.
    assert.ok(
      plugin.callView('show').every((byte) => byte === 0),
      'what the host sees',
    );
  });
}

memory('after all of them, one after the other', () => {
  const plugin = buildPlugin(walker, walkerOptions);
  for (const ending of endings) leave(plugin, ending);
  assert.is(found(plugin), 0n);
});

memory('another plugin, of the same module, sees neither kernel memory nor variables', () => {
  const [one, other] = [buildPlugin(walker, walkerOptions), buildPlugin(walker, walkerOptions)];
  one.call('leave_variable', SECRET);
  for (const ending of endings) {
    leave(one, ending);
    assert.is(found(other), 0n, ending);
    other.call('walk_variables');
  }
  assert.throws(() => one.call('walk_variables'), /non-zero/, 'the variable is there for the one that set it');
});

memory('a plugin that is built after another was disposed sees nothing of it', () => {
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
