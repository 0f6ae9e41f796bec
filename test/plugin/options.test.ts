import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFunction } from '../../src/kernel/index.ts';
import { BuildPluginError } from '../../src/plugin/build-error.ts';
import { buildPlugin, compilePlugin, compilePluginAsync, preparePlugin } from '../../src/plugin/compile.ts';
import type { CompileOptions } from '../../src/plugin/compile-options.ts';
import { checkOptions, type PluginOptions } from '../../src/plugin/options.ts';
import { moduleOf } from '../support/bytes.ts';
import { failureOf } from '../support/failure.ts';

const options = suite('plugin options');

const f = hostFunction('f', [], [], () => undefined);
const log = (): void => undefined;
const notALimit = ['1', 1n, -1, Number.NaN, Number.NEGATIVE_INFINITY, null, true, {}];

/** What JavaScript callers may pass, although it is wrong. */
const refused: { readonly [K in keyof PluginOptions]-?: readonly unknown[] } = {
  wallMs: notALimit,
  fuel: notALimit,
  memoryMaxPages: notALimit,
  initialMemoryMaxPages: notALimit,
  tableMaxEntries: notALimit,
  stackSlots: [1_023, 4_194_305, 65_536.5, Number.NaN, Number.POSITIVE_INFINITY, '65536', null],
  maxVarBytes: notALimit,
  functions: [
    f,
    null,
    'f',
    [null],
    [f, f],
    [f, { ...f }],
    [{}],
    [{ ...f, name: 7 }],
    [{ ...f, namespace: undefined }],
    [{ ...f, namespace: 'extism:host/env' }],
    [{ ...f, params: undefined }],
    [{ ...f, params: ['i16'] }],
    [{ ...f, params: 'i32' }],
    [{ ...f, results: [undefined] }],
    [{ ...f, results: ['constructor'] }],
    [{ ...f, implementation: 'f' }],
  ],
  config: [null, 'a', 7, { a: 1 }, { a: 'b', c: null }, ['a'], new Map([['a', 'b']])],
  telemetry: [null, {}, log, { log }, { counter: log }, { log: 1, counter: 2 }],
  logLevel: ['warning', 'OFF', 3, null, ''],
  name: [7, null, ['a']],
};

for (const [name, values] of Object.entries(refused)) {
  values.forEach((value, index) => {
    options(`${name}: ${Object.prototype.toString.call(value)} (${index}) is refused by name`, () => {
      // The cast passes what the types forbid, which is what this test is about.
      const wrong = { [name]: value } as PluginOptions;
      for (const run of [() => checkOptions(wrong), () => buildPlugin(moduleOf(), wrong)]) {
        const failure = failureOf(BuildPluginError, run);
        assert.is(failure.kind, 'InvalidArgument');
        if (failure.kind !== 'InvalidArgument') return;
        assert.is(failure.argument, `options.${name}`);
        assert.ok(failure.expected.length > 0);
      }
    });
  });
}

const accepted: { readonly [K in keyof PluginOptions]-?: readonly PluginOptions[K][] } = {
  wallMs: [undefined, 0, 1.5, 1e9, Number.POSITIVE_INFINITY],
  fuel: [undefined, 0, 1, 2 ** 53, Number.POSITIVE_INFINITY],
  memoryMaxPages: [undefined, 0, 65536, Number.POSITIVE_INFINITY],
  initialMemoryMaxPages: [undefined, 0, 65536, Number.POSITIVE_INFINITY],
  tableMaxEntries: [undefined, 0, 100_000, Number.POSITIVE_INFINITY],
  stackSlots: [undefined, 1_024, 65_536, 4_194_304],
  maxVarBytes: [undefined, 0, 1, Number.POSITIVE_INFINITY],
  functions: [undefined, [], [f], [f, { ...f, name: 'g' }, { ...f, namespace: 'own' }]],
  config: [undefined, {}, { a: 'b' }, Object.assign(Object.create(null), { a: 'b' })],
  telemetry: [undefined, { log, counter: log }],
  logLevel: [undefined, 'trace', 'debug', 'info', 'warn', 'error', 'off'],
  name: [undefined, '', 'a plugin'],
};
for (const [name, values] of Object.entries(accepted)) {
  values.forEach((value, index) => {
    options(`${name}: ${typeof value} (${index}) is accepted`, () => {
      checkOptions({ [name]: value });
      buildPlugin(moduleOf(), { [name]: value }).dispose();
    });
  });
}

for (const wrong of [null, 'x', 7, true]) {
  options(`options that are ${String(wrong)} are refused`, () => {
    const expected = { kind: 'InvalidArgument', argument: 'options', expected: 'an object' };
    // As above.
    assert.equal(
      failureOf(BuildPluginError, () => buildPlugin(moduleOf(), wrong as unknown as PluginOptions)),
      expected,
    );
  });
}

options('the error names the first wrong option, and does not show its value', () => {
  const wrong = { fuel: -7.25, name: 'fine' };
  const { message } = new BuildPluginError(failureOf(BuildPluginError, () => checkOptions(wrong)));
  assert.match(message, 'options.fuel must be a number from 0 up, or Infinity');
  assert.not.match(message, '7.25');
});

const misfits: Readonly<Record<keyof CompileOptions, readonly unknown[]>> = {
  metering: [0, 'no', null],
  limits: [-1, '7', null],
  allowGc: ['yes', 1],
  allowSharedMemory: ['yes', null],
  kernel: ['lnked', null, true],
  cache: [0, 'off', null],
};
for (const [name, values] of Object.entries(misfits)) {
  for (const value of values) {
    options(`for compiling, ${name}: ${String(value)} is refused`, async () => {
      // Wrong on purpose: a host in JavaScript may pass such options.
      const wrong = { [name]: value } as CompileOptions;
      const refused = failureOf(BuildPluginError, () => compilePlugin(moduleOf(), wrong));
      assert.ok(refused.kind === 'InvalidArgument' && refused.argument === `options.${name}`, JSON.stringify(refused));
      assert.is(failureOf(BuildPluginError, () => preparePlugin(moduleOf(), wrong)).kind, 'InvalidArgument');
      const rejected = await compilePluginAsync(moduleOf(), wrong).catch((error) => error);
      assert.ok(rejected instanceof BuildPluginError && rejected.failure.kind === 'InvalidArgument');
    });
  }
}

options.run();
