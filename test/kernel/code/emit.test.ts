import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { javascriptFunctionNames, sharedGlobals } from '../../../src/kernel/code/abi.ts';
import { emitAdapterModule, emitKernelModule } from '../../../src/kernel/code/emit.ts';
import { functionType, readModule } from '../../../src/wasm/index.ts';
import { print } from '../../support/print.ts';

const emit = suite('emitted modules');

emit('the kernel is a valid module, and always the same', async () => {
  const bytes = emitKernelModule();
  assert.ok(WebAssembly.validate(bytes));
  assert.equal(emitKernelModule(), bytes);
  assert.match(await print(bytes), /^\(module/);
});

emit('the kernel imports only the functions that run in JavaScript, and two of the host', () => {
  const { imports } = readModule(emitKernelModule());
  assert.equal(
    imports.map(({ module, name, kind }) => [module, name, kind]),
    [...javascriptFunctionNames, 'take_pages', 'charge_bytes'].map((name) => ['javascript', name, 'function']),
  );
  assert.equal(javascriptFunctionNames, [
    'config_get',
    'var_get',
    'var_set',
    'http_request',
    'log_trace',
    'log_debug',
    'log_info',
    'log_warn',
    'log_error',
  ]);
});

emit('the kernel exports its memory of one page, and the shared globals', () => {
  const { exports, memories, start } = readModule(emitKernelModule());
  assert.equal(memories, [{ minimum: 1, maximum: undefined, shared: false, indexType: 'i32' }]);
  assert.is(start, undefined);
  const named = (kind: string) => exports.filter((exported) => exported.kind === kind).map(({ name }) => name);
  assert.equal(named('memory'), ['memory']);
  assert.equal(named('global'), [...sharedGlobals]);
});

emit('adapters have the requested types, in order', () => {
  const signatures = [
    { params: [], results: [] },
    { params: ['i64', 'f32'], results: ['i64'] },
    { params: [], results: [] },
    { params: ['i32', 'f64'], results: ['i32', 'f64', 'i64'] },
  ] as const;
  const bytes = emitAdapterModule(signatures);
  assert.ok(WebAssembly.validate(bytes));
  const module = readModule(bytes);
  assert.equal(
    module.exports.map(({ name }) => name),
    ['0', '1', '2', '3', 'crossing', 'failed'],
  );
  signatures.forEach((signature, index) => {
    const type = { kind: 'func', ...signature };
    assert.equal(functionType(module, index), type, 'as imported');
    assert.equal(functionType(module, module.exports[index]?.index ?? -1), type, 'as exported');
  });
});

emit.run();
