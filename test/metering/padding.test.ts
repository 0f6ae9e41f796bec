import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { meterModule, NO_LIMITS } from '../../src/metering/index.ts';
import { OPTIMISED_BYTES_MAX, OPTIMISED_JUMPS_MAX } from '../../src/metering/layout.ts';
import { readSections, readU32, SECTION, sectionReader } from '../../src/wasm/index.ts';
import { wat } from '../support/wat.ts';
import { runOf } from './running.ts';

/*
 * The optimiser of JavaScriptCore takes memory by the square of the blocks and branches of a
 * function. It passes over functions that are long, so those with many are made long.
 */

const padding = suite('functions of many blocks and branches');

/** The length of the first body of a module after metering. */
async function meteredBytes(text: string): Promise<number> {
  const { bytes } = meterModule(await wat(text), { limits: NO_LIMITS });
  const code = [...readSections(bytes)].find(({ id }) => id === SECTION.code);
  assert.ok(code !== undefined);
  const reader = sectionReader(bytes, code);
  readU32(reader);
  return readU32(reader);
}

const repeat = (text: string, times: number): string => text.repeat(times);

/** Code of so many blocks, loops, branches or tail calls. */
const kinds: readonly (readonly [string, (count: number) => string])[] = [
  ['blocks', (count) => repeat('block end ', count)],
  ['blocks with branches', (count) => repeat('block br 0 end ', count / 2)],
  ['ifs that return', (count) => repeat('local.get 0 if return end ', count / 2)],
  ['ifs with tail calls', (count) => repeat('local.get 0 if return_call 1 end ', count / 2)],
  ['loops', (count) => repeat('loop end ', count)],
];

for (const [title, code] of kinds) {
  padding(`${title}: up to ${OPTIMISED_JUMPS_MAX} stay short, more become long`, async () => {
    const text = (count: number) => `(module (func (local i32) ${code(count)}) (func))`;
    assert.ok((await meteredBytes(text(OPTIMISED_JUMPS_MAX))) < OPTIMISED_BYTES_MAX);
    assert.ok((await meteredBytes(text(OPTIMISED_JUMPS_MAX + 2))) > OPTIMISED_BYTES_MAX);
  });
}

padding('a function that is long already does not become much longer', async () => {
  const text = (count: number) =>
    `(module (func ${repeat('nop ', OPTIMISED_BYTES_MAX)} ${repeat('block end ', count)}))`;
  const [short, long] = [
    await meteredBytes(text(OPTIMISED_JUMPS_MAX)),
    await meteredBytes(text(OPTIMISED_JUMPS_MAX + 1)),
  ];
  assert.ok(long - short < 30, `${long - short} bytes`);
});

padding('what is added is not executed: results and fuel stay the same', async () => {
  const text = (count: number) =>
    `(module (func (export "run") (result i32) i32.const 7 ${repeat('block end ', count)}))`;
  const fuelOf = async (count: number): Promise<number> => {
    const { run, meter } = await runOf(await wat(text(count)), { fuel: 100_000 });
    meter.refuel();
    assert.is(run(), 7);
    return meter.fuelConsumed;
  };
  const [few, many] = [await fuelOf(OPTIMISED_JUMPS_MAX), await fuelOf(OPTIMISED_JUMPS_MAX + 500)];
  assert.is(many - few, 0);
});

padding('code that ends in a trap is made long too', async () => {
  const code = `${repeat('block end ', OPTIMISED_JUMPS_MAX + 1)} unreachable`;
  const text = `(module (func (export "run") ${code}))`;
  assert.ok((await meteredBytes(text)) > OPTIMISED_BYTES_MAX);
  const { run } = await runOf(await wat(text));
  assert.throws(run, (error: unknown) => error instanceof WebAssembly.RuntimeError);
});

padding.run();
