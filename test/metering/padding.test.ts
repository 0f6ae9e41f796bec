import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { meterModule, NO_LIMITS } from '../../src/metering/index.ts';
import { OPTIMISED_BYTES_MAX, OPTIMISED_PRODUCT_MAX } from '../../src/metering/layout.ts';
import { readSections, readU32, SECTION, sectionReader } from '../../src/wasm/index.ts';
import { wat } from '../support/wat.ts';
import { runOf } from './running.ts';

/*
 * The optimiser of JavaScriptCore takes memory by the blocks and branches of a function times its
 * bytes. It passes over functions that are long, so those that would take too much are made long.
 */

const padding = suite('functions of many blocks, branches and bytes');

const repeat = (text: string, times: number): string => text.repeat(times);

/** The length of the first body of a module. */
function bodyBytes(bytes: Uint8Array): number {
  const code = [...readSections(bytes)].find(({ id }) => id === SECTION.code);
  assert.ok(code !== undefined);
  const reader = sectionReader(bytes, code);
  readU32(reader);
  return readU32(reader);
}

/** How many blocks, loops, branches and tail calls the functions below have. */
const JUMPS = 1_000;
const BYTES = OPTIMISED_PRODUCT_MAX / JUMPS;

/** A module whose first function has some code, and as many bytes as wanted. */
async function moduleOfLength(code: string, bytes: number): Promise<Uint8Array> {
  const text = (nops: number) => `(module (func (export "run") (local i32) ${code} ${repeat('nop ', nops)}) (func))`;
  const without = bodyBytes(await wat(text(0)));
  const module = await wat(text(bytes - without));
  assert.is(bodyBytes(module), bytes);
  return module;
}

const metered = (module: Uint8Array): Uint8Array => meterModule(module, { limits: NO_LIMITS }).bytes;

for (const [title, code] of [
  ['blocks', repeat('block end ', JUMPS)],
  ['blocks with branches', repeat('block br 0 end ', JUMPS / 2)],
  ['ifs that return', repeat('local.get 0 if return end ', JUMPS / 2)],
  ['ifs with tail calls', repeat('local.get 0 if return_call 1 end ', JUMPS / 2)],
  ['loops', repeat('loop end ', JUMPS)],
  ['code that ends in a trap', `${repeat('block end ', JUMPS)} unreachable`],
] as const) {
  padding(
    `${title}: up to a product of ${OPTIMISED_PRODUCT_MAX} they stay short, beyond they become long`,
    async () => {
      assert.ok(bodyBytes(metered(await moduleOfLength(code, BYTES))) < OPTIMISED_BYTES_MAX);
      assert.ok(bodyBytes(metered(await moduleOfLength(code, BYTES + 1))) > OPTIMISED_BYTES_MAX);
    },
  );
}

padding('a function that is long already stays as it is', async () => {
  const module = await moduleOfLength(repeat('block end ', JUMPS), OPTIMISED_BYTES_MAX);
  assert.ok(bodyBytes(metered(module)) < OPTIMISED_BYTES_MAX + 100);
});

padding('what is added is not executed: results and fuel stay the same', async () => {
  const text = (blocks: number) =>
    `(module (func (export "run") (result i32) i32.const 7 ${repeat('nop ', BYTES)} ${repeat('block end ', blocks)}))`;
  const outcomeOf = async (blocks: number) => {
    const { run, meter } = await runOf(text(blocks), { fuel: 100_000 });
    meter.refuel();
    return { result: run(), fuel: meter.fuelConsumed };
  };
  // A block costs no fuel.
  const [short, long] = [await outcomeOf(1), await outcomeOf(JUMPS)];
  assert.is(short.result, 7);
  assert.equal(long, short);
});

padding.run();
