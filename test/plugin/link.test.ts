import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFunction } from '../../src/kernel/index.ts';
import { NO_LIMITS } from '../../src/metering/index.ts';
import {
  BuildPluginError,
  buildPlugin,
  type CompileOptions,
  compilePlugin,
  type Plugin,
  PluginCallError,
  type PluginOptions,
  preparePlugin,
} from '../../src/plugin/index.ts';
import { canLink, KernelLink } from '../../src/plugin/link.ts';
import { linkOf } from '../../src/plugin/link-section.ts';
import { readModule } from '../../src/wasm/index.ts';
import { leb, longSection, moduleOf, name } from '../support/bytes.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { pluginModule, withoutCompiling } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const linking = suite('the kernel in the module of a plugin');

/** Links the kernel into a module that is not metered. */
function linkKernel(wasm: Uint8Array) {
  const link = new KernelLink(readModule(wasm), false);
  return { bytes: link.link(wasm), info: link.info };
}

const forms: readonly CompileOptions[] = canLink()
  ? [{ kernel: 'instance' }, { kernel: 'linked' }]
  : [{ kernel: 'instance' }];
if (!canLink())
  console.log('skipped: this engine takes no second memory, so that the kernel is an instance beside the plugin');

const inEachForm = <T>(wasm: Uint8Array, options: PluginOptions, use: (plugin: Plugin) => T): T[] =>
  forms.map((form) => use(buildPlugin(compilePlugin(wasm, form), options)));

/** Both forms give the same, which is returned. */
const same = <T>(results: readonly T[]): T => {
  const [first, ...rest] = results;
  for (const result of rest) assert.equal(result, first);
  return first as T; // there is one form at least
};

linking('the fixtures answer alike, for the same fuel', async () => {
  for (const [path, calls] of [
    ['router/router.wasm', ['cc_lb_handshake', 'cc_lb_self_check', 'filter']],
    ['dialect/dialect.wasm', ['cc_lb_handshake', 'shape']],
    ['behaviour/echo.wasm', ['echo']],
    ['behaviour/echo-u64.wasm', ['echo']],
    ['behaviour/sets-error.wasm', ['cc_lb_handshake']],
    ['behaviour/trap.wasm', ['cc_lb_handshake']],
    ['behaviour/infinite-loop.wasm', ['cc_lb_handshake']],
    ['rust/router/router.wasm', ['cc_lb_handshake', 'filter']],
    ['c/observer/observer.wasm', ['cc_lb_handshake', 'observe']],
  ] as const) {
    const wasm = await fixture(path);
    const outcomes = inEachForm(wasm, { fuel: 5_000_000 }, (plugin) =>
      calls.flatMap((name) =>
        ['', '{}', 'x'.repeat(5000)].map((input) => {
          let outcome: unknown;
          try {
            outcome = plugin.callText(name, input);
          } catch (error) {
            outcome = error instanceof PluginCallError ? error.failure.kind : error;
          }
          return [name, outcome, plugin.fuelConsumed];
        }),
      ),
    );
    same(outcomes);
  }
});

linking('what a plugin shows of itself is the same', async () => {
  const wasm = await fixture('router/router.wasm');
  const shown = forms.map((form) => {
    const { imports, exports, hasStart } = compilePlugin(wasm, form);
    return { imports, exports: [...exports], hasStart };
  });
  same(shown);
  for (const name of ['kernel begin', 'kernel memory', 'begin', 'memory_bytes', 'kernel failed']) {
    inEachForm(wasm, {}, (plugin) => {
      assert.not(plugin.functionExists(name));
      assert.is(failureOf(PluginCallError, () => plugin.call(name)).kind, 'FunctionNotFound');
    });
  }
});

linking('a linked module exports of the kernel only what the host uses', async () => {
  const { exports } = readModule(preparePlugin(await fixture('router/router.wasm')));
  const added = exports.flatMap(({ name }) => (name.startsWith('kernel ') ? [name.slice('kernel '.length)] : []));
  const functions = ['alloc', 'begin', 'error_get', 'free', 'length', 'output_length', 'output_offset'];
  assert.equal(added.sort(), [...functions, 'memory', 'log_level', 'crossing', 'failed'].sort());
});

/** Modules that use the kernel in every way that an index space allows; `run` ends well. */
const uses: { readonly [name: string]: { readonly fields: string; readonly imports?: string } } = {
  'a call': { fields: '(func (export "run") (call $output_set (call $input_offset) (call $input_length)))' },
  'an export of a kernel function': {
    fields: '(export "size" (func $memory_bytes)) (func (export "run") (drop (call $memory_bytes)))',
  },
  'a reference in a table': {
    fields: `(type $size (func (result i64))) (table 2 funcref) (elem (i32.const 1) $input_length)
      (func (export "run") (if (i64.ne (call_indirect (type $size) (i32.const 1)) (i64.const 3)) (then unreachable)))`,
  },
  'ref.func': {
    fields: `(type $size (func (result i64))) (table 1 funcref) (elem declare func $input_length)
      (func (export "run") (table.set (i32.const 0) (ref.func $input_length))
        (if (i64.ne (call_indirect (type $size) (i32.const 0)) (i64.const 3)) (then unreachable)))`,
  },
  'a global that refers to one': {
    fields: '(global funcref (ref.func $alloc)) (func (export "run"))',
  },
  'a start function': {
    fields: `(global $handle (mut i64) (i64.const 0))
      (func $begin (global.set $handle (call $alloc (i64.const 10)))) (start $begin)
      (func (export "run") (if (i64.eqz (global.get $handle)) (then unreachable)))`,
  },
  'a kernel function as the start function': { fields: '(start $reset) (func (export "run"))' },
  'exports whose names are taken': {
    fields: `(func (export "kernel begin")) (func (export "kernel memory")) (func (export "'kernel begin"))
      (func (export "run") (drop (call $alloc (i64.const 1))))`,
  },
  'a namespace of functions whose name is taken': {
    imports: '(import "kernel" "f" (func $f (result i32))) (import "kernel\'" "f" (func $g (result i32)))',
    fields: '(func (export "run") (if (i32.ne (i32.add (call $f) (call $g)) (i32.const 14)) (then unreachable)))',
  },
  'functions of the host in between': {
    imports: '(import "kernel" "f" (func $f (result i32)))',
    fields: `(func $own (result i32) (i32.const 7))
      (func (export "run") (if (i32.ne (call $f) (call $own)) (then unreachable)))`,
  },
  'globals, tables and data of its own': {
    fields: `(global $g (mut i32) (i32.const 5)) (data (i32.const 8) "data") (table $t 3 funcref)
      (func (export "run")
        (if (i32.ne (i32.load8_u (i32.const 8)) (i32.const 100)) (then unreachable))
        (if (i32.ne (global.get $g) (i32.const 5)) (then unreachable))
        (if (i32.ne (table.size $t) (i32.const 3)) (then unreachable)))`,
  },
};
const functions = ['kernel', "kernel'"].map((namespace) => hostFunction('f', [], ['i32'], () => 7, namespace));

for (const [name, { fields, imports }] of Object.entries(uses)) {
  for (const metering of [undefined, false] as const) {
    linking(`${name}, ${metering === false ? 'as it is' : 'metered'}`, async () => {
      const wasm = await pluginModule(fields, imports);
      for (const form of forms) {
        const built = buildPlugin(compilePlugin(wasm, { ...form, metering }), { functions });
        for (let times = 0; times < 3; times++) built.call('run', 'abc');
      }
    });
  }
}

linking('failures of the host end the call, and nothing in the plugin catches them', async () => {
  const failing = hostFunction('fail', [], [], () => {
    throw new Error('no');
  });
  const wasm = await pluginModule(
    `(func (export "run") (call $fail)) (func (export "key") (drop (call $config_get (i64.const 99))))
      (func (export "fine"))`,
    '(import "extism:host/user" "fail" (func $fail))',
  );
  inEachForm(wasm, { functions: [failing] }, (plugin) => {
    for (let times = 0; times < 2; times++) {
      assert.is(failureOf(PluginCallError, () => plugin.call('run')).kind, 'HostFunction');
      plugin.call('fine');
      assert.is(failureOf(PluginCallError, () => plugin.call('key')).kind, 'KernelFunction');
      plugin.call('fine');
    }
  });
});

linking('the memory of the kernel counts against the budget', async () => {
  const wasm = await pluginModule(
    '(func (export "run") (loop $more (drop (call $alloc (i64.const 100000))) (br $more)))',
  );
  same(
    inEachForm(wasm, { memoryMaxPages: 5 }, (plugin) => {
      assert.is(failureOf(PluginCallError, () => plugin.call('run')).kind, 'OutOfMemory');
      return plugin.fuelConsumed;
    }),
  );
});

/**
 * Modules that must be refused, although what linking adds (a function, memory, global or type)
 * would make them valid.
 */
const invalid: { readonly [name: string]: string } = {
  'a function that there is not': '(func (export "run") call 40)',
  'a memory that there is not': '(memory 1) (func (export "run") (drop (memory.size 1)))',
  'a global that there is not': '(func (export "run") (drop (global.get 0)))',
};

linking('an invalid module never becomes valid', async () => {
  for (const [name, fields] of Object.entries(invalid)) {
    let wasm: Uint8Array;
    try {
      wasm = await wat(`(module (import "extism:host/env" "reset" (func)) ${fields})`);
    } catch {
      // An assembler that checks indices: the byte of the index is put in afterwards.
      continue;
    }
    for (const form of forms) {
      for (const metering of [undefined, false] as const) {
        const { kind } = failureOf(BuildPluginError, () => compilePlugin(wasm, { ...form, metering }));
        assert.ok(kind === 'InvalidModule' || kind === 'MalformedModule', `${name}: ${kind}`);
      }
    }
  }
  // `call N` with every N that linking could make room for.
  const called = await wat(
    '(module (import "extism:host/env" "reset" (func $reset)) (func (export "run") call $reset))',
  );
  const at = called.lastIndexOf(0x10);
  for (let index = 2; index < 120; index++) {
    const wasm = called.slice();
    wasm[at + 1] = index;
    for (const form of forms) {
      for (const metering of [undefined, false] as const) {
        assert.is(failureOf(BuildPluginError, () => compilePlugin(wasm, { ...form, metering })).kind, 'InvalidModule');
      }
    }
  }
});

linking('imports of other kinds and types are refused with the same words', async () => {
  for (const imported of [
    '(import "extism:host/env" "alloc" (func (param i32) (result i64)))',
    '(import "extism:host/env" "alloc" (memory 1))',
    '(import "extism:host/env" "alloc" (global i64))',
    '(import "extism:host/env" "begin" (func (param i32) (result i32)))',
    '(import "extism:host/env" "failed" (global (mut i32)))',
    '(import "extism:host/env" "memory" (memory 1))',
    `(import "extism:host/env" "alloc" (func (param i64) (result i64)))
      (import "extism:host/env" "alloc" (func (param i64)))`,
  ]) {
    const wasm = await wat(`(module ${imported})`);
    same(forms.map((form) => String(thrownBy(() => buildPlugin(compilePlugin(wasm, form))))));
  }
});

linking('a prepared plugin takes the kernel along', async () => {
  if (!canLink()) return;
  const wasm = await pluginModule('(func (export "run") (call $output_set (call $input_offset) (call $input_length)))');
  const module = new WebAssembly.Module(preparePlugin(wasm));
  const compiled = compilePlugin(module);
  assert.equal([...compiled.exports.keys()].sort(), ['memory', 'run']);
  const names = ({ imports }: typeof compiled) => imports.map(({ module: from, name }) => [from, name]);
  assert.equal(names(compiled), names(compilePlugin(wasm)));
  assert.is(buildPlugin(compiled).callText('run', 'there and back'), 'there and back');
});

/** A host function whose adapter no other test has made: those are kept. */
const add = hostFunction('add', ['i32', 'f64', 'i64'], ['i64'], (a, b, c) => BigInt(a) + BigInt(b) + c);
const adds = `(func (export "run") (local $sum i64)
    (local.set $sum (call $add (i32.const 1) (f64.const 2) (i64.const 3)))
    (call $output_set (call $input_offset) (local.get $sum)))
  (func (export "throws") (try_table (catch_all 0) (drop (call $add (i32.const 0) (f64.const 0.5) (i64.const 0)))))`;
const importsAdd = '(import "extism:host/user" "add" (func $add (param i32 f64 i64) (result i64)))';

linking('a prepared plugin runs where nothing can be compiled, host functions included', async () => {
  if (!canLink()) return;
  const wasm = await pluginModule(adds, importsAdd);
  const module = new WebAssembly.Module(preparePlugin(wasm));
  withoutCompiling(() => {
    assert.throws(() => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])), 'disallowed');
    const plugin = buildPlugin(module, { functions: [add] });
    assert.is(plugin.callText('run', 'six and more'), 'six an');
    // What a host function throws ends the call, and is not caught.
    assert.is(failureOf(PluginCallError, () => plugin.call('throws')).kind, 'HostFunction');
    assert.is(plugin.callText('run', 'again, after'), 'again,');
  });
});

linking(
  'the kernel beside a plugin is compiled at run time: where that cannot be, the error says what to do',
  async () => {
    const wasm = await pluginModule(adds.replace(/try_table \(catch_all 0\)/, 'block'), importsAdd);
    const module = new WebAssembly.Module(preparePlugin(wasm, { kernel: 'instance' }));
    const unused = hostFunction('add', ['i32', 'f64', 'i64'], ['i64'], () => 0n);
    const error = withoutCompiling(() => thrownBy(() => buildPlugin(module, { functions: [unused] })));
    assert.instance(error, BuildPluginError);
    assert.is((error as BuildPluginError).failure.kind, 'CompilationRefused'); // the assertion before
    assert.match((error as BuildPluginError).message, /prepare the plugin ahead \(pass compilePlugin/);
  },
);

linking('host functions of every type answer alike in both forms, through tables and as exports too', async () => {
  const wide = hostFunction('wide', ['f32', 'f64'], ['f64', 'i32', 'i64'], (a, b) => [a + b, 7, 1n << 60n]);
  const wasm = await pluginModule(
    `(table funcref (elem $wide)) (export "wide" (func $wide))
    (type $wide (func (param f32 f64) (result f64 i32 i64)))
    (func (export "run") (result i32) (local $n i64)
      (call_indirect (type $wide) (f32.const 1.5) (f64.const 2.25) (i32.const 0))
      (local.set $n) (i64.eq (local.get $n) (i64.const 0x1000000000000000))
      (i32.add) (i32.add (i32.trunc_f64_s)))`.replace(
      '(i32.add) (i32.add (i32.trunc_f64_s))',
      'i32.add (drop) (i32.trunc_f64_s)',
    ),
    '(import "extism:host/user" "wide" (func $wide (param f32 f64) (result f64 i32 i64)))',
  );
  const options = { functions: [wide] };
  assert.equal(same(inEachForm(wasm, options, (plugin) => failureOf(PluginCallError, () => plugin.call('run')))), {
    kind: 'NonZeroExit',
    code: 3,
  });
  assert.equal(same(inEachForm(wasm, options, (plugin) => plugin.functionExists('wide'))), false);
});

linking('a section of the kernel that a plugin brings along is refused, and never believed', async () => {
  for (const text of [
    '{\\"version\\":2,\\"importModule\\":\\"x\\",\\"exportPrefix\\":\\"K\\",\\"imports\\":[]}',
    'no JSON',
  ]) {
    const forged = await wat(
      `(module (@custom "cc_lb.kernel.v1" "${text}") (import "x" "take_pages" (func (param i32) (result i32))))`,
    );
    for (const kernel of ['instance', 'linked', 'auto'] as const) {
      assert.is(failureOf(BuildPluginError, () => preparePlugin(forged, { kernel })).kind, 'AlreadyPrepared');
      assert.is(failureOf(BuildPluginError, () => compilePlugin(forged, { kernel })).kind, 'AlreadyPrepared');
    }
  }
  const other = await wat('(module (@custom "cc_lb.kernel.v1" "{}"))');
  const module = new WebAssembly.Module(new Uint8Array(other));
  assert.is(failureOf(BuildPluginError, () => compilePlugin(module, { metering: false })).kind, 'NotPrepared');
});

linking('a module with no room for the kernel has it beside, unless it is asked for by name', async () => {
  if (!canLink()) return;
  const types = Array.from({ length: 99_999 }, () => [0x60, 0, 0]).flat();
  const wasm = moduleOf(longSection(1, leb(99_999).concat(types)));
  const limits = NO_LIMITS;
  assert.is(compilePlugin(wasm, { limits }).preparation.link, undefined);
  const failure = failureOf(BuildPluginError, () => compilePlugin(wasm, { kernel: 'linked', limits }));
  assert.is(failure.kind, 'LimitExceeded');
  assert.is(failureOf(BuildPluginError, () => preparePlugin(wasm, { limits })).kind, 'LimitExceeded');
});

/** A module that imports many functions `a` `b` of one type. */
function importing(count: number, params: number): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...leb(params), ...Array<number>(params).fill(0x7e), 0];
  const imports = [...leb(count), ...Array.from({ length: count }, () => [...name('a'), ...name('b'), 0, 0]).flat()];
  return moduleOf(longSection(1, [1, ...type]), longSection(2, imports));
}

linking('the kernel is not linked if adapters for imports would take gigabytes', () => {
  if (!canLink()) return;
  for (const [count, params] of [
    [11_000, 0],
    [1_000, 100],
  ] as const) {
    const wasm = importing(count, params);
    const limits = NO_LIMITS;
    const failure = failureOf(BuildPluginError, () => preparePlugin(wasm, { limits }));
    assert.is(failure.kind, 'LimitExceeded');
    assert.match(new BuildPluginError(failure).message, /too many host functions, or with too many parameters/);
    const compiled = compilePlugin(wasm, { limits });
    assert.is(compiled.preparation.link, undefined);
    assert.is(failureOf(BuildPluginError, () => buildPlugin(compiled)).kind, 'UnknownImports');
  }
  assert.is.not(compilePlugin(importing(1_000, 6)).preparation.link, undefined);
});

linking('the section of the kernel names each type once, however many imports have it', () => {
  const { bytes, info } = linkKernel(importing(50, 100));
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'cc_lb.kernel.v1');
  assert.ok(section !== undefined && section.byteLength < 2_000, String(section?.byteLength));
  assert.equal(linkOf(new WebAssembly.Module(bytes)), info);
  assert.is(new Set(info.imports.map(({ type }) => type)).size, 1);
});

linking('a section of another version is refused by its number', async () => {
  for (const [text, fault] of [
    [
      '{\\"version\\":3}',
      /an older version of this .* cc_lb\.kernel\.v1 \(3, this one reads 4\): prepare the plugin again/,
    ],
    ['{\\"version\\":5}', /a newer version .* \(5, this one reads 4\): update this package here, or prepare/],
    ['{\\"version\\":\\"4\\"}', /its section cc_lb\.kernel\.v1 is damaged: prepare the plugin again$/],
    ['3', /is damaged: prepare the plugin again$/],
  ] as const) {
    const other = await wat(`(module (@custom "cc_lb.kernel.v1" "${text}"))`);
    const failure = failureOf(BuildPluginError, () => linkOf(new WebAssembly.Module(new Uint8Array(other))));
    assert.match(failure.kind === 'NotPrepared' ? failure.reason : '', fault);
  }
});

linking('names are chosen among many that are taken in time proportional to their bytes', () => {
  const marks = Array.from({ length: 1_500 }, (_, count) => "'".repeat(count));
  const exports = marks.flatMap((each, index) => [...name(`${each}kernel ${index}`), 0, 0]);
  const modules = marks.flatMap((each) => [...name(`kernel${each}`), 0, 0, 0]);
  const wasm = moduleOf(
    longSection(1, [1, 0x60, 0, 0]),
    longSection(2, [...leb(marks.length), ...modules]),
    longSection(7, [...leb(marks.length), ...exports]),
  );
  const since = performance.now();
  const { info } = linkKernel(wasm);
  const took = performance.now() - since;
  assert.is(info.importModule, `kernel${"'".repeat(1_500)}`);
  assert.is(info.exportPrefix, `${"'".repeat(1_500)}kernel `);
  assert.ok(took < 3_000, `${took} ms`);
});

linking('names stay with their functions, in order', async () => {
  const wasm = await wat(`(module (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "host" "f" (func $f)) (import "extism:host/env" "reset" (func $reset))
    (func $one (export "one")) (func $two (export "two")))`);
  const { bytes } = linkKernel(wasm);
  const module = readModule(bytes);
  const named = functionNames(bytes);
  const exported = (name: string): number | undefined => module.exports.find((each) => each.name === name)?.index;
  assert.equal(
    [...named.keys()],
    [...named.keys()].sort((a, b) => a - b),
  );
  assert.is(named.get(exported('one') ?? -1), 'one');
  assert.is(named.get(exported('two') ?? -1), 'two');
  assert.not([...named.values()].includes('reset'));
});

/** The function names in a module's name section; all lengths in it are of one byte. */
function functionNames(bytes: Uint8Array<ArrayBuffer>): Map<number, string> {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'name');
  const contents = new Uint8Array(section ?? new ArrayBuffer(0));
  const names = new Map<number, string>();
  for (let at = 0; at < contents.length; ) {
    const [id = 0, size = 0] = contents.subarray(at, at + 2);
    if (id === 1) {
      let place = at + 3;
      for (let left = contents[at + 2] ?? 0; left > 0; left--) {
        const [index = 0, length = 0] = contents.subarray(place, place + 2);
        names.set(index, new TextDecoder().decode(contents.subarray(place + 2, place + 2 + length)));
        place += 2 + length;
      }
    }
    at += 2 + size;
  }
  return names;
}

linking.run();
