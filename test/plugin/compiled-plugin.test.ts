import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MODULE_BYTES } from '../../src/module-source.ts';
import { type BuildFailure, BuildPluginError } from '../../src/plugin/build-error.ts';
import { buildPlugin, compilePlugin, compilePluginAsync } from '../../src/plugin/compile.ts';
import { CompiledPlugin, formatFunctionType, sameFunctionType } from '../../src/plugin/compiled-plugin.ts';
import { moduleOf, section } from '../support/bytes.ts';
import { failureOf } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { fixturePaths } from '../support/fixtures-list.ts';
import { preparedModule } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const compiled = suite('compilePlugin');

const small = new Uint8Array(
  await wat(`(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (memory (export "memory") 1)
    (global (export "global") i32 (i32.const 0))
    (func (export "run") (result i32) i32.const 0)
    (func (export "two") (param i32) (result i64 f32) i64.const 0 f32.const 0)
    (export "alloc" (func $alloc)))`),
);

/** The error with which the asynchronous form rejects. */
async function rejection(run: () => Promise<unknown>): Promise<BuildFailure> {
  let caught: unknown;
  await run().catch((error: unknown) => {
    caught = error;
  });
  return failureOf(BuildPluginError, () => {
    throw caught;
  });
}

compiled('from bytes: imports and exports with their types', async () => {
  for (const plugin of [compilePlugin(small), await compilePluginAsync(small)]) {
    assert.instance(plugin, CompiledPlugin);
    assert.instance(plugin.module, WebAssembly.Module);
    const alloc = { params: ['i64'], results: ['i64'] };
    assert.equal(plugin.imports, [{ module: 'extism:host/env', name: 'alloc', kind: 'function', type: alloc }]);
    assert.equal(
      [...plugin.exports],
      [
        ['memory', { name: 'memory', kind: 'memory', type: undefined }],
        ['global', { name: 'global', kind: 'global', type: undefined }],
        ['run', { name: 'run', kind: 'function', type: { params: [], results: ['i32'] } }],
        ['two', { name: 'two', kind: 'function', type: { params: ['i32'], results: ['i64', 'f32'] } }],
        ['alloc', { name: 'alloc', kind: 'function', type: alloc }],
      ],
    );
    assert.not(plugin.hasStart);
  }
});

compiled('from a module: the same, with the types when it is prepared', async () => {
  const original = new WebAssembly.Module(small);
  const prepared = preparedModule(small);
  const unmetered = { metering: false };
  for (const plugin of [
    compilePlugin(original, unmetered),
    await compilePluginAsync(original, unmetered),
    compilePlugin(prepared),
    await compilePluginAsync(prepared),
  ]) {
    assert.ok(plugin.module === original || plugin.module === prepared);
    const fromBytes = compilePlugin(small);
    assert.equal([...plugin.exports.keys()], [...fromBytes.exports.keys()]);
    const typesOf = ({ imports, exports }: CompiledPlugin) => [...exports.values(), ...imports].map(({ type }) => type);
    const known = plugin.module === prepared ? typesOf(fromBytes) : typesOf(fromBytes).map(() => undefined);
    assert.equal(
      typesOf(plugin).map((type) => type && formatFunctionType(type)),
      known.map((type) => type && formatFunctionType(type)),
    );
    assert.equal(
      plugin.imports.map(({ module: from, name, kind }) => [from, name, kind]),
      [['extism:host/env', 'alloc', 'function']],
    );
    // Only the engine knows this of the original; metering records it.
    assert.is(plugin.hasStart, plugin.module === original);
  }
});

compiled('a start function is seen', async () => {
  assert.ok(compilePlugin(await wat('(module (func $f) (start $f))')).hasStart);
});

compiled('of bytes within a larger buffer, of shared and of resizable memory', () => {
  const padded = new Uint8Array([1, 2, ...small, 3]);
  assert.is(compilePlugin(padded.subarray(2, -1)).exports.size, 5);
  const buffers: ArrayBufferLike[] = [];
  if (typeof SharedArrayBuffer === 'undefined') console.log('skipped: no SharedArrayBuffer here');
  else buffers.push(new SharedArrayBuffer(small.length));
  // Every engine knows the option; the types of this project's language version do not.
  buffers.push(
    new (ArrayBuffer as new (length: number, options: object) => ArrayBuffer)(small.length, { maxByteLength: 9999 }),
  );
  for (const buffer of buffers) {
    const bytes = new Uint8Array(buffer);
    bytes.set(small);
    assert.is(compilePlugin(bytes).exports.size, 5);
  }
});

compiled('the bytes may be changed once compiling has begun', async () => {
  const bytes = small.slice();
  const pending = compilePluginAsync(bytes);
  bytes.fill(0);
  assert.is((await pending).exports.size, 5);
});

compiled('bytes are an ArrayBuffer or any view', () => {
  const view = new DataView(small.buffer, small.byteOffset, small.length);
  for (const bytes of [small, small.slice().buffer, view]) assert.is(compilePlugin(bytes).exports.size, 5);
});

// What JavaScript callers may pass, and the advice in the error.
const noPlugins: readonly (readonly [unknown, string])[] = [
  [undefined, ''],
  [null, ''],
  ['(module)', '; a string was given: read the file first'],
  [[0, 0x61], ''],
  [{}, ''],
  [7, ''],
  [Promise.resolve(small), '; a promise was given: await it'],
  [new Response(small), '; pass `await value.arrayBuffer()`'],
  [new Blob([small]), '; pass `await value.arrayBuffer()`'],
  [new URL('file:///plugin.wasm'), '; a URL was given: fetch or read it first'],
];
for (const [wrong, advice] of noPlugins) {
  compiled(`${Object.prototype.toString.call(wrong)} is not a plugin`, async () => {
    const expected = {
      kind: 'InvalidArgument',
      argument: 'wasm',
      expected: `${MODULE_BYTES}, or a WebAssembly.Module${advice}`,
    };
    // The cast passes what the types forbid, which is what this test is about.
    assert.equal(
      failureOf(BuildPluginError, () => compilePlugin(wrong as Uint8Array)),
      expected,
    );
    assert.equal(
      failureOf(BuildPluginError, () => buildPlugin(wrong as Uint8Array)),
      expected,
    );
    assert.equal(await rejection(() => compilePluginAsync(wrong as Uint8Array)), expected);
  });
}

const malformed: readonly (readonly [what: string, bytes: Uint8Array, offset: number])[] = [
  ['nothing', new Uint8Array(), 0],
  ['text', new TextEncoder().encode('(module)'), 0],
  ['a component', new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), 4],
  ['a section cut short', small.subarray(0, -1), small.length - 1],
  ['two type sections', moduleOf(section(1, 0), section(1, 0)), 11],
];
for (const [what, bytes, offset] of malformed) {
  compiled(`${what}: malformed at byte ${offset}`, async () => {
    for (const failure of [
      failureOf(BuildPluginError, () => compilePlugin(bytes)),
      await rejection(() => compilePluginAsync(bytes)),
    ]) {
      assert.is(failure.kind, 'MalformedModule');
      if (failure.kind === 'MalformedModule') assert.is(failure.offset, offset);
    }
  });
}

compiled(
  'what follows the format and is invalid all the same is refused by the engine, with its offset where it has one',
  async () => {
    // A body that leaves nothing where an i32 is needed: the type checker reports its end, byte 23.
    const bytes = moduleOf(section(1, 1, 0x60, 0, 1, 0x7f), section(3, 1, 0), section(10, 1, 2, 0, 0x0b));
    for (const failure of [
      failureOf(BuildPluginError, () => compilePlugin(bytes)),
      await rejection(() => compilePluginAsync(bytes)),
    ]) {
      assert.is(failure.kind, 'InvalidModule');
      if (failure.kind !== 'InvalidModule') continue;
      assert.ok(failure.reason.length > 0);
      assert.ok(
        failure.offset === undefined || (failure.offset > 8 && failure.offset <= bytes.length),
        String(failure.offset),
      );
    }
  },
);

compiled('bytes cut or changed anywhere compile, or fail as BuildPluginError', async () => {
  const originals = (await Promise.all(fixturePaths.map(fixture))).filter((bytes) => bytes.length < 1000);
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...originals),
      fc.array(change, { maxLength: 3 }),
      fc.option(fc.nat()),
      (original, changes, cut) => {
        const bytes = original.slice(0, cut === null ? original.length : cut % original.length);
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        try {
          compilePlugin(bytes);
        } catch (error) {
          assert.instance(error, BuildPluginError);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

compiled.run();

const types = suite('function types');

const many = (count: number): string[] => Array(count).fill('i64');

types('are written as in errors', () => {
  assert.is(formatFunctionType({ params: [], results: [] }), '() -> ()');
  assert.is(formatFunctionType({ params: ['i64', 'f32'], results: ['i32', 'i64'] }), '(i64, f32) -> (i32, i64)');
});

types('with more than sixteen parameters or results are shortened to sixteen and a number', () => {
  assert.is(formatFunctionType({ params: many(16), results: [] }), `(${many(16).join(', ')}) -> ()`);
  const text = formatFunctionType({ params: many(1_000), results: many(17) });
  assert.is(text, `(${many(16).join(', ')}, … 984 more) -> (${many(16).join(', ')}, … 1 more)`);
});

types('are compared by all parameters and results, not by their text', () => {
  const a = { params: [...many(40), 'i32'], results: many(1) };
  const b = { params: [...many(40), 'f32'], results: many(1) };
  assert.is(formatFunctionType(a), formatFunctionType(b));
  assert.ok(sameFunctionType(a, { params: [...a.params], results: [...a.results] }));
  assert.not(sameFunctionType(a, b));
  assert.not(sameFunctionType(a, { ...a, results: [] }));
  assert.not(sameFunctionType({ params: ['i32'], results: [] }, { params: [], results: ['i32'] }));
});

types('that are distinct equal no other', () => {
  const plain = { params: [], results: [] };
  for (const [a, b] of [
    [plain, { ...plain, distinct: true }],
    [{ ...plain, distinct: true }, plain],
    [
      { ...plain, distinct: true },
      { ...plain, distinct: true },
    ],
  ] as const) {
    assert.not(sameFunctionType(a, b));
  }
});

types.run();
