import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resultOf, unwrap } from '../../src/failure.ts';
import { BuildPluginError, compilePlugin, type Plugin, PluginCallError } from '../../src/plugin/index.ts';
import { checkSource, withFreshPlugin } from '../../src/protocol/layer-call.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { echo, guest } from '../support/guest-wat.ts';

const fresh = suite('a fresh plugin');

const wasm = await guest({ exports: { echo } });
const compiled = compilePlugin(wasm);
const refuse = (cause: BuildPluginError) => new Error(`refused: ${cause.message}`, { cause });

fresh('is used, and disposed of afterwards', () => {
  let kept: Plugin | undefined;
  const run = withFreshPlugin(compiled, {}, refuse, (plugin) => {
    kept = plugin;
    return plugin.callText('echo', 'hello');
  });
  assert.is(unwrap(run), 'hello');
  assert.is(run.fuel, kept?.fuelConsumed);
  assert.ok(run.fuel !== undefined && run.fuel > 0);
  assert.is(failureOf(PluginCallError, () => kept?.call('echo')).kind, 'Disposed');
});

fresh('is disposed of even if its use fails', () => {
  let kept: Plugin | undefined;
  const reason = new Error('no use');
  const use = (plugin: Plugin): never => {
    kept = plugin;
    plugin.call('echo', 'hello');
    throw reason;
  };
  const run = withFreshPlugin(compiled, {}, refuse, use);
  assert.is(
    thrownBy(() => unwrap(run)),
    reason,
  );
  assert.ok(run.fuel !== undefined && run.fuel > 0);
  assert.is(failureOf(PluginCallError, () => kept?.call('echo')).kind, 'Disposed');
});

fresh('is refused when it could not be compiled', () => {
  const run = withFreshPlugin(
    resultOf(() => compilePlugin(new Uint8Array())),
    {},
    refuse,
    () => undefined,
  );
  const thrown = thrownBy(() => unwrap(run));
  assert.ok(thrown instanceof Error && thrown.message.startsWith('refused: ') && thrown.cause instanceof Error);
  assert.is(run.fuel, undefined);
});

fresh('comes from a compiled plugin or from the result of compiling, not from bytes', () => {
  checkSource(compiled);
  checkSource(resultOf(() => compiled));
  const noResults = [{ ok: true }, { ok: true, value: wasm }, { ok: false }, new Response()];
  for (const source of [wasm, compiled.module, undefined, null, 'plugin.wasm', () => compiled, ...noResults]) {
    assert.throws(
      () => checkSource(source),
      /^plugin must be a CompiledPlugin, as compilePlugin and loadPlugin return it/,
    );
  }
});

fresh("is not refused for the host's mistake", () => {
  const run = () => unwrap(withFreshPlugin(compiled, { fuel: -1 }, refuse, () => undefined));
  assert.is(failureOf(BuildPluginError, run).kind, 'InvalidArgument');
});

fresh('is not refused for a defect in the host', () => {
  const defect = new RangeError('a defect');
  const run = withFreshPlugin({ ok: false, error: defect }, {}, refuse, () => undefined);
  assert.is(
    thrownBy(() => unwrap(run)),
    defect,
  );
});

fresh('has no fuel if it is not metered', () => {
  const run = withFreshPlugin(compilePlugin(wasm, { metering: false }), {}, refuse, (plugin) =>
    plugin.callText('echo', 'x'),
  );
  assert.equal(run, { ok: true, value: 'x' });
});

fresh.run();
