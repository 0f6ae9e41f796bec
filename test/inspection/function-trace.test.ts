import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOST_METERING, traceMetering } from '../../src/inspection/function-trace.ts';
import { meterModule } from '../../src/metering/index.ts';
import { preparePlugin } from '../../src/plugin/index.ts';
import { readModule, SECTION } from '../../src/wasm/index.ts';
import { engineHas } from '../support/features.ts';
import { fixture } from '../support/fixture.ts';
import { wat } from '../support/wat.ts';

const trace = suite('traceMetering');

/** The contents of the code section. */
function codeOf(bytes: Uint8Array): string {
  const code = readModule(bytes).sections.find(({ id }) => id === SECTION.code);
  return bytes.subarray(code?.contentOffset, code?.end).join();
}

trace('meters as a host does', async () => {
  const bytes = Uint8Array.from(await fixture('router/router.wasm'));
  const { metered } = traceMetering(bytes, HOST_METERING[1], () => false);
  assert.ok(codeOf(metered) === codeOf(preparePlugin(bytes, { kernel: 'instance' })));
});

trace('names what metering adds, and finds the functions of the original', async () => {
  const bytes = Uint8Array.from(
    await wat('(module (import "a" "b" (func)) (global i32 (i32.const 1)) (func) (func (export "meter counter")))'),
  );
  const { added, indexOf, edits } = traceMetering(bytes, HOST_METERING[2], (index) => index === 2);
  assert.equal(
    [...added.functions],
    [
      [1, 'tick'],
      [2, 'take_pages'],
      [3, 'take_entries'],
      [4, 'clamp_wait'],
      [7, 'refill'],
      [8, 'spend'],
      [9, 'overflow'],
      [10, 'charge_heap'],
      [11, 'first_entry'],
    ],
  );
  assert.equal(
    [...added.globals],
    [
      [1, 'counter'],
      [2, 'time'],
      [3, 'stack'],
      [4, 'heap'],
    ],
  );
  assert.equal([0, 1, 2].map(indexOf), [0, 5, 6]);
  assert.equal([...edits.keys()], [2]);
});

trace('says what was inserted and replaced, and where', async () => {
  const bytes = Uint8Array.from(
    await wat(
      '(module (memory 1) (func $f) (func (export "g") (local i64) loop call $f end i32.const 0 memory.grow drop))',
    ),
  );
  const { edits, metered } = traceMetering(bytes, HOST_METERING[1], () => true);
  const done = edits.get(1);
  if (done === undefined) throw new Error('the function was not traced');
  assert.is(bytes[done.codeOffset], 0x03);
  // For the counter, and for the depth of the stack if there is a frame.
  assert.ok(done.addedLocals >= 1);
  const replaced = done.edits.filter(({ start, end }) => end > start);
  // The index of the call, and the growth as a whole.
  assert.equal(
    replaced.map(({ start, end }) => [...bytes.subarray(start, end)]),
    [[0], [0x40, 0]],
  );
  for (const { length, start, end } of done.edits) assert.ok(length > 0 || end > start);
  const grown = done.edits.reduce((sum, { start, end, length }) => sum + length - (end - start), 0);
  // Two groups of locals may be one more, each of two bytes; their count stays one byte.
  const sizes = [bytes, metered].map((each) => codeOf(each).split(',').length);
  assert.ok(grown > 0 && grown < (sizes[1] ?? 0) - (sizes[0] ?? 0));
});

trace('is of the same bytes that metering alone writes', async () => {
  if (!(await engineHas('exnref'))) return;
  const bytes = Uint8Array.from(await wat('(module (tag) (func (export "f") try_table (catch_all 0) throw 0 end))'));
  let told = 0;
  const { metered, edits } = traceMetering(bytes, {}, () => {
    told++;
    return true;
  });
  assert.equal([...metered], [...meterModule(bytes).bytes]);
  // The first pass, which assumes that the module has no handlers, ends before the function does.
  assert.equal([told, edits.size], [1, 1]);
});

trace.run();
