import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instantiateMetered, MeteringError, meterModule } from '../../src/metering/index.ts';
import { functionType, readModule } from '../../src/wasm/index.ts';

// Binaryen makes random modules of other kinds than our own generator does; metered, they do what
// they do unmetered.

const random = suite('modules that wasm-opt makes at random');

/** A program of Node's, which Deno and Bun do not take for one. */
const node = /node[^/\\]*$/.test(process.execPath) ? process.execPath : 'node';
const wasmOpt = fileURLToPath(new URL('../../node_modules/binaryen/bin/wasm-opt', import.meta.url));

/**
 * Seeds of modules, and how many of them must be usable here: some use what not every engine has.
 */
const SEEDS = 6;
const USABLE_MIN = 2;

/** What a call may burn: Binaryen bounds its programs by a counter of their own, a little. */
const FUEL = 20_000_000;

/** wasm-opt reads random bytes as decisions. */
function randomBytes(seed: number): Uint8Array {
  let state = seed * 0x9e37_79b9 + 1;
  return Uint8Array.from({ length: 3_000 }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + 0x6d2b_79f5;
    return (state >>> 16) & 0xff;
  });
}

/** A module, or `undefined` when this engine does not take it. */
function moduleOf(seed: number, folder: string): Uint8Array<ArrayBuffer> | undefined {
  const [input, output] = [join(folder, `${seed}.bytes`), join(folder, `${seed}.wasm`)];
  writeFileSync(input, randomBytes(seed));
  const features = [
    '--enable-bulk-memory',
    '--enable-sign-ext',
    '--enable-multivalue',
    '--enable-reference-types',
    '--enable-mutable-globals',
  ];
  const { status, stderr } = spawnSync(node, [wasmOpt, input, '-ttf', '-o', output, '-O1', ...features], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.is(status, 0, stderr);
  const bytes = new Uint8Array(readFileSync(output));
  return WebAssembly.validate(bytes) ? bytes : undefined;
}

/** Arguments for each function that a module exports. */
function argumentsOf(bytes: Uint8Array): ReadonlyMap<string, readonly unknown[]> {
  const module = readModule(bytes);
  const functions = module.exports.filter(({ kind }) => kind === 'function');
  return new Map(
    functions.map(({ name, index }) => {
      const params = functionType(module, index)?.params ?? [];
      return [name, params.map((type) => (type === 'i64' ? 3n : type.endsWith('ref') ? null : 3))];
    }),
  );
}

/** Imports that do nothing; of a result the engine makes a zero, where it can. */
function importsOf(module: WebAssembly.Module): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const provided = imports[from] ?? {};
    imports[from] = provided;
    if (kind === 'function') provided[name] = () => undefined;
    else if (kind === 'memory') provided[name] = new WebAssembly.Memory({ initial: 16, maximum: 17 });
    else if (kind === 'table') provided[name] = new WebAssembly.Table({ initial: 16, element: 'anyfunc' });
  }
  return imports;
}

/**
 * Calls every export once, in order, and tells how each ended; stops where a budget was used up.
 */
function endings(
  exports: WebAssembly.Exports,
  all: ReadonlyMap<string, readonly unknown[]>,
  run: (call: () => unknown) => unknown,
): string[] {
  const ends: string[] = [];
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value !== 'function') continue;
    const args = all.get(name) ?? [];
    ends.push(`${name}: ${endOf(() => run(() => value(...args)))}`);
    if (ends.at(-1)?.endsWith('budget')) break;
  }
  return ends;
}

function endOf(call: () => unknown): string {
  try {
    return String(call());
  } catch (error) {
    if (error instanceof MeteringError) return error.failure.kind === 'HostFunction' ? 'host' : 'budget';
    if (error instanceof WebAssembly.RuntimeError) return 'trap';
    if (error instanceof RangeError) return 'budget';
    if (error instanceof TypeError) return 'host';
    return 'exception';
  }
}

random('give the same, metered or not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wasm-opt-'));
  let usable = 0;
  try {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const bytes = moduleOf(seed, folder);
      if (bytes === undefined) continue;
      const plain = new WebAssembly.Module(bytes);
      const args = argumentsOf(bytes);
      const metered = meterModule(bytes);
      assert.ok(WebAssembly.validate(metered.bytes), `seed ${seed}: a valid module became invalid`);
      const { instance, meter } = instantiateMetered(metered, importsOf(plain), { fuel: FUEL });
      const found = endings(instance.exports, args, (call) => {
        meter.refuel({ fuel: FUEL });
        return meter.run(call);
      });
      const original = new WebAssembly.Instance(plain, importsOf(plain));
      // Where a budget ended a run the original may go on for ever: it is compared up to there.
      const comparable = found.findIndex((end) => end.endsWith('budget'));
      const names = Object.entries(original.exports).slice(0, comparable < 0 ? undefined : comparable);
      const expected = endings(Object.fromEntries(names), args, (call) => call());
      assert.equal(found.slice(0, expected.length), expected, `seed ${seed}`);
      usable++;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`${usable} of ${SEEDS} modules are valid here`);
  assert.ok(usable >= USABLE_MIN, `only ${usable} modules were usable`);
});

random.run();
