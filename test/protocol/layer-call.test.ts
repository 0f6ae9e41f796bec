import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BuildPluginError, compilePlugin, type Plugin, PluginCallError } from '../../src/plugin/index.ts';
import { attempt, foundBy, withFreshPlugin } from '../../src/protocol/layer-call.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { echo, guest } from '../support/guest-wat.ts';

const fresh = suite('a fresh plugin');

const wasm = await guest({ exports: { echo } });
const refuse = (reason: string, cause: unknown) => new Error(`refused: ${reason}`, { cause });

fresh('is used, and disposed of afterwards', () => {
  let kept: Plugin | undefined;
  const run = withFreshPlugin(wasm, {}, refuse, (plugin) => {
    kept = plugin;
    return plugin.callText('echo', 'hello');
  });
  assert.is(foundBy(run), 'hello');
  assert.is(run.fuel, kept?.fuelConsumed);
  assert.ok(run.fuel !== undefined && run.fuel > 0);
  assert.is(failureOf(PluginCallError, () => kept?.call('echo')).kind, 'Disposed');
});

fresh('is disposed of when its use fails, too', () => {
  let kept: Plugin | undefined;
  const reason = new Error('no use');
  const use = (plugin: Plugin): never => {
    kept = plugin;
    plugin.call('echo', 'hello');
    throw reason;
  };
  const run = withFreshPlugin(wasm, {}, refuse, use);
  assert.is(
    thrownBy(() => foundBy(run)),
    reason,
  );
  assert.ok(run.fuel !== undefined && run.fuel > 0);
  assert.is(failureOf(PluginCallError, () => kept?.call('echo')).kind, 'Disposed');
});

fresh('is refused when it cannot be compiled, even by a function that does so', () => {
  const bytes = new Uint8Array();
  for (const source of [bytes, () => compilePlugin(bytes)]) {
    const run = withFreshPlugin(source, {}, refuse, () => undefined);
    const thrown = thrownBy(() => foundBy(run));
    assert.ok(thrown instanceof Error && thrown.message.startsWith('refused: ') && thrown.cause instanceof Error);
    assert.is(run.fuel, undefined);
  }
});

fresh("is not refused for the host's mistake", () => {
  const run = () => foundBy(withFreshPlugin(wasm, { fuel: -1 }, refuse, () => undefined));
  assert.is(failureOf(BuildPluginError, run).kind, 'InvalidArgument');
});

fresh("is not refused for a defect of the host's", () => {
  const defect = new RangeError('a defect');
  const source = (): never => {
    throw defect;
  };
  const run = withFreshPlugin(source, {}, refuse, () => undefined);
  assert.is(
    thrownBy(() => foundBy(run)),
    defect,
  );
});

fresh('has no fuel to tell of when it is not metered', () => {
  const run = withFreshPlugin(compilePlugin(wasm, { metering: false }), {}, refuse, (plugin) =>
    plugin.callText('echo', 'x'),
  );
  assert.equal(run, { found: 'x' });
});

fresh('work that burns no fuel is found or thrown', () => {
  assert.equal(
    attempt(() => 7),
    { found: 7 },
  );
  const reason = new Error('no');
  const run = attempt(() => {
    throw reason;
  });
  assert.ok('thrown' in run && run.thrown === reason);
});

fresh.run();
