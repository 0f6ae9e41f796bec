import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFunction } from '../../src/kernel/index.ts';
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
import { canLink, linkKernel } from '../../src/plugin/link.ts';
import { readModule } from '../../src/wasm/index.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { pluginModule } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const linking = suite('the kernel in the module of a plugin');

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
    fields: `(global $handle (mut i64) (i64.const 0)) (func $begin (global.set $handle (call $alloc (i64.const 10)))) (start $begin)
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
    '(func (export "run") (call $fail)) (func (export "key") (drop (call $config_get (i64.const 99)))) (func (export "fine"))',
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

/** Modules that are refused, and would be valid with what linking adds: one function, memory, global or type more. */
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
    '(import "extism:host/env" "alloc" (func (param i64) (result i64))) (import "extism:host/env" "alloc" (func (param i64)))',
  ]) {
    const wasm = await wat(`(module ${imported})`);
    same(forms.map((form) => String(thrownBy(() => buildPlugin(compilePlugin(wasm, form))))));
  }
});

linking('a prepared plugin takes the kernel along', async () => {
  if (!canLink()) return;
  const wasm = await pluginModule('(func (export "run") (call $output_set (call $input_offset) (call $input_length)))');
  const module = new WebAssembly.Module(preparePlugin(wasm, { kernel: 'linked' }));
  const compiled = compilePlugin(module);
  assert.equal([...compiled.exports.keys()].sort(), ['memory', 'run']);
  assert.equal(compiled.imports, []);
  assert.is(buildPlugin(compiled).callText('run', 'there and back'), 'there and back');
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
