import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isNumberType, ModuleBuilder, type NumberType } from '../../../src/wasm/emit/module-builder.ts';
import { customSections } from '../../../src/wasm/grammar/custom-sections.ts';
import { functionType, readModule } from '../../../src/wasm/grammar/module.ts';
import { header, moduleOf, name, section } from '../../support/bytes.ts';
import { thrownBy } from '../../support/failure.ts';

const builder = suite('module builder');

builder('an empty module is its header', () => {
  assert.equal([...new ModuleBuilder().bytes()], header);
});

builder('encodes a module as the specification says', () => {
  const module = new ModuleBuilder();
  const imported = module.importFunction('a', 'f', { params: ['i32', 'f64'], results: [] });
  const global = module.importGlobal('a', 'g', 'i64', true);
  const defined = module.function({ params: [], results: ['i32'] }, ['i64', 'f32'], [0x41, 0x05]);
  const memory = module.memory(2);
  const own = module.global('i32', false, -1n);
  module.export('run', 'function', defined);
  module.export('memory', 'memory', memory);
  module.export('own', 'global', own);
  assert.equal([imported, global, defined, memory, own], [0, 0, 1, 0, 1]);
  const expected = moduleOf(
    section(1, 2, ...[0x60, 2, 0x7f, 0x7c, 0], ...[0x60, 0, 1, 0x7f]),
    section(2, 2, ...name('a'), ...name('f'), 0, 0, ...name('a'), ...name('g'), 3, 0x7e, 1),
    section(3, 1, 1),
    section(5, 1, 0, 2),
    section(6, 1, 0x7f, 0, 0x41, 0x7f, 0x0b),
    section(7, 3, ...name('run'), 0, 1, ...name('memory'), 2, 0, ...name('own'), 3, 1),
    section(10, 1, ...[8, 2, 1, 0x7e, 1, 0x7d, 0x41, 0x05, 0x0b]),
  );
  assert.equal([...module.bytes()], [...expected]);
  assert.ok(WebAssembly.validate(module.bytes()));
});

builder('equal signatures share a type', () => {
  const module = new ModuleBuilder();
  assert.is(module.type({ params: ['i32'], results: [] }), 0);
  assert.is(module.type({ params: [], results: ['i32'] }), 1);
  assert.is(module.type({ params: ['i32'], results: [] }), 0);
  assert.is(readModule(module.bytes()).types.length, 2);
});

builder('refuses an import after a definition of its kind, since returned indices would be wrong', () => {
  const module = new ModuleBuilder();
  module.function({ params: [], results: [] }, [], []);
  module.global('i64', true, 0n);
  assert.instance(
    thrownBy(() => module.importFunction('a', 'b', { params: [], results: [] })),
    RangeError,
  );
  assert.instance(
    thrownBy(() => module.importGlobal('a', 'b', 'i32', false)),
    RangeError,
  );
  assert.ok(WebAssembly.validate(module.bytes()));
});

builder('a module can be encoded again after more was added', () => {
  const module = new ModuleBuilder();
  module.memory(1);
  const before = module.bytes();
  module.export('memory', 'memory', 0);
  assert.equal(readModule(before).exports, []);
  assert.is(readModule(module.bytes()).exports.length, 1);
});

builder('custom sections are at the end, in order, and may share a name', () => {
  const module = new ModuleBuilder();
  module.custom('b', new Uint8Array([1]));
  module.custom('', new Uint8Array());
  module.custom('b', new Uint8Array(300).fill(7));
  module.memory(1);
  const bytes = module.bytes();
  const found = customSections(bytes, readModule(bytes).sections);
  assert.equal(
    found.map(({ name, contents }) => [name, contents.length]),
    [
      ['b', 1],
      ['', 0],
      ['b', 300],
    ],
  );
  assert.ok(WebAssembly.validate(bytes));
});

builder('accepts every value type in signatures, locals and imported globals', () => {
  const module = new ModuleBuilder();
  module.importGlobal('a', 'g', 'externref', false);
  const body = [0x20, 0, 0x24, 0]; // local.get 0, then a global.set that is not valid: only read here
  module.function({ params: ['funcref', 'v128'], results: ['(ref null 0)'] }, ['(ref 0)', 'i32'], body);
  const expected = moduleOf(
    section(1, 1, 0x60, 2, 0x70, 0x7b, 1, 0x63, 0),
    section(2, 1, ...name('a'), ...name('g'), 3, 0x6f, 0),
    section(3, 1, 0),
    section(10, 1, 11, 2, 1, 0x64, 0, 1, 0x7f, ...body, 0x0b),
  );
  assert.equal([...module.bytes()], [...expected]);
});

builder('counts what was imported and defined', () => {
  const module = new ModuleBuilder();
  module.importFunction('a', 'f', { params: [], results: [] });
  module.function({ params: [], results: [] }, [], []);
  module.function({ params: [], results: [] }, [], []);
  assert.equal([module.importedCount, module.definedCount], [1, 2]);
});

builder('tells number types from other value types', () => {
  const types = ['i32', 'i64', 'f32', 'f64', 'v128', 'funcref', '(ref 0)', 'toString', ''];
  assert.equal(types.filter(isNumberType), ['i32', 'i64', 'f32', 'f64']);
});

builder('modules of any signatures are valid, and read as they were built', () => {
  const types = fc.array(fc.constantFrom<NumberType>('i32', 'i64', 'f32', 'f64'), { maxLength: 5 });
  const signature = fc.record({ params: types, results: types });
  const unreachable = [0x00];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), signature), { maxLength: 4 }),
      fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), signature, types), {
        maxLength: 4,
        selector: ([text]) => text,
      }),
      fc.array(
        fc.tuple(fc.constantFrom<'i32' | 'i64'>('i32', 'i64'), fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n - 1n })),
        { maxLength: 3 },
      ),
      (imports, functions, globals) => {
        const module = new ModuleBuilder();
        for (const [text, type] of imports) module.importFunction('host', text, type);
        for (const [type, initial] of globals) module.global(type, true, initial);
        for (const [text, type, locals] of functions) {
          module.export(text, 'function', module.function(type, locals, unreachable));
        }
        const bytes = module.bytes();
        assert.ok(WebAssembly.validate(bytes));
        const read = readModule(bytes);
        assert.equal(
          read.imports.map((imported) => imported.name),
          imports.map(([text]) => text),
        );
        assert.equal(
          read.exports.map((exported) => exported.name),
          functions.map(([text]) => text),
        );
        [...imports, ...functions].forEach(([, type], index) => {
          assert.equal(functionType(read, index), { kind: 'func', ...type });
        });
      },
    ),
  );
});

builder('indices follow those of the module that the parts are added to', () => {
  const taken = { types: 3, importedFunctions: 2, definedFunctions: 5, memories: 1, globals: 4 };
  const module = new ModuleBuilder(taken);
  assert.is(module.nextFunction, 2 + 5);
  assert.is(module.importFunction('a', 'f', { params: ['i32'], results: [] }), 2);
  assert.is(module.nextFunction, 2 + 1 + 5);
  assert.is(module.function({ params: ['i32'], results: [] }, [], []), 2 + 1 + 5);
  assert.is(module.function({ params: [], results: [] }, [], []), 2 + 1 + 5 + 1);
  assert.is(module.type({ params: [], results: [] }), 3 + 1);
  assert.is(module.memory(1), 1);
  assert.is(module.global('i32', false, 0n), 4);
  assert.match(String(thrownBy(() => module.importGlobal('a', 'g', 'i32', false))), 'RangeError');
  assert.match(
    String(thrownBy(() => new ModuleBuilder(taken).importGlobal('a', 'g', 'i32', false))),
    'a module that has globals',
  );
});

builder.run();
