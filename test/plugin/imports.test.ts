import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type HostFunction,
  hostFunction,
  kernelFunctionNames,
  kernelFunctionSignature,
} from '../../src/kernel/index.ts';
import { BuildPluginError } from '../../src/plugin/build-error.ts';
import { buildPlugin, compilePlugin, preparePlugin } from '../../src/plugin/compile.ts';
import { failureOf } from '../support/failure.ts';
import { engineHas } from '../support/features.ts';
import { kernelImports } from '../support/kernel-imports.ts';
import { preparedModule } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const imports = suite('imports of a plugin');

const failure = async (text: string, functions: readonly HostFunction[] = []) => {
  const bytes = await wat(`(module ${text})`);
  return failureOf(BuildPluginError, () => buildPlugin(bytes, { functions }));
};

imports('every function of the kernel, all at once', async () => {
  buildPlugin(await wat(`(module ${kernelImports})`));
});

for (const name of kernelFunctionNames) {
  imports(`${name} of another type is named with both types`, async () => {
    const found = await failure(`(import "extism:host/env" "${name}" (func (param f64)))`);
    const { params, results } = kernelFunctionSignature(name);
    assert.equal(found, {
      kind: 'ImportTypeMismatch',
      import: { module: 'extism:host/env', name, kind: 'function' },
      expected: `(${params.join(', ')}) -> (${results.join(', ')})`,
      found: '(f64) -> ()',
    });
  });
}

imports('types are equal only if parameters, results and their order are', async () => {
  for (const type of ['(param i64)', '(param i64) (result i32)', '(param i64 i64) (result i64)', '(result i64)', '']) {
    assert.is((await failure(`(import "extism:host/env" "alloc" (func ${type}))`)).kind, 'ImportTypeMismatch', type);
  }
});

const notFunctions: readonly (readonly [kind: string, type: string])[] = [
  ['memory', '(memory 1)'],
  ['global', '(global i32)'],
  ['table', '(table 1 funcref)'],
  ['tag', '(tag)'],
];
for (const [kind, type] of notFunctions) {
  imports(`a ${kind} under the name of a kernel function`, async () => {
    if (kind === 'tag' && !(await engineHas('tags'))) return;
    const wanted = { module: 'extism:host/env', name: 'alloc', kind };
    assert.equal(await failure(`(import "extism:host/env" "alloc" ${type})`), {
      kind: 'ImportNotFunction',
      import: wanted,
    });
  });

  imports(`a ${kind} that the kernel's namespace does not have, even one called memory`, async () => {
    if (kind === 'tag' && !(await engineHas('tags'))) return;
    for (const name of ['memory', 'failed', 'begin', '__proto__']) {
      const wanted = { module: 'extism:host/env', name, kind };
      assert.equal(await failure(`(import "extism:host/env" "${name}" ${type})`), {
        kind: 'UnknownImports',
        imports: [wanted],
      });
    }
  });
}

imports('all unknown ones are named: WASI, other kernel functions, other namespaces', async () => {
  const found = await failure(`
    (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
    (import "extism:host/env" "alloc" (func (param i64) (result i64)))
    (import "extism:host/env" "begin" (func (param i32) (result i32)))
    (import "extism:host/env" "constructor" (func))
    (import "extism:host/user" "cc_lb_log" (func (param i64 i64)))
    (import "env" "memory" (memory 1))
    (import "" "" (global i32))
    (import "main" "filter" (func (result i32)))
    (import "__proto__" "toString" (func))`);
  const named = (module: string, name: string, kind = 'function') => ({ module, name, kind });
  assert.equal(found, {
    kind: 'UnknownImports',
    imports: [
      named('wasi_snapshot_preview1', 'fd_write'),
      named('extism:host/env', 'begin'),
      named('extism:host/env', 'constructor'),
      named('extism:host/user', 'cc_lb_log'),
      named('env', 'memory', 'memory'),
      named('', '', 'global'),
      named('main', 'filter'),
      named('__proto__', 'toString'),
    ],
  });
});

const answer = hostFunction('answer', [], ['i32'], () => 42);

imports('host functions are found by namespace and name', async () => {
  assert.is(
    (await failure('(import "extism:host/env" "answer" (func (result i32)))', [answer])).kind,
    'UnknownImports',
  );
  assert.is(
    (await failure('(import "extism:host/user" "Answer" (func (result i32)))', [answer])).kind,
    'UnknownImports',
  );
  assert.equal(await failure('(import "extism:host/user" "answer" (func (result i64)))', [answer]), {
    kind: 'ImportTypeMismatch',
    import: { module: 'extism:host/user', name: 'answer', kind: 'function' },
    expected: '() -> (i32)',
    found: '() -> (i64)',
  });
  assert.is((await failure('(import "extism:host/user" "answer" (global i32))', [answer])).kind, 'ImportNotFunction');
});

/** A module that imports functions () -> (i32), and exports each under its number: "0", "1", ... */
async function calling(...wanted: readonly (readonly [module: string, name: string])[]): Promise<Uint8Array> {
  const texts = wanted.map(([module, name], index) => `(import "${module}" "${name}" (func $f${index} (result i32)))`);
  const calls = wanted.map((_, index) => `(func (export "${index}") (result i32) call $f${index})`);
  return await wat(`(module ${texts.join('')} ${calls.join('')})`);
}

/** The code that an export returns, from the failure. */
const codes = (wasm: Uint8Array, functions: readonly HostFunction[], count: number): unknown[] => {
  const plugin = buildPlugin(wasm, { functions });
  return Array.from({ length: count }, (_, index) => {
    try {
      plugin.call(String(index));
      return 0;
    } catch (error) {
      return String(error);
    }
  });
};
const returned = (code: number): string => `PluginCallError: Returned non-zero exit code: ${code}`;

imports('an import may be repeated, and functions may be unused', async () => {
  const wasm = await calling(['extism:host/user', 'answer'], ['extism:host/user', 'answer']);
  const unused = hostFunction('unused', ['text'], [], () => undefined);
  assert.equal(codes(wasm, [unused, answer], 2), [returned(42), returned(42)]);
});

imports('namespaces are separate, whatever their names', async () => {
  const names = [
    ['extism:host/user', 'f'],
    ['own', 'f'],
    ['__proto__', 'f'],
    ['__proto__', 'toString'],
    ['constructor', '__proto__'],
  ] as const;
  const functions = names.map(([namespace, name], index) =>
    hostFunction(name, [], ['i32'], () => index + 1, namespace),
  );
  assert.equal(codes(await calling(...names), functions, 5), [1, 2, 3, 4, 5].map(returned));
  assert.not('f' in {}, 'nothing was added to Object.prototype');
});

imports('the types of a prepared module are known', async () => {
  const bytes = new Uint8Array(await wat('(module (import "extism:host/env" "alloc" (func (param i32))))'));
  const found = failureOf(BuildPluginError, () => buildPlugin(preparedModule(bytes)));
  assert.is(found.kind, 'ImportTypeMismatch');
});

imports('in an original that the engine compiled, the engine finds a wrong type', async () => {
  const bytes = new Uint8Array(await wat('(module (import "extism:host/env" "alloc" (func (param i32))))'));
  const unmetered = compilePlugin(new WebAssembly.Module(bytes), { metering: false });
  assert.is(failureOf(BuildPluginError, () => buildPlugin(unmetered)).kind, 'InstantiationFailed');
});

/** Types with the right parameters and results that are not plain function types. */
const distinctTypes: Readonly<Record<string, string>> = {
  'open to subtypes': '(type $t (sub (func (param i64) (result i64))))',
  'in a group': '(rec (type $t (func (param i64) (result i64))) (type $u (func)))',
  'with a supertype':
    '(type $s (sub (func (param i64) (result i64)))) (type $t (sub final $s (func (param i64) (result i64))))',
};

for (const [what, types] of Object.entries(distinctTypes)) {
  imports(`a type declared ${what} is not the same, wherever the kernel is`, async () => {
    const bytes = await wat(`(module ${types} (import "extism:host/env" "alloc" (func (type $t))))`);
    if (!WebAssembly.validate(new Uint8Array(bytes))) return console.log('skipped: this engine has no such types');
    const prepared = new WebAssembly.Module(preparePlugin(bytes, { kernel: 'instance' }));
    const compiled = [prepared, compilePlugin(bytes, { kernel: 'instance' }), compilePlugin(bytes)];
    for (const wasm of compiled) {
      const found = failureOf(BuildPluginError, () => buildPlugin(wasm));
      assert.is(found.kind, 'ImportTypeMismatch');
      assert.match(new BuildPluginError(found).message, /declared as a distinct type/);
    }
  });
}

imports('a final type alone in its group equals the plain type', async () => {
  const types = '(rec (type $t (sub final (func (param i64) (result i64)))))';
  const bytes = await wat(
    `(module ${types}
      (import "extism:host/env" "alloc" (func $a (type $t)))
      (func (export "run") (drop (call $a (i64.const 9)))))`,
  );
  if (!WebAssembly.validate(new Uint8Array(bytes))) return console.log('skipped: this engine has no such types');
  for (const kernel of ['instance', 'auto'] as const) {
    assert.equal([...buildPlugin(compilePlugin(bytes, { kernel })).call('run')], []);
  }
});

imports.run();
