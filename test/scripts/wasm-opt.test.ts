import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instantiateMetered, MeteringError, meterModule } from '../../src/metering/index.ts';
import { functionType, readModule } from '../../src/wasm/index.ts';

// Binaryen makes random modules of other kinds than our own generator does; metered, they do what
// they do unmetered.

const random = suite('modules that wasm-opt makes at random');

/** wasm-opt is a program for Node: Deno and Bun do not run it. */
const node = /node[^/\\]*$/.test(process.execPath) ? process.execPath : 'node';
const root = fileURLToPath(new URL('../../', import.meta.url));
const wasmOpt = join(root, 'node_modules/binaryen/bin/wasm-opt');

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

const FLAGS = [
  '-ttf',
  '-O1',
  '--enable-bulk-memory',
  '--enable-sign-ext',
  '--enable-multivalue',
  '--enable-reference-types',
  '--enable-mutable-globals',
];

/**
 * Where made modules are kept. The folder's name depends on everything that decides what they are,
 * so that each is made once, and not once by every runtime.
 */
const made = join(
  root,
  'node_modules/.cache/wasm-opt',
  createHash('sha256')
    .update(readFileSync(join(root, 'node_modules/binaryen/package.json')))
    .update(FLAGS.join())
    .update(randomBytes(0)) // changes with the function
    .digest('hex')
    .slice(0, 16),
);

/** Makes a module, if that has not been done before. */
function make(seed: number): Uint8Array<ArrayBuffer> {
  const output = join(made, `${seed}.wasm`);
  if (!existsSync(output)) {
    mkdirSync(made, { recursive: true });
    const folder = mkdtempSync(join(made, 'unfinished-'));
    try {
      const [input, unfinished] = [join(folder, 'bytes'), join(folder, 'wasm')];
      writeFileSync(input, randomBytes(seed));
      const args = [wasmOpt, input, '-o', unfinished, ...FLAGS];
      const { status, stderr } = spawnSync(node, args, { encoding: 'utf8', timeout: 60_000 });
      assert.is(status, 0, stderr);
      // Other processes never see half a module.
      renameSync(unfinished, output);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return new Uint8Array(readFileSync(output));
}

/** A module; `undefined` if this engine does not take it. */
function moduleOf(seed: number): Uint8Array<ArrayBuffer> | undefined {
  const bytes = make(seed);
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
 * Calls every export once, in order. Returns how each ended, up to the first that a budget ended.
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

let usable = 0;

for (let seed = 1; seed <= SEEDS; seed++) {
  random(`do the same metered and unmetered: seed ${seed}`, () => {
    const bytes = moduleOf(seed);
    if (bytes === undefined) return;
    const plain = new WebAssembly.Module(bytes);
    const args = argumentsOf(bytes);
    const metered = meterModule(bytes);
    assert.ok(WebAssembly.validate(metered.bytes), 'a valid module became invalid');
    const { instance, meter } = instantiateMetered(metered, importsOf(plain), { fuel: FUEL });
    const found = endings(instance.exports, args, (call) => {
      meter.refuel({ fuel: FUEL });
      return meter.run(call);
    });
    const original = new WebAssembly.Instance(plain, importsOf(plain));
    // The original may run for ever where a budget ended the metered one: it is compared up to
    // there.
    const comparable = found.findIndex((end) => end.endsWith('budget'));
    const names = Object.entries(original.exports).slice(0, comparable < 0 ? undefined : comparable);
    const expected = endings(Object.fromEntries(names), args, (call) => call());
    assert.equal(found.slice(0, expected.length), expected);
    usable++;
  });
}

random('are valid on this engine, some of them', () => {
  console.log(`${usable} of ${SEEDS} modules are valid here`);
  assert.ok(usable >= USABLE_MIN, `only ${usable} modules were usable`);
});

random.run();
