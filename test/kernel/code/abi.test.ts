import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeCrossing } from '../../../src/kernel/code/abi.ts';
import { emitAdapterModule } from '../../../src/kernel/code/emit.ts';
import { CodeWriter } from '../../../src/wasm/index.ts';
import { thrownBy } from '../../support/failure.ts';

const crossing = suite('crossing into JavaScript');

/** An adapter of one function (i32, i64) -> (i64), with its globals. */
function adapter(run: (...args: unknown[]) => unknown) {
  const module = new WebAssembly.Module(emitAdapterModule([{ params: ['i32', 'i64'], results: ['i64'] }]));
  const instance = new WebAssembly.Instance(module, { javascript: { 0: run } });
  const { 0: call, crossing: mark, failed } = instance.exports;
  if (typeof call !== 'function') throw new TypeError('the adapter exports no function');
  if (!(mark instanceof WebAssembly.Global && failed instanceof WebAssembly.Global))
    throw new TypeError('the adapter exports no globals');
  return { call, crossing: mark, failed };
}

crossing('passes the arguments and returns the result', () => {
  const { call, crossing: flag } = adapter((a, b) => BigInt(String(a)) + BigInt(String(b)));
  assert.is(call(3, 4n), 7n);
  assert.is(flag.value, 0);
});

crossing('is marked while JavaScript runs', () => {
  let during = -1;
  const { call, crossing: flag } = adapter(() => {
    during = flag.value;
    return 0n;
  });
  call(0, 0n);
  assert.equal([during, flag.value], [1, 0]);
});

crossing('traps if JavaScript has set `failed`, whatever it returns', () => {
  const {
    call,
    crossing: flag,
    failed,
  } = adapter(() => {
    failed.value = 1;
    return 5n;
  });
  assert.instance(
    thrownBy(() => call(0, 0n)),
    WebAssembly.RuntimeError,
  );
  assert.is(flag.value, 0);
  failed.value = 0;
});

crossing('stays marked if an exception passes it', () => {
  const gone = new Error('past');
  const { call, crossing: flag } = adapter(() => {
    throw gone;
  });
  assert.is(
    thrownBy(() => call(0, 0n)),
    gone,
  );
  assert.is(flag.value, 1);
});

crossing('works without parameters and results', () => {
  const code = new CodeWriter();
  writeCrossing(code, 0, { javascript: 7, crossing: 0, failed: 1 });
  assert.equal(code.bytes, [0x41, 1, 0x24, 0, 0x10, 7, 0x41, 0, 0x24, 0, 0x23, 1, 0x04, 0x40, 0x00, 0x0b]);
});

crossing.run();
