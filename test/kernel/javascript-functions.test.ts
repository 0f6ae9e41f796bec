import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type KernelLogLevel, logLevels } from '../../src/kernel/functions.ts';
import { createKernel, type Kernel } from '../../src/kernel/kernel.ts';
import type { KernelOptions } from '../../src/kernel/options.ts';
import { thrownBy } from '../support/failure.ts';

const environment = suite('kernel functions in JavaScript');

const text = (kernel: Kernel, value: string): bigint => kernel.memory.writeText(value);
const read = (kernel: Kernel, handle: bigint): string => kernel.memory.text(handle, 'it');

/**
 * The reason for which the kernel ends the call of a function. It traps, which no plugin can catch.
 */
function reason(kernel: Kernel, run: () => unknown): string {
  assert.instance(thrownBy(run), WebAssembly.RuntimeError);
  const { failure } = kernel;
  assert.is(failure?.kind, 'KernelFunction');
  return `${failure?.function}: ${failure?.reason}`;
}

const INVALID = 12345n;

environment('config_get returns a copy of the value, and frees the key', () => {
  const kernel = createKernel({ config: { größe: 'füñf', empty: '' } });
  const key = text(kernel, 'größe');
  const value = kernel.exports.config_get(key);
  assert.is(read(kernel, value), 'füñf');
  kernel.exports.store_u8(value, 0x21);
  assert.is(read(kernel, kernel.exports.config_get(text(kernel, 'größe'))), 'füñf');
  const unknown = text(kernel, 'unknown');
  assert.is(kernel.exports.config_get(unknown), 0n);
  assert.is(kernel.exports.length(unknown), 0n);
  assert.is(kernel.exports.config_get(text(kernel, 'empty')), 0n);
});

environment('config_get knows only the configured names', () => {
  const kernel = createKernel({ config: JSON.parse('{"__proto__":"own","":"nameless"}') });
  assert.is(read(kernel, kernel.exports.config_get(text(kernel, '__proto__'))), 'own');
  assert.is(kernel.exports.config_get(text(kernel, 'constructor')), 0n);
  assert.is(read(kernel, kernel.exports.config_get(0n)), 'nameless');
  assert.is(createKernel().exports.config_get(0n), 0n);
});

for (const call of ['config_get', 'var_get'] as const) {
  environment(`${call}: the value never lies in the key's block, even if memory must grow`, () => {
    const kernel = createKernel({ config: { k: 'value' } });
    const { alloc, free, length } = kernel.exports;
    kernel.exports.var_set(text(kernel, 'k'), text(kernel, 'value'));
    // Until there is room for the key, but not for the value.
    while (alloc(8n) + 8n + 48n <= 65_536n);
    const key = text(kernel, 'k');
    const value = kernel.exports[call](key);
    assert.is.not(value, key);
    free(key);
    assert.is(length(value), 5n);
    assert.is(read(kernel, value), 'value');
  });
}

environment('later changes to the config object have no effect', () => {
  const config = { key: 'then' };
  const kernel = createKernel({ config });
  config.key = 'now';
  assert.is(read(kernel, kernel.exports.config_get(text(kernel, 'key'))), 'then');
});

environment('var_set and var_get copy, and free their arguments', () => {
  const kernel = createKernel();
  const [key, value] = [text(kernel, 'k'), text(kernel, 'value')];
  kernel.exports.var_set(key, value);
  assert.equal([kernel.exports.length(key), kernel.exports.length(value)], [0n, 0n]);
  kernel.exports.store_u8(value, 0x21);
  const copy = kernel.exports.var_get(text(kernel, 'k'));
  assert.is(read(kernel, copy), 'value');
  kernel.exports.store_u8(copy, 0x21);
  assert.is(read(kernel, kernel.exports.var_get(text(kernel, 'k'))), 'value');
});

environment('var_set replaces, and with value 0 removes', () => {
  const kernel = createKernel();
  kernel.exports.var_set(text(kernel, 'k'), text(kernel, 'one'));
  kernel.exports.var_set(text(kernel, 'k'), text(kernel, 'two'));
  assert.is(read(kernel, kernel.exports.var_get(text(kernel, 'k'))), 'two');
  const key = text(kernel, 'k');
  kernel.exports.var_set(key, 0n);
  assert.is(kernel.exports.length(key), 0n);
  assert.is(kernel.exports.var_get(text(kernel, 'k')), 0n);
  kernel.exports.var_set(text(kernel, 'never set'), 0n);
  const unknown = text(kernel, 'never set');
  assert.is(kernel.exports.var_get(unknown), 0n);
  assert.is(kernel.exports.length(unknown), 0n);
});

environment('a variable may be set under the empty key, and from one block as key and value', () => {
  const kernel = createKernel();
  kernel.exports.var_set(0n, text(kernel, 'nameless'));
  assert.is(read(kernel, kernel.exports.var_get(0n)), 'nameless');
  const both = text(kernel, 'both');
  kernel.exports.var_set(both, both);
  assert.is(read(kernel, kernel.exports.var_get(text(kernel, 'both'))), 'both');
});

environment('variables outlive a call, blocks do not', () => {
  const kernel = createKernel();
  kernel.begin('');
  kernel.exports.var_set(text(kernel, 'k'), text(kernel, 'value'));
  kernel.begin('');
  assert.is(read(kernel, kernel.exports.var_get(text(kernel, 'k'))), 'value');
});

environment('the default limit of all variables is 1 MiB, exactly', () => {
  for (const [extra, fits] of [
    [0, true],
    [1, false],
  ] as const) {
    const kernel = createKernel();
    const value = kernel.memory.write(new Uint8Array(1_048_576 - 48 - 1 + extra));
    const set = (): void => kernel.exports.var_set(text(kernel, 'k'), value);
    if (fits) set();
    else assert.match(reason(kernel, set), /^var_set: the variable store is full/);
    kernel.begin('');
    assert.is(kernel.exports.var_get(text(kernel, 'k')) === 0n, !fits);
  }
});

environment('a refused var_set changes nothing', () => {
  const kernel = createKernel({ maxVarBytes: 48 + 1 + 3 });
  kernel.exports.var_set(text(kernel, 'k'), text(kernel, 'old'));
  assert.match(
    reason(kernel, () => kernel.exports.var_set(text(kernel, 'k'), text(kernel, 'new'))),
    'var_set: the variable store is full: 104 bytes needed, 52 allowed',
  );
  kernel.begin('');
  assert.is(read(kernel, kernel.exports.var_get(text(kernel, 'k'))), 'old');
});

environment('with limit 0 every var_set ends the call, and var_get still works', () => {
  for (const value of [0n, 1n]) {
    const kernel = createKernel({ maxVarBytes: 0 });
    const handle = value === 0n ? 0n : text(kernel, 'v');
    assert.match(
      reason(kernel, () => kernel.exports.var_set(text(kernel, 'k'), handle)),
      /disabled/,
    );
    kernel.begin('');
    assert.is(kernel.exports.var_get(text(kernel, 'k')), 0n);
  }
  const kernel = createKernel({ maxVarBytes: 0 });
  const key = kernel.memory.write(new Uint8Array([0xff]));
  // Reported before any other fault, as in the reference.
  for (const [keyHandle, valueHandle] of [
    [INVALID, 0n],
    [0n, INVALID],
    [key, 0n],
  ] as const) {
    assert.match(
      reason(kernel, () => kernel.exports.var_set(keyHandle, valueHandle)),
      /disabled/,
    );
  }
});

const invalidHandles: readonly (readonly [what: string, run: (kernel: Kernel) => unknown])[] = [
  ['config_get', ({ exports }) => exports.config_get(INVALID)],
  ['var_get', ({ exports }) => exports.var_get(INVALID)],
  ['var_set', ({ exports }) => exports.var_set(INVALID, 0n)],
  ['var_set', (kernel) => kernel.exports.var_set(text(kernel, 'k'), INVALID)],
  ['http_request', ({ exports }) => exports.http_request(INVALID, 0n)],
  ['log_info', ({ exports }) => exports.log_info(INVALID)],
];
invalidHandles.forEach(([name, run], index) => {
  environment(`an invalid handle given to ${name} ends the call (${index})`, () => {
    const kernel = createKernel({ logLevel: 'info' });
    assert.match(
      reason(kernel, () => run(kernel)),
      `${name}: invalid handle ${INVALID}`,
    );
  });
  environment(`a handle into the middle of a block is invalid for ${name} (${index})`, () => {
    const kernel = createKernel({ logLevel: 'info' });
    // 12345 is block start 2048 plus 10297.
    kernel.memory.write(new Uint8Array(20_000));
    assert.match(
      reason(kernel, () => run(kernel)),
      `${name}: invalid handle ${INVALID}`,
    );
  });
});

const notUtf8 = new Uint8Array([0x6b, 0xff]);
environment('a key that is not UTF-8 ends the call', () => {
  const run: readonly (readonly [string, (kernel: Kernel, key: bigint) => unknown])[] = [
    ['config_get: the configuration key', ({ exports }, key) => exports.config_get(key)],
    ['var_get: the variable key', ({ exports }, key) => exports.var_get(key)],
    ['var_set: the variable key', ({ exports }, key) => exports.var_set(key, 0n)],
  ];
  for (const [what, call] of run) {
    const kernel = createKernel();
    assert.match(
      reason(kernel, () => call(kernel, kernel.memory.write(notUtf8))),
      `${what} is not valid UTF-8`,
    );
  }
});

environment('a value need not be UTF-8', () => {
  const kernel = createKernel();
  kernel.exports.var_set(text(kernel, 'k'), kernel.memory.write(notUtf8));
  assert.equal([...kernel.memory.block(kernel.exports.var_get(text(kernel, 'k')))], [0x6b, 0xff]);
});

/** A kernel that keeps what is logged. */
function logging(options: KernelOptions = {}): { kernel: Kernel; logged: [KernelLogLevel, string][] } {
  const logged: [KernelLogLevel, string][] = [];
  return { kernel: createKernel({ log: (level, message) => logged.push([level, message]), ...options }), logged };
}

for (const [least, from] of [...logLevels.map((level, index) => [level, index] as const), ['off', 5] as const]) {
  environment(`at level ${least} messages below it are dropped, and their blocks freed`, () => {
    const { kernel, logged } = logging({ logLevel: least });
    for (const level of logLevels) {
      const message = text(kernel, `at ${level}`);
      kernel.exports[`log_${level}`](message);
      assert.is(kernel.exports.length(message), 0n);
    }
    assert.equal(
      logged,
      logLevels.slice(from).map((level) => [level, `at ${level}`]),
    );
    assert.is(kernel.exports.get_log_level(), from === 5 ? 2147483647 : from);
  });
}

environment('nothing is logged by default', () => {
  const { kernel, logged } = logging();
  kernel.exports.log_error(text(kernel, 'x'));
  assert.equal(logged, []);
  assert.is(kernel.exports.get_log_level(), 2147483647);
});

environment('a level that is not enabled accepts any handle', () => {
  const { kernel } = logging({ logLevel: 'warn' });
  kernel.exports.log_info(INVALID);
  kernel.exports.log_info(-1n);
  assert.is(kernel.failure, undefined);
});

environment('log text that is not UTF-8 is decoded leniently; handle 0 is empty', () => {
  const { kernel, logged } = logging({ logLevel: 'trace' });
  kernel.exports.log_warn(kernel.memory.write(new Uint8Array([0x61, 0xff, 0xe2, 0x82, 0x62])));
  kernel.exports.log_trace(0n);
  assert.equal(logged, [
    ['warn', 'a\uFFFD\uFFFDb'],
    ['trace', ''],
  ]);
});

environment('a log that throws ends the call', () => {
  const kernel = createKernel({
    logLevel: 'info',
    log: () => {
      throw new Error('the disk is full');
    },
  });
  assert.is(
    reason(kernel, () => kernel.exports.log_info(text(kernel, 'x'))),
    'log_info: the disk is full',
  );
});

environment('the first reason is kept; a new call begins without', () => {
  const kernel = createKernel();
  reason(kernel, () => kernel.exports.var_get(INVALID));
  thrownBy(() => kernel.exports.config_get(7n));
  assert.is(kernel.failure?.function, 'var_get');
  // The kernel has ended the call: even a valid use traps.
  assert.instance(
    thrownBy(() => kernel.exports.config_get(0n)),
    WebAssembly.RuntimeError,
  );
  kernel.begin('');
  assert.is(kernel.failure, undefined);
  assert.is(kernel.exports.config_get(0n), 0n);
});

environment.run();
