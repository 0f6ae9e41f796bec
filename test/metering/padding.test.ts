import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { meterModule, NO_LIMITS } from '../../src/metering/index.ts';
import { OPTIMISED_BYTES_MAX, OPTIMISED_PRODUCT_MAX } from '../../src/metering/layout.ts';
import { readSections, readU32, SECTION, sectionReader } from '../../src/wasm/index.ts';
import { wat } from '../support/wat.ts';
import { runOf } from './running.ts';

/*
 * The optimiser of JavaScriptCore joins blocks into one. It takes memory by the blocks and branches
 * of a function times the bytes that can come one after the other. It passes over functions that
 * are long, so those that would take too much are made long.
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

/** What {@link JUMPS} of them have at most that is not on the longest way. */
const OFF_THE_WAY = 2_000;

/** A module whose first function has some code, and as many bytes as wanted. */
async function moduleOfLength(code: string, bytes: number): Promise<Uint8Array> {
  const text = (nops: number) => moduleOf(`${repeat('nop ', nops)} ${code}`);
  const without = bodyBytes(await wat(text(0)));
  const module = await wat(text(bytes - without));
  assert.is(bodyBytes(module), bytes);
  return module;
}

const moduleOf = (code: string): string => `(module (func (export "run") (local i32) ${code}) (func) (tag))`;

const metered = (module: Uint8Array): Uint8Array => meterModule(module, { limits: NO_LIMITS }).bytes;

const isPadded = (module: Uint8Array): boolean => bodyBytes(metered(module)) >= OPTIMISED_BYTES_MAX;

for (const [title, code] of [
  ['blocks', repeat('block end ', JUMPS)],
  ['blocks with branches', repeat('block br 0 end ', JUMPS / 2)],
  ['ifs that return', repeat('local.get 0 if return end ', JUMPS / 2)],
  ['ifs with tail calls', repeat('local.get 0 if return_call 1 end ', JUMPS / 2)],
  ['code that ends in a trap', `${repeat('block end ', JUMPS)} unreachable`],
] as const) {
  padding(
    `${title}: up to a product of ${OPTIMISED_PRODUCT_MAX} they stay short, beyond they become long`,
    async () => {
      assert.is(isPadded(await moduleOfLength(code, BYTES)), false);
      assert.is(isPadded(await moduleOfLength(code, BYTES + OFF_THE_WAY)), true);
    },
  );
}

/** Twice as much code as two parts may have that can come one after the other. */
const blocks = repeat('block end ', JUMPS / 2);
const part = `${blocks} ${repeat('nop ', BYTES - OFF_THE_WAY)}`;

for (const [title, code, long] of [
  ['one after the other', `${part} ${part}`, true],
  ['with a loop between', `${part} loop ${part} end`, false],
  ['before and after a loop that ends', `${part} loop end ${part}`, false],
  ['in a loop and after a branch out of it', `block loop ${part} br 1 end end ${part}`, true],
  ['in a loop and after a branch around it', `block loop local.get 0 br_if 1 ${part} br 0 end end ${part}`, false],
  ['in the arms of an if', `local.get 0 if ${part} else ${part} end`, false],
  ['in an arm and after it', `local.get 0 if ${part} end ${part}`, true],
  ['in an if without else, and before it', `${part} local.get 0 if ${part} end`, true],
  ['around which a branch goes', `block ${part} br 0 end block br 0 ${part} end`, false],
  ['from which a branch goes to the other', `block ${part} local.get 0 br_if 0 return end ${part}`, true],
  ['between cases', `block block local.get 0 br_table 0 1 end ${part} return end ${part}`, false],
  ['from case to case', `block block local.get 0 br_table 0 1 end ${part} end ${part}`, true],
  ['the second of which is never executed', `${part} return ${part}`, false],
  ['in a module that throws', `${part} loop ${part} end throw 0`, true],
] as const) {
  padding(`two parts, ${title}: ${long ? 'long' : 'short'}`, async () => {
    assert.is(isPadded(await wat(moduleOf(code))), long);
  });
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
