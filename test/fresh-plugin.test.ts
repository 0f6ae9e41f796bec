import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withFreshPlugin } from '../src/fresh-plugin.ts';
import { BuildPluginError, compilePlugin, type Plugin, PluginCallError } from '../src/plugin/index.ts';
import { failureOf, thrownBy } from './support/failure.ts';
import { echo, guest } from './support/guest-wat.ts';

const fresh = suite('a fresh plugin');

const wasm = await guest({ exports: { echo } });
const refuse = (reason: string, cause: unknown) => new Error(`refused: ${reason}`, { cause });

fresh('is used, and disposed of afterwards', () => {
  let kept: Plugin | undefined;
  const answer = withFreshPlugin(wasm, {}, refuse, (plugin) => {
    kept = plugin;
    return plugin.callText('echo', 'hello');
  });
  assert.is(answer, 'hello');
  assert.is(failureOf(PluginCallError, () => kept?.call('echo')).kind, 'Disposed');
});

fresh('is disposed of when its use fails, too', () => {
  let kept: Plugin | undefined;
  const reason = new Error('no use');
  const use = (plugin: Plugin): never => {
    kept = plugin;
    throw reason;
  };
  assert.is(
    thrownBy(() => withFreshPlugin(wasm, {}, refuse, use)),
    reason,
  );
  assert.is(failureOf(PluginCallError, () => kept?.call('echo')).kind, 'Disposed');
});

fresh('is refused when it cannot be compiled, even by a function that does so', () => {
  const bytes = new Uint8Array();
  for (const source of [bytes, () => compilePlugin(bytes)]) {
    const thrown = thrownBy(() => withFreshPlugin(source, {}, refuse, () => undefined));
    assert.ok(thrown instanceof Error && thrown.message.startsWith('refused: ') && thrown.cause instanceof Error);
  }
});

fresh("is not refused for the host's mistake", () => {
  const run = () => withFreshPlugin(wasm, { fuel: -1 }, refuse, () => undefined);
  assert.is(failureOf(BuildPluginError, run).kind, 'InvalidArgument');
});

fresh.run();
